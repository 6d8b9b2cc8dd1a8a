package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Scenario.when;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.Scenario.Act;

/**
 * For every step of a job's life: the process dies before each call to the file system in turn (a
 * write is cut in half), another one goes on, and nothing is lost, torn, doubled, blocked or left
 * behind.
 */
class DeathAtEveryCallTest {

  private static final Duration LATER = Duration.ofDays(9);
  private static final Job KEYED = Job.of("x").key("k").attribute("a", "b");
  private static final Act ONE = stage -> stage.enqueue(KEYED);
  private static final Act CLAIMED =
      stage -> {
        stage.enqueue(KEYED);
        stage.claim();
      };

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  private interface Settling {
    void settle(Claim claim) throws Exception;
  }

  private static Scenario settling(String name, Settling way) {
    return when(name, stage -> way.settle(stage.claim)).given(CLAIMED).keyed("x");
  }

  private interface Operation {
    void on(SpoolMaintenance maintenance, Collection<JobId> ids) throws Exception;
  }

  /** An operator's step, on what an earlier step left in a state. */
  private static Scenario operating(String name, Act earlier, JobState from, Operation operation) {
    return when(name, stage -> operation.on(stage.spool.maintenance(), stage.ids(from)))
        .given(earlier)
        .keyed("x");
  }

  private static Act then(Settling way) {
    return stage -> {
      CLAIMED.on(stage);
      way.settle(stage.claim);
    };
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(producing(), working(), dropped(), recovering(), operating()).flatMap(s -> s);
  }

  private static Stream<Scenario> producing() {
    List<Job> many = List.of(Job.of("1"), KEYED, Job.of("3").delay(LATER));
    return Stream.of(
        when("enqueue", s -> s.enqueue(Job.of("x"))).brings("x"),
        when("enqueue much", s -> s.enqueue(Job.of("y".repeat(200_000)))).brings("yyy"),
        when("enqueue with a key", ONE).brings("x").keyed("x"),
        when("enqueue with a taken key", s -> s.enqueue(Job.of("y").key("k")))
            .given(ONE)
            .keeps("x")
            .keyed("x"),
        when("enqueue with a stale key", s -> s.enqueue(Job.of("y").key("k")))
            .given(
                s -> {
                  ONE.on(s);
                  Files.delete(s.lab.only("new"));
                })
            .brings("y")
            .keyed("y"),
        when("enqueue for later", s -> s.enqueue(KEYED.delay(LATER))).brings("x").keyed("x"),
        when("enqueue a file", s -> s.enqueue(Job.of(Payload.adopt(s.file))))
            .given(s -> Files.writeString(s.file, "fil"))
            .brings("fil"),
        when("enqueue many", s -> s.spool.enqueueAll(many)).brings("1", "x", "3").keyed("x"));
  }

  private static Stream<Scenario> working() {
    return Stream.of(
        when("claim", Scenario.Stage::claim).given(ONE).keeps("x").keyed("x"),
        when("claim what is due", Scenario.Stage::claim)
            .given(
                s -> {
                  s.enqueue(KEYED.delay(Lab.LONG));
                  s.lab.time.advance(Lab.LONG.multipliedBy(2));
                })
            .keeps("x")
            .keyed("x"),
        when("claim what is damaged", s -> s.spool.claim())
            .given(
                s -> {
                  s.enqueue(Job.of("damaged"));
                  Files.writeString(s.lab.only("new"), Aftermath.DAMAGED);
                  s.enqueue(Job.of("x"));
                })
            .keeps("x", Aftermath.DAMAGED),
        settling("complete", Claim::complete).takes("x"),
        settling("complete and keep", Claim::complete)
            .with(Lab.OPTIONS.retention(Duration.ofDays(1)))
            .keeps("x"),
        settling("retry", c -> c.retry(Duration.ZERO, "busy")).keeps("x"),
        settling("retry later", c -> c.retry(LATER, "busy")).keeps("x"),
        settling("release", Claim::release).keeps("x"),
        settling("release for later", c -> c.release(LATER)).keeps("x"),
        settling("reject", c -> c.reject("never")).keeps("x"),
        when("close", s -> s.spool.close()).given(CLAIMED).keeps("x").keyed("x"));
  }

  /** What another user dropped is copied, and the copy goes with the claim. */
  private static Stream<Scenario> dropped() {
    Act one = s -> s.enqueue(Job.of("x").attribute("a", "b"));
    Act claimed =
        s -> {
          one.on(s);
          s.claim();
        };
    Act damaged =
        s -> {
          s.enqueue(Job.of("damaged"));
          Files.writeString(s.lab.only("new"), Aftermath.DAMAGED + "aged");
        };
    return Stream.of(
            when("claim what was dropped", Scenario.Stage::claim).given(one).keeps("x"),
            when("claim what was dropped damaged", s -> s.spool.claim())
                .given(damaged)
                .keeps(Aftermath.DAMAGED),
            when("complete what was dropped", s -> s.claim.complete()).given(claimed).takes("x"),
            when("retry what was dropped", s -> s.claim.retry(LATER, "busy"))
                .given(claimed)
                .keeps("x"))
        .map(Scenario::dropped);
  }

  private static Stream<Scenario> recovering() {
    return Stream.of(
        when("recover", s -> s.spool.maintenance().recover())
            .given(
                s -> {
                  s.spool.enqueueAll(List.of(Job.of("1"), KEYED, Job.of("3").delay(Lab.LONG)));
                  DirectorySpool dead = s.lab.another().open();
                  Lab.claim(dead);
                  Lab.claim(dead);
                  Files.writeString(s.lab.root.resolve("tmp/abandoned"), "half a job");
                  s.lab.time.advance(Duration.ofHours(37));
                })
            .keeps("1", "x", "3")
            .keyed("x"));
  }

  private static Stream<Scenario> operating() {
    Act held = s -> s.spool.maintenance().hold(List.of(s.enqueue(KEYED)));
    Act failed = then(c -> c.reject("never"));
    Act failedLongAgo =
        s -> {
          failed.on(s);
          s.lab.time.advance(LATER);
        };
    return Stream.of(
        operating("hold", ONE, JobState.READY, SpoolMaintenance::hold).keeps("x"),
        operating("unhold", held, JobState.HELD, SpoolMaintenance::unhold).keeps("x"),
        operating("requeue", failed, JobState.FAILED, SpoolMaintenance::requeue).keeps("x"),
        operating(
                "retryNow",
                then(c -> c.retry(LATER, "busy")),
                JobState.DELAYED,
                SpoolMaintenance::retryNow)
            .keeps("x"),
        operating("discard", failed, JobState.FAILED, SpoolMaintenance::discard).takes("x"),
        operating(
                "purge",
                failedLongAgo,
                JobState.FAILED,
                (m, ids) -> m.purge(JobState.FAILED, Lab.LONG))
            .takes("x"));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void anotherProcessGoesOnWhereOneDied(Scenario scenario) throws Exception {
    int calls = 1;
    while (scenario.run(directory.resolve("died-at-" + calls), calls)) {
      calls++;
    }
    assertTrue(calls > 2, "it hardly did anything: " + calls);
  }
}
