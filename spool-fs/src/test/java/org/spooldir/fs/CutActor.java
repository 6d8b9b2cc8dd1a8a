package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.fs.CutStep.Kind;
import org.spooldir.fs.CutStep.Place;
import org.spooldir.fs.process.Telltale;

/**
 * One who uses a spool whose power will fail, and tells of each step before and after it. Each verb
 * is about the job of the verb before it.
 */
final class CutActor {

  private static final Duration LATER = Duration.ofDays(9);
  private static final int SMALL = 20_000;
  private static final int LARGE = 300_000; // more than a claim holds in memory

  private final Path root;
  private final DirectorySpool spool;
  private final boolean retains;
  private final String name;
  private final SplittableRandom random;
  private final Consumer<CutStep> tell;

  private int made;
  private String job = "";
  private JobId id = new JobId("none");
  private int attempts;
  private Optional<Claim> claim = Optional.empty();

  private interface Call {
    void make() throws IOException;
  }

  /**
   * An actor.
   *
   * @param name begins the names of its jobs
   */
  CutActor(
      Path root,
      DirectorySpool spool,
      boolean retains,
      String name,
      SplittableRandom random,
      Consumer<CutStep> tell) {
    this.root = root;
    this.spool = spool;
    this.retains = retains;
    this.name = name;
    this.random = random;
    this.tell = tell;
  }

  /** Does what one word says. */
  void perform(String verb) throws IOException {
    switch (verb) {
      case "enqueue" -> enqueue(Job.of(payload("")), JobState.READY);
      case "later" -> enqueue(Job.of(payload("")).delay(LATER), JobState.DELAYED);
      case "keyed" -> enqueueKeyed();
      case "again" -> enqueueAgain();
      case "many" -> enqueueMany();
      case "adopt" -> adopt();
      case "claim" -> requireClaim();
      case "die" -> die();
      case "recover" -> recover();
      case "hold" -> operate(JobState.HELD, () -> spool.maintenance().hold(List.of(id)));
      case "unhold" -> operate(JobState.READY, () -> spool.maintenance().unhold(List.of(id)));
      case "retryNow" -> operate(JobState.READY, () -> spool.maintenance().retryNow(List.of(id)));
      case "requeue" -> {
        attempts = 0;
        operate(JobState.READY, () -> spool.maintenance().requeue(List.of(id)));
      }
      case "discard" ->
          step(Kind.OPERATE, Place.NOWHERE, () -> spool.maintenance().discard(List.of(id)));
      default -> settle(verb);
    }
  }

  // ---- telling ----

  private void step(Kind kind, Place place, Call call) throws IOException {
    CutStep step = new CutStep(kind, job, place, false);
    tell.accept(step);
    call.make();
    tell.accept(step.after());
  }

  private void operate(JobState to, Call call) throws IOException {
    step(Kind.OPERATE, Place.of(to, attempts), call);
  }

  // ---- handing in ----

  private Telltale payload(String key) {
    String number = name + "-" + made++;
    job = key.isEmpty() ? number : key + number + "." + number;
    return new Telltale(job, random.nextInt(random.nextInt(20) == 0 ? LARGE : SMALL));
  }

  private void enqueue(Job job, JobState to) throws IOException {
    attempts = 0;
    step(Kind.ENQUEUE, Place.of(to, 0), () -> id = spool.enqueue(job));
  }

  private void enqueueKeyed() throws IOException {
    Telltale payload = payload("key");
    enqueue(Job.of(payload).key(Telltale.keyOf(payload.name())), JobState.READY);
  }

  /** The same key once more: what is acknowledged is the job that has it. */
  private void enqueueAgain() throws IOException {
    Job again = Job.of("never seen").key(Telltale.keyOf(job));
    step(
        Kind.ENQUEUE,
        Place.of(JobState.READY, attempts),
        () -> {
          if (!spool.enqueue(again).equals(id)) {
            throw new IOException("the key is taken, and its holder was not found");
          }
        });
  }

  private void enqueueMany() throws IOException {
    List<CutStep> steps = new ArrayList<>();
    List<Job> jobs = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      Job one = Job.of(payload("")).priority(i);
      boolean later = i == 1;
      jobs.add(later ? one.delay(LATER) : one);
      Place place = Place.of(later ? JobState.DELAYED : JobState.READY, 0);
      steps.add(new CutStep(Kind.ENQUEUE, job, place, false));
    }
    steps.forEach(tell);
    spool.enqueueAll(jobs);
    steps.forEach(each -> tell.accept(each.after()));
  }

  private void adopt() throws IOException {
    Telltale payload = payload("");
    Path file = root.resolveSibling(job);
    try (InputStream in = payload.open()) {
      Files.copy(in, file);
    }
    enqueue(Job.of(Payload.adopt(file)), JobState.READY);
  }

  // ---- working ----

  private void requireClaim() throws IOException {
    if (!claim()) {
      throw new IOException("no job is ready");
    }
  }

  /** Claims what there is; says whether there was something. */
  private boolean claim() throws IOException {
    claim = spool.claim();
    if (claim.isPresent()) {
      job = Telltale.verify(claim.get().payload());
      id = claim.get().id();
      attempts = claim.get().attempt();
      tell.accept(new CutStep(Kind.CLAIM, job, Place.of(JobState.READY, attempts), true));
    }
    return claim.isPresent();
  }

  /** One job after the other, each settled in some way. */
  void workOne() throws IOException {
    if (claim()) {
      List<String> ways =
          List.of("complete", "complete", "complete", "retry", "postpone", "reject");
      settle(ways.get(random.nextInt(ways.size())));
    } else {
      Thread.onSpinWait();
    }
  }

  private void settle(String way) throws IOException {
    Claim held = claim.orElseThrow();
    switch (way) {
      case "complete" ->
          step(
              retains ? Kind.KEEP : Kind.COMPLETE,
              retains ? Place.of(JobState.DONE, attempts) : Place.NOWHERE,
              held::complete);
      case "retry" ->
          step(
              Kind.RETRY,
              Place.of(JobState.READY, attempts),
              () -> held.retry(Duration.ZERO, "busy"));
      case "postpone" ->
          step(Kind.RETRY, Place.of(JobState.DELAYED, attempts), () -> held.retry(LATER, "busy"));
      case "release" -> step(Kind.RELEASE, Place.of(JobState.READY, attempts - 1), held::release);
      case "reject" ->
          step(Kind.REJECT, Place.of(JobState.FAILED, attempts), () -> held.reject("never"));
      default -> throw new IllegalArgumentException(way);
    }
  }

  // ---- recovering ----

  /** Another process claimed the job, and its presence is gone: that is what dead means. */
  private void die() throws IOException {
    Path ready = root.resolve("new");
    try (DirectoryStream<Path> names = Files.newDirectoryStream(ready, id + "*")) {
      Path entry = names.iterator().next();
      String claimed = entry.getFileName() + ":2,,a=1,t=1767225600000,w=dead.1";
      Files.move(entry, root.resolve("cur").resolve(claimed), StandardCopyOption.ATOMIC_MOVE);
    }
    attempts = 1;
  }

  private void recover() throws IOException {
    step(
        Kind.RECOVER,
        Place.of(JobState.READY, attempts),
        () -> {
          if (spool.maintenance().recover().recovered() == 0) {
            throw new IOException("the dead worker's claim did not come back");
          }
        });
  }
}
