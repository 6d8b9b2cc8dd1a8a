package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/**
 * What file modes forbid. They forbid root nothing: a child gives up the capability to pass by
 * them. Needs root all the same, so that it is the same everywhere.
 */
@Tag("privileged")
class UnprivilegedTest extends SpoolTest {

  private static final List<String> WITHOUT_PASSING_BY_MODES =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

  private void run(Class<?> main, Path... arguments) throws Exception {
    ChildJvm.run(WITHOUT_PASSING_BY_MODES, Map.of(), main, arguments);
  }

  private static void mode(Path file, String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Set<JobId> ids(SpoolInspector inspector, JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = inspector.list(Set.of(state))) {
      return Set.copyOf(jobs.map(JobSnapshot::id).toList());
    }
  }

  @Test
  void aForeignFileThatMayNotBeReadIsADeadLetter() throws Exception {
    mode(lab.deliver("1.unreadable", "x"), "---------");
    lab.deliver("2.good", "good");
    run(ClaimsTheReadable.class, lab.root);
    assertEquals(List.of(), lab.names("failed"));
  }

  static final class ClaimsTheReadable {
    private ClaimsTheReadable() {}

    public static void main(String[] arguments) throws Exception {
      try (DirectorySpool spool = DirectorySpool.open(Path.of(arguments[0]))) {
        Claim claim = spool.claim().orElseThrow();
        assertEquals("good", claim.payload().text());
        claim.complete();
        assertEquals(Optional.empty(), spool.claim());
        JobId id = ids(spool.inspector(), JobState.FAILED).iterator().next();
        SpoolException thrown =
            assertThrows(SpoolException.class, () -> spool.inspector().read(id));
        assertTrue(thrown.getMessage().contains("permission denied"), thrown.getMessage());
        assertEquals(List.of(id), spool.maintenance().discard(List.of(id)).changed());
      }
    }
  }

  @Test
  void aDirectoryThatMayNotBeWrittenIsToldAndNothingIsLost() throws Exception {
    lab.open().enqueue(Job.of("x"));
    mode(lab.root.resolve("cur"), "r-x------");
    run(IsRefusedTheClaim.class, lab.root);
    mode(lab.root.resolve("cur"), "rwx------");
    assertEquals("x", Lab.claim(lab.open()).payload().text());
  }

  static final class IsRefusedTheClaim {
    private IsRefusedTheClaim() {}

    public static void main(String[] arguments) throws Exception {
      try (DirectorySpool spool = DirectorySpool.open(Path.of(arguments[0]))) {
        SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
        assertTrue(thrown.getMessage().contains("permission denied"), thrown.getMessage());
      }
    }
  }

  @Test
  void aSpoolThatMayNotBeReadIsRefusedWithWhatToDo() throws Exception {
    for (String each : List.of(".", "spool.format", "new", "held")) {
      mode(lab.root.resolve(each), "---------");
      run(IsRefusedTheSpool.class, lab.root);
      mode(lab.root.resolve(each), "rwx------");
    }
  }

  static final class IsRefusedTheSpool {
    private IsRefusedTheSpool() {}

    public static void main(String[] arguments) {
      Path root = Path.of(arguments[0]);
      for (var thrown :
          List.of(
              assertThrows(SpoolException.class, () -> DirectorySpool.open(root)),
              assertThrows(SpoolException.class, () -> DirectorySpool.openOrCreate(root)))) {
        assertTrue(thrown.getMessage().contains("permission denied"), thrown.getMessage());
      }
    }
  }

  @Test
  void lookingNeedsReadPermissionOnly() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueueAll(List.of(Job.of("x").attribute("a", "b"), Job.of("y")));
    Lab.claim(spool).retry(Lab.LONG, "busy");
    Lab.claim(spool);
    try (Stream<Path> all = Files.walk(lab.root)) {
      for (Path each : all.toList()) {
        mode(each, Files.isDirectory(each) ? "r-x------" : "r--------");
      }
    }
    Tree before = Tree.of(lab.root);
    run(Looks.class, lab.root);
    assertEquals(before, Tree.of(lab.root));
  }

  static final class Looks {
    private Looks() {}

    public static void main(String[] arguments) throws Exception {
      SpoolInspector inspector = DirectorySpool.inspect(Path.of(arguments[0]));
      assertEquals(1, inspector.stats().jobs(JobState.CLAIMED));
      JobId id = ids(inspector, JobState.DELAYED).iterator().next();
      assertEquals("x", inspector.read(id).orElseThrow().payload().text());
      assertEquals("busy", inspector.read(id).orElseThrow().failures().get(0).reason());
    }
  }
}
