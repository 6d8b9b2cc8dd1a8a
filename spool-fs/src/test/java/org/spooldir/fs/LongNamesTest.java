package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.fs.Evidence.Section;

/** Names as long as a file system takes them, through every state. */
@Tag("proof")
final class LongNamesTest {

  private static final int LONGEST = 255;
  private static final int LONGEST_OF_OURS = 180;

  /** One char per byte. */
  private static final List<String> NAMES =
      List.of(
          "x".repeat(LONGEST),
          "\u00ff".repeat(LONGEST),
          "1795000000.M1P1." + "h".repeat(LONGEST - 20) + ":2,S",
          ours());

  @TempDir private Path directory;

  /** The longest that a producer makes. */
  private static String ours() {
    String begin = "1795000000.M000001P4194304Q1R0123456789abcdef.";
    String end = ",S=0,C=00000000,P=9";
    return begin + "h".repeat(LONGEST_OF_OURS - begin.length() - end.length()) + end;
  }

  @Test
  void theyGoThroughEveryState() throws Exception {
    Path root = directory.resolve("spool");
    try (DirectorySpool spool = DirectorySpool.create(root, HostileNamesLife.OPTIONS)) {
      for (String name : NAMES) {
        Shell.deliver(root, name, new byte[0]);
        Claim claim = Lab.claim(spool);
        List<JobId> ids = List.of(claim.id());
        stands(root, "cur");
        claim.retry(Lab.LONG, "busy");
        stands(root, "delayed");
        assertEquals(ids, spool.maintenance().hold(ids).changed());
        stands(root, "held");
        assertEquals(ids, spool.maintenance().unhold(ids).changed());
        assertEquals(ids, spool.maintenance().retryNow(ids).changed());
        stands(root, "new");
        Lab.claim(spool).reject("never");
        stands(root, "failed");
        assertEquals(ids, spool.maintenance().requeue(ids).changed());
        Claim last = Lab.claim(spool);
        assertEquals(ids, List.of(last.id()));
        last.complete();
        assertEquals(List.of(), Shell.names(root.resolve("errors")));
      }
    }
    Evidence.of(Section.FULL_AND_FAILING, "names of 255 bytes, and our own at their longest")
        .row(
            NAMES.size() + " names",
            "through claim, retry, hold, unhold, retryNow, reject, requeue and complete",
            "all went through, one job each, never over 255 bytes");
  }

  /** Names that are the same but for their ends, and one that comes again and again. */
  private static final List<String> ALIKE =
      List.of(
          "y".repeat(LONGEST - 1) + "1",
          "y".repeat(LONGEST - 1) + "2",
          "y".repeat(140) + "z".repeat(60),
          "y".repeat(LONGEST_OF_OURS - 1) + "1",
          "y".repeat(LONGEST_OF_OURS - 1) + "2",
          "y".repeat(LONGEST_OF_OURS - 1) + "2",
          "again",
          "again");

  @Test
  void thoseThatAreAlikeStayAJobEach() throws Exception {
    Path root = directory.resolve("spool");
    TreeSet<String> payloads = new TreeSet<>();
    try (DirectorySpool spool = DirectorySpool.create(root, HostileNamesLife.OPTIONS)) {
      for (String name : ALIKE) {
        String payload = "payload " + payloads.size();
        payloads.add(payload);
        Shell.deliver(root, name, payload.getBytes(US_ASCII));
        Claim claim = Lab.claim(spool);
        assertEquals(payload, claim.payload().text());
        claim.retry(Lab.LONG, "busy");
      }
      List<JobId> ids = Aftermath.ids(spool, JobState.DELAYED);
      assertEquals(ALIKE.size(), Set.copyOf(ids).size(), ids::toString);
      assertEquals(ALIKE.size(), Shell.names(root.resolve("errors")).size());
      assertEquals(ids, spool.maintenance().retryNow(ids).changed());
      TreeSet<String> found = new TreeSet<>();
      for (int i = 0; i < ALIKE.size(); i++) {
        Claim claim = Lab.claim(spool);
        found.add(claim.payload().text());
        claim.complete();
      }
      assertEquals(payloads, found);
    }
    Evidence.of(Section.FULL_AND_FAILING, "foreign names that differ at their ends only, or not")
        .row(
            ALIKE.size() + " deliveries",
            "a job each, with its own payload, its own id and its own notes",
            "all claimed, retried and completed");
  }

  private static void stands(Path root, String state) throws Exception {
    List<String> names = Shell.names(root.resolve(state));
    assertEquals(1, names.size(), () -> state + ": " + names);
    assertTrue(names.get(0).length() <= LONGEST, names::toString);
  }
}
