package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.MaintenanceReport;
import org.spooldir.Payload;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.Promises.Move;
import org.spooldir.fs.Promises.Place;

/**
 * Somebody who uses the spool in a process of his own: he does what a scenario says, and writes
 * down what he was promised. What breaks a promise at once is an {@link AssertionError}.
 */
final class Actor {

  /** Far enough that nothing in a scenario is due by then. */
  static final Duration LATER = Duration.ofDays(9);

  final String name;
  final ModelFileOps ops;
  final ModelProcess process;

  private final Cast cast;
  private @Nullable Claim held;
  private String doing = "begin";

  Actor(String name, Cast cast, ModelFileOps ops, ModelProcess process) {
    this.name = name;
    this.cast = cast;
    this.ops = ops;
    this.process = process;
  }

  /** The verb that he is at. */
  String doing() {
    return doing;
  }

  /** Something that may throw. */
  interface Verb {
    void run() throws Exception;
  }

  /** Does it; a failure is right only in bad weather. */
  private void act(String verb, Verb body) throws Exception {
    doing = verb;
    try {
      body.run();
    } catch (IOException e) {
      if (!cast.isBadWeather()) {
        throw new AssertionError(name + " was refused without need: " + e, e);
      }
    }
  }

  // ---- a producer ----

  /** Hands in a job of this text, three letters. */
  void enqueue(String text) throws Exception {
    enqueue(text, job -> job);
  }

  void enqueue(String text, UnaryOperator<Job> with) throws Exception {
    hand(text, with.apply(Job.of(Model.payload(text))));
  }

  /** Hands in a file. */
  void adopt(String text) throws Exception {
    hand(text, Job.of(Payload.adopt(Model.FILE)));
  }

  private void hand(String text, Job job) throws Exception {
    act(
        "enqueue " + text,
        () -> {
          Move move = cast.promises.begin(text, true, placeOf(job));
          try {
            enqueued(text, process.enqueue(job), move);
          } catch (EnqueueUncertainException e) {
            throw e;
          } catch (SpoolException e) {
            if (e.jobIn() == InSpool.NO && !cast.liesHappen()) {
              move.never();
            }
            throw e;
          }
        });
  }

  private static Place[] placeOf(Job job) {
    Duration delay =
        Duration.between(FakeTime.START, job.due(FakeTime.START).orElse(FakeTime.START));
    return delay.isZero()
        ? new Place[] {Place.READY}
        : delay.compareTo(LATER) < 0
            ? new Place[] {Place.DELAYED, Place.READY}
            : new Place[] {Place.DELAYED};
  }

  private void enqueued(String text, JobId id, Move move) {
    if (id.value().contains("P" + ops.process() + "Q")) {
      cast.promises.know(id, text);
      move.done();
    } else {
      move.never(); // another job has the key
    }
  }

  /** Hands in several jobs at once. */
  void enqueueAll(List<String> texts) throws Exception {
    act(
        "enqueueAll",
        () -> {
          List<Move> moves =
              texts.stream().map(text -> cast.promises.begin(text, true, Place.READY)).toList();
          List<JobId> ids =
              process.enqueueAll(texts.stream().map(t -> Job.of(Model.payload(t))).toList());
          for (int i = 0; i < ids.size(); i++) {
            enqueued(texts.get(i), ids.get(i), moves.get(i));
          }
        });
  }

  // ---- a worker ----

  /** The first sign of life. */
  void join() throws Exception {
    act("join", process::join);
  }

  void beat() throws Exception {
    act("beat", process::beat);
  }

  /** Takes a job, if there is one, and reads it. */
  void claim() throws Exception {
    act(
        "claim",
        () -> {
          held = process.claim().orElse(null);
          if (held != null) {
            hold(held);
          }
        });
  }

  private void hold(Claim claim) throws IOException {
    String text = read(claim.payload());
    String job = text.substring(0, Math.min(3, text.length()));
    if (!text.equals(cast.contentOf(job))) {
      throw new AssertionError(name + " got altered bytes: \"" + text + "\"");
    }
    cast.promises.know(claim.id(), job);
    if (cast.promises.isGone(job)) {
      throw new AssertionError(name + " got " + job + ", which was done with already");
    }
    cast.take(this, job, claim);
  }

  static String read(Payload payload) throws IOException {
    try (InputStream in = payload.open()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private interface Settling {
    void settle(Claim claim) throws SpoolException;
  }

  void complete() throws Exception {
    boolean retained = cast.retains();
    settle("complete", retained, retained ? Place.DONE : Place.GONE, Claim::complete);
  }

  void retry(Duration delay) throws Exception {
    settle(
        "retry",
        false,
        delay.isZero() ? Place.READY : Place.DELAYED,
        claim -> claim.retry(delay, "busy"));
  }

  void release(Duration delay) throws Exception {
    settle(
        "release",
        false,
        delay.isZero() ? Place.READY : Place.DELAYED,
        claim -> claim.release(delay));
  }

  void reject() throws Exception {
    settle("reject", true, Place.FAILED, claim -> claim.reject("never"));
  }

  private void settle(String verb, boolean kept, Place to, Settling how) throws Exception {
    Claim claim = held;
    if (claim == null) {
      return; // another one has the job
    }
    act(
        verb,
        () -> {
          String job = cast.promises.textOf(claim.id()).orElseThrow();
          Move move = cast.promises.begin(job, kept, to);
          try {
            how.settle(claim);
            if (to == Place.GONE && cast.promises.isGone(job)) {
              throw new AssertionError(job + " was completed twice");
            }
            move.done();
            cast.leave(claim);
          } catch (ClaimLostException e) {
            if (!cast.liesHappen()) {
              move.never();
              cast.lose(this, claim);
            }
          }
          held = null;
        });
  }

  /** Gives back what he has and leaves. */
  void close() throws Exception {
    act(
        "close",
        () -> {
          Claim claim = held;
          if (claim != null) { // what became of it, nobody is told
            cast.promises.begin(cast.promises.textOf(claim.id()).orElseThrow(), false, Place.READY);
          }
          process.close();
        });
  }

  // ---- a mail reader ----

  /** Moves a job to {@code cur/}, as mail readers do, and looks at it for less than a lease. */
  void readMail(String text) throws Exception {
    act(
        "read mail",
        () -> {
          Path ready = cast.fileOf(JobState.READY, text);
          Path seen = Model.ROOT.resolve("cur").resolve(ready.getFileName() + ":2,S");
          try {
            ops.rename(ready, seen);
          } catch (NoSuchFileException e) {
            return; // a worker has it
          }
          cast.promises.begin(text, false, Place.GONE); // mail readers force nothing
          try {
            ops.delete(seen);
          } catch (NoSuchFileException e) {
            if (!cast.isBadWeather()) {
              throw new AssertionError(text + " was taken from a mail reader's hands", e);
            }
          }
        });
  }

  // ---- a recoverer and an operator ----

  void recover() throws Exception {
    act("recover", () -> process.maintenance().recover());
  }

  private interface Operation {
    MaintenanceReport on(SpoolMaintenance maintenance, Collection<JobId> ids) throws SpoolException;
  }

  void hold(String text) throws Exception {
    operate("hold", text, SpoolMaintenance::hold, Place.HELD);
  }

  void unhold(String text) throws Exception {
    operate("unhold", text, SpoolMaintenance::unhold, Place.READY);
  }

  void requeue(String text) throws Exception {
    operate("requeue", text, SpoolMaintenance::requeue, Place.READY);
  }

  void retryNow(String text) throws Exception {
    operate("retryNow", text, SpoolMaintenance::retryNow, Place.READY);
  }

  void discard(String text) throws Exception {
    operate("discard", text, SpoolMaintenance::discard, Place.GONE);
  }

  private void operate(String verb, String text, Operation operation, Place to) throws Exception {
    act(
        verb,
        () -> {
          Optional<JobId> known = cast.promises.idOf(text);
          if (known.isEmpty()) {
            return; // it never came in
          }
          JobId id = known.get();
          Move move = cast.promises.begin(text, true, to);
          if (operation.on(process.maintenance(), Set.of(id)).changed().contains(id)) {
            move.done();
          } else if (!cast.liesHappen()) {
            move.never();
          }
        });
  }

  /** Purges dead letters, all of them. */
  void purge(String text) throws Exception {
    act(
        "purge",
        () -> {
          Move move = cast.promises.begin(text, false, Place.GONE);
          if (process.maintenance().purge(JobState.FAILED, Duration.ZERO) > 0) {
            move.done();
          } else if (!cast.liesHappen()) {
            move.never();
          }
        });
  }

  /** What he has in hand. */
  Optional<Claim> held() {
    return Optional.ofNullable(held);
  }
}
