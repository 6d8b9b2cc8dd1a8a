package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFormatException;

/** E1 to E5 in a drop box. The system's part is played: it says who may not look. */
class DropBoxStepsTest extends SpoolTest {

  private final Shorthand shorthand = new Shorthand();

  @BeforeEach
  void makeItADropBox() throws Exception {
    Files.writeString(lab.root.resolve("spool.format"), "spool 1 access=dropbox\n");
  }

  private DirectorySpool openAsMember(SpoolOptions options) throws Exception {
    lab.faults.on("(requireDirectory|list) .*").fails(new AccessDeniedException("denied"));
    lab.faults.on("forceDirectory .*").fails(new AccessDeniedException("denied"));
    return lab.open(options);
  }

  private DirectorySpool openAsMember() throws Exception {
    return openAsMember(Lab.OPTIONS);
  }

  private List<String> enqueue(DirectorySpool spool, Job... jobs) {
    return shorthand.changes(lab.faults.during(() -> spool.enqueueAll(List.of(jobs))));
  }

  private static List<Job> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> Job.of("job " + i)).toList();
  }

  @Test
  void aMemberForcesTheFileInPlaceOfTheDirectories() throws Exception {
    assertEquals(
        List.of(
            "create tmp/J1", // E1
            "write tmp/J1",
            "chmod 640 tmp/J1",
            "force tmp/J1", // E2
            "rename tmp/J1 new/J1", // E4
            "force tmp/J1"), // E5: the descriptor keeps the name that it was opened by
        enqueue(openAsMember(), Job.of("x")));
    assertEquals(1, lab.events.size());
  }

  @Test
  void theOwnerDoesAsInAnySpool() throws Exception {
    assertEquals(
        List.of(
            "create tmp/J1",
            "write tmp/J1",
            "chmod 640 tmp/J1",
            "force tmp/J1",
            "forceDirectory tmp",
            "rename tmp/J1 new/J1",
            "forceDirectory new"),
        enqueue(lab.open(), Job.of("x")));
  }

  @Test
  void nothingIsForcedAtLevelProcess() throws Exception {
    assertEquals(
        List.of("create tmp/J1", "write tmp/J1", "chmod 640 tmp/J1", "rename tmp/J1 new/J1"),
        enqueue(openAsMember(Lab.OPTIONS.durability(Durability.PROCESS)), Job.of("x")));
  }

  @Test
  void fewFilesAreOpenAtATime() throws Exception {
    DirectorySpool spool = openAsMember();
    List<String> calls = lab.faults.during(() -> spool.enqueueAll(jobs(200)));
    int written = 0;
    int most = 0;
    for (String call : calls) {
      written = call.startsWith("rename") ? 0 : written + (call.startsWith("create") ? 1 : 0);
      most = Math.max(most, written);
    }
    assertEquals(128, most);
    assertEquals(200, lab.names("new").size());
    assertEquals(400, lab.faults.count("force tmp/.*"));
    assertEquals(List.of(), Shell.open(lab.root));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"create tmp/.*", "write tmp/.*", "chmod .*", "force tmp/.*", "rename tmp/.*"})
  void anErrorBeforeTheJobIsVisibleLeavesNothing(String step) throws Exception {
    DirectorySpool spool = openAsMember();
    lab.faults.on(step).nth(2).fails(Faults.broken());
    SpoolException e =
        assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(2)), () -> step);
    List<String> in = step.startsWith("rename") ? List.of(lab.names("new").get(0)) : List.of();
    assertEquals(in, lab.names("new"));
    assertEquals(in.size(), e.enqueued().size());
    assertEquals(List.of(), lab.names("tmp"));
    int forced = step.startsWith("rename") ? 3 : step.startsWith("force") ? 2 : 0;
    assertEquals(forced, lab.faults.count("force tmp/.*"), "what is not published is not forced");
    assertEquals(List.of(), Shell.open(lab.root));
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAnOwnerStaysOpen(Durability level) throws Exception {
    DirectorySpool spool = lab.open(Lab.OPTIONS.durability(level));
    spool.enqueue(Job.of("x"));
    spool.enqueueAll(List.of(Job.of("y"), Job.of("z").key("k")));
    assertEquals(List.of(), Shell.open(lab.root));
  }

  @Test
  void aSecondForceThatFailsLeavesTheOutcomeUnknownAndIsNotTriedAgain() throws Exception {
    DirectorySpool spool = openAsMember();
    lab.faults.on("force tmp/.*").nth(2).fails(Faults.broken());
    EnqueueUncertainException e =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(InSpool.UNKNOWN, e.jobIn());
    assertEquals(1, e.ids().size());
    assertTrue(lab.names("new").get(0).startsWith(e.ids().get(0).value()));
    assertEquals(2, lab.faults.count("force tmp/.*"));
    assertEquals(List.of(), lab.events);
  }

  @Test
  void whatNeedsTheOwnersDirectoriesIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    DirectorySpool spool = openAsMember();
    for (Job job :
        List.of(
            Job.of("x").key("k"),
            Job.of("x").delay(Lab.LONG),
            Job.of("x").notBefore(lab.time.instant().plusSeconds(1)),
            Job.of(Payload.adopt(file)))) {
      lab.faults.forget();
      SpoolException e =
          assertThrows(SpoolException.class, () -> spool.enqueueAll(List.of(Job.of("first"), job)));
      assertTrue(e.getMessage().contains("only the owner of this drop box can"), e.getMessage());
      assertEquals(InSpool.NO, e.jobIn());
      assertInstanceOf(AccessDeniedException.class, e.getCause());
      assertEquals(List.of(), lab.faults.matching("(create|link|mkdir|rename) .*"));
    }
    assertTrue(Files.exists(file));
    assertNotNull(spool.enqueue(Job.of("x").notBefore(lab.time.instant())));
  }

  @Test
  void workersAndOperatorsAreRefused() throws Exception {
    DirectorySpool spool = openAsMember();
    JobId id = spool.enqueue(Job.of("x"));
    lab.faults.forget();
    for (Executable act :
        List.<Executable>of(
            spool::claim,
            () -> spool.claim(Lab.LONG),
            () -> spool.maintenance().recover(),
            () -> spool.maintenance().hold(List.of(id)),
            () -> spool.maintenance().discard(List.of(id)),
            () -> spool.maintenance().purge(JobState.DONE, Lab.LONG),
            () -> spool.maintenance().purgeable(JobState.DONE, Lab.LONG))) {
      SpoolException e = assertThrows(SpoolException.class, act);
      assertTrue(e.getMessage().contains("run as the owner of this drop box"), e.getMessage());
      assertInstanceOf(AccessDeniedException.class, e.getCause());
    }
    assertEquals(List.of(), shorthand.changes(lab.faults.matching(".*")));
  }

  @Test
  void whatIsMissingIsSeenByAMemberToo() throws Exception {
    lab.faults.on("requireDirectory held").fails(new NoSuchFileException("held"));
    assertThrows(SpoolFormatException.class, this::openAsMember);
  }

  @Test
  void aPrivateSpoolIsOpenedByThoseWhoMayReadAllOfIt() throws Exception {
    Files.writeString(lab.root.resolve("spool.format"), "spool 1\n");
    lab.faults.on("requireDirectory keys").fails(new AccessDeniedException("denied"));
    assertThrows(SpoolException.class, lab::open);
  }

  @Test
  void itIsMadeWithItsModesWhateverWasThere() throws Exception {
    Path root = directory.resolve("box");
    for (String name : SpoolLayout.MAILDIR) {
      Files.createDirectories(root.resolve(name)); // with the modes of this process' umask
    }
    DirectorySpool.adopt(root, Lab.OPTIONS.access(Access.DROPBOX)).close();
    assertEquals(0710, mode(root));
    for (String name : SpoolLayout.DIRECTORIES) {
      boolean drop = List.of("tmp", "new").contains(name);
      assertEquals(drop ? 03730 : 0700, mode(root.resolve(name)), name);
    }
    assertEquals(0640, mode(root.resolve("spool.format")));
  }

  private static int mode(Path path) throws Exception {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }

  @Test
  void aListenerHearsOfAJobAfterItWasForcedAgain() throws Exception {
    DirectorySpool spool = openAsMember();
    lab.faults.on("force tmp/.*").nth(2).first(() -> assertEquals(List.of(), lab.events));
    JobId id = spool.enqueue(Job.of("x"));
    assertEquals(List.of(new SpoolEvent.Enqueued(id)), lab.events);
  }
}
