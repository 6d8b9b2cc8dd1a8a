package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.JobId;

/** R5 for keys: the time of the file system is set by asking the sweeper as if it were later. */
@Timeout(60)
final class AbandonedKeyTest {

  private static final Duration NEARLY = Sweeper.ABANDONED.minusMinutes(5);
  private static final Duration LONG = Sweeper.ABANDONED.plusMinutes(5);

  @TempDir private Path scratch;
  private Path root;
  private DirectorySpool spool;
  private Sweeper sweeper;

  @BeforeEach
  void open() throws Exception {
    root = scratch.resolve("spool");
    spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS);
    Ground ground = Ground.of(root);
    SpoolLayout layout = SpoolLayout.open(ground.ops(), root);
    sweeper = new Sweeper(Site.of(layout, HostileNamesLife.OPTIONS, ground));
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
  }

  private void sweepAfter(Duration age) throws Exception {
    sweeper.sweep(true, Instant.now().plus(age));
  }

  @Test
  void theDraftOfAKeyIsSweptAfter36Hours() throws Exception {
    String unique = UniqueNames.OF_THIS_PROCESS.next();
    Path written = Files.writeString(root.resolve("tmp").resolve(unique), "x");
    Path draft = Files.createDirectory(root.resolve("keys").resolve(unique));
    Files.createLink(draft.resolve(unique + ",S=1"), written);
    sweepAfter(Duration.ZERO);
    sweepAfter(NEARLY);
    assertEquals(List.of(unique), Shell.names(root.resolve("keys")));
    assertEquals(List.of(unique + ",S=1"), Shell.names(draft));
    assertTrue(Files.exists(written));
    sweepAfter(LONG);
    assertEquals(List.of(), Shell.names(root.resolve("keys")));
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
  }

  @Test
  void theKeyOfAJobThatLivesIsNeverSwept() throws Exception {
    JobId job = spool.enqueue(Job.of("x").key("k"));
    sweepAfter(LONG);
    assertEquals(job, spool.enqueue(Job.of("y").key("k")));
  }

  @Test
  void theKeyOfAJobThatIsGoneIsSweptAtOnce() throws Exception {
    spool.enqueue(Job.of("x").key("k"));
    Files.delete(Shell.only(root.resolve("new")));
    sweepAfter(Duration.ZERO);
    assertEquals(List.of(), Shell.names(root.resolve("keys")));
  }

  @Test
  void aKeyThatIsBeingPublishedIsNotSwept() throws Exception {
    JobId job = spool.enqueue(Job.of("x").key("k"));
    Path published = Shell.only(root.resolve("new"));
    Files.move(published, root.resolve("tmp").resolve(job.value())); // before E4
    sweepAfter(NEARLY);
    assertEquals(job, spool.enqueue(Job.of("y").key("k")));
    assertEquals(1, Shell.names(root.resolve("new")).size());
  }
}
