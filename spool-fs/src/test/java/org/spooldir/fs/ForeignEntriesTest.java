package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.CorruptEntryException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolException;

/** What other programs put into {@code new/}: jobs, and things that are none. */
class ForeignEntriesTest extends SpoolTest {

  private static final String OURS = "1767225600.M000000P9Q1R0000000000000000.host,S=1,C=a93c5f93";

  private List<String> contents(String directory) throws Exception {
    List<String> contents = new ArrayList<>();
    for (String name : lab.names(directory)) {
      contents.add(Files.readString(lab.root.resolve(directory).resolve(name)));
    }
    return contents.stream().sorted().toList();
  }

  // ---- jobs ----

  @Test
  void theyAreServedInTheOrderTheirNamesTell() throws Exception {
    lab.deliver("1700000002.a.host", "third");
    lab.deliver("1700000001.z.host", "second");
    lab.deliver("job.txt", "first");
    DirectorySpool spool = lab.open(); // only now: or else the first that is heard of is served
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      order.add(Lab.claim(spool).payload().text());
    }
    assertEquals(List.of("first", "second", "third"), order);
  }

  /**
   * Two deliveries under one name, one after the other: no step of the one overwrites the other.
   */
  @ParameterizedTest
  @ValueSource(strings = {"claim", "retry", "release", "reject", "hold", "recover"})
  void theSameNameAgainIsAnotherJob(String step) throws Exception {
    DirectorySpool spool = lab.openWorker();
    for (String text : List.of("1", "2", "3")) {
      lab.deliver("job", text);
      switch (step) {
        case "claim" -> Lab.claim(spool);
        case "retry" -> Lab.claim(spool).retry(Lab.LONG, "busy");
        case "release" -> Lab.claim(spool).release(Lab.LONG);
        case "reject" -> Lab.claim(spool).reject("never");
        case "hold" -> spool.maintenance().hold(List.of(new JobId("job")));
        default -> {
          Lab.claim(spool);
          lab.declareWorkersDead();
          spool.maintenance().recover();
          spool.maintenance().hold(ids(spool, JobState.READY));
        }
      }
    }
    List<String> all = new ArrayList<>();
    for (String each : List.of("new", "cur", "delayed", "held", "failed")) {
      all.addAll(contents(each));
    }
    assertEquals(List.of("1", "2", "3"), all.stream().sorted().toList());
  }

  private static List<JobId> ids(DirectorySpool spool, JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(state))) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  // ---- links in the place of jobs ----

  @Test
  void aFileThatBecomesALinkWhileItIsClaimedIsNotFollowed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "x");
    for (String step : List.of("rename new/.*", "stat cur/.*", "read cur/.*")) {
      DirectorySpool spool = lab.openWorker();
      JobId id = spool.enqueue(Job.of("x"));
      lab.faults
          .on(step)
          .nth(1)
          .first(
              () -> {
                Path entry = lab.only(step.contains("new") ? "new" : "cur");
                Files.delete(entry);
                Files.createSymbolicLink(entry, secret);
              });
      try {
        assertEquals(Optional.empty(), spool.claim(), step);
      } catch (SpoolException e) {
        assertEquals("read cur/.*", step); // the open itself refuses
      }
      lab.faults.clear();
      assertTrue(
          !spool.inspector().find(id).orElseThrow().state().equals(JobState.CLAIMED), "claimed");
      spool.maintenance().discard(List.of(id));
    }
  }

  @Test
  void anImpostorInAPrivateDirectoryIsNeverFollowed() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    for (String each : List.of("cur", "delayed", "held", "failed", "done")) {
      Files.createSymbolicLink(lab.root.resolve(each).resolve(OURS), secret);
      Set<String> before = new TreeSet<>(Tree.of(secret).files().values());
      spool.maintenance().recover();
      for (JobState state : JobState.values()) {
        for (JobId id : ids(spool, state)) {
          Payload payload = spool.inspector().read(id).orElseThrow().payload();
          assertThrows(CorruptEntryException.class, payload::open);
        }
      }
      assertEquals(before, new TreeSet<>(Tree.of(secret).files().values()));
      for (String name : List.of("new", "cur", "delayed", "held", "failed", "done")) {
        Files.deleteIfExists(lab.root.resolve(name).resolve(OURS));
      }
    }
  }
}
