package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;

/** {@link DirectorySpool#file}. */
class PayloadFileTest extends SpoolTest {

  /** One that is handed out from memory, and one that is not. */
  @ParameterizedTest
  @ValueSource(ints = {10, 1 << 20})
  void ofAClaimIsItsEntryAndThePayloadIsItsEnd(int size) throws Exception {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 'x');
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of(bytes).attribute("to", "you"));
    try (Claim claim = Lab.claim(spool)) {
      Path file = DirectorySpool.file(claim.payload()).orElseThrow();
      assertEquals(lab.only("cur").toRealPath(), file);
      assertTrue(file.isAbsolute());
      byte[] stored = Files.readAllBytes(file);
      assertTrue(new String(stored, 0, stored.length - size, US_ASCII).startsWith("to: you\n"));
      assertArrayEquals(bytes, Arrays.copyOfRange(stored, stored.length - size, stored.length));
    }
  }

  @Test
  void ofAClaimIsGoneOnceItIsSettled() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Path file = DirectorySpool.file(claim.payload()).orElseThrow();
    claim.complete();
    assertFalse(Files.exists(file));
  }

  @Test
  void ofAnotherPayloadThereIsNone() throws Exception {
    DirectorySpool spool = lab.open();
    JobId id = spool.enqueue(Job.of("x"));
    Payload moving = spool.inspector().read(id).orElseThrow().payload();
    assertEquals(Optional.empty(), DirectorySpool.file(moving));
    assertEquals(Optional.empty(), DirectorySpool.file(Payload.of("x")));
  }
}
