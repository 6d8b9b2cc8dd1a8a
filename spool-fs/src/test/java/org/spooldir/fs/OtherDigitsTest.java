package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;

/** Where people write other digits than 0 to 9, the formatter of Java does so, too. */
class OtherDigitsTest extends SpoolTest {

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "mr-IN"})
  void whatIsWrittenAndToldIsAscii(String locale) throws Exception {
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertNotEquals("1", String.format("%d", 1));

    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    claim.reject("no");
    assertEquals(1, spool.inspector().failures(claim.id()).get(0).attempt());

    Files.writeString(lab.root.resolve("failed").resolve(lab.unique() + ",S=5"), "shorter");
    List<Finding> told = new ArrayList<>();
    SpoolCheck.of(lab.root).check(told::add);
    assertTrue(told.toString().contains("size is 7, S= says 5"), told::toString);

    WorkerIdentity self = WorkerIdentity.ofThisProcess(Lab.LONG);
    byte[] written = self.text(0).getBytes(US_ASCII);
    assertEquals(Optional.of(self), WorkerIdentity.parse(new String(written, US_ASCII)));
    lab.abandonedBy("host.1.abcdefg"); // R1 reads what that one has written
    assertEquals(List.of("host.1.abcdefg"), spool.maintenance().recover().deadWorkers());
  }
}
