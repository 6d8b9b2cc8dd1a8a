package org.spooldir.fs;

import static java.time.Duration.ZERO;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.spooldir.JobState;
import org.spooldir.fs.Encounter.Part;

/**
 * The scenarios of the crash model: every label of the protocol, alone and with somebody else in
 * between.
 */
final class Encounters {

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final SpoolOptions RETAINING = Model.OPTIONS.retention(Duration.ofDays(1));

  private static final Part WORK =
      worker -> {
        worker.claim();
        worker.complete();
      };

  private Encounters() {}

  static Stream<Encounter> all() {
    return Stream.of(alone(), producers(), workers(), late(), recoverers(), operators())
        .flatMap(encounters -> encounters);
  }

  // ---- what was there before ----

  private static Encounter.Prologue enqueued(String... texts) {
    return cast -> {
      Actor earlier = cast.enter("earlier");
      for (String text : texts) {
        earlier.enqueue(text);
      }
    };
  }

  private static Encounter.Prologue keyed(String text) {
    return cast -> cast.enter("earlier").enqueue(text, job -> job.key("k"));
  }

  /** A worker, who lives on, has the job. */
  private static Encounter.Prologue claimed(String who) {
    return cast -> cast.enter(who).claim();
  }

  private static final Encounter.Prologue SILENCE = Cast::silence;

  // ---- one actor ----

  static Stream<Encounter> alone() {
    return Stream.of(
        Encounter.of("a job's life")
            .actor(
                "all in one",
                all -> {
                  all.enqueue("one");
                  all.claim();
                  all.retry(ZERO);
                  all.claim();
                  all.reject();
                  all.requeue("one");
                  all.claim();
                  all.release(ZERO);
                  all.claim();
                  all.complete();
                }),
        Encounter.of("many at once")
            .actor("producer", producer -> producer.enqueueAll(List.of("one", "two", "six"))),
        Encounter.of("adopt")
            .actor("producer", producer -> producer.adopt("one"))
            .after(cast -> adoptable(cast, "one")),
        Encounter.of("retention")
            .with(RETAINING)
            .after(keyed("one"))
            .keyed("one")
            .actor(
                "worker",
                worker -> {
                  worker.claim();
                  worker.complete();
                  worker.requeue("one");
                  worker.close();
                }));
  }

  /** A file outside of the spool that says what this job is to say. */
  static void adoptable(Cast cast, String text) throws Exception {
    try (FileOps.NewFile file = new ModelFileOps(cast.disk, 1000).create(Model.FILE)) {
      file.write(
          java.nio.ByteBuffer.wrap(
              Model.payload(text).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      file.force();
    }
  }

  // ---- a producer and somebody ----

  static Stream<Encounter> producers() {
    return Stream.of(
        Encounter.of("producer and worker")
            .actor("producer", producer -> producer.enqueue("one"))
            .actor("worker", WORK),
        Encounter.of("producer of many and worker")
            .after(enqueued("six"))
            .actor("producer", producer -> producer.enqueueAll(List.of("one", "two")))
            .actor("worker", WORK),
        Encounter.of("producer for later and worker")
            .actor("producer", p -> p.enqueue("one", job -> job.delay(Actor.LATER)))
            .actor("worker", WORK),
        Encounter.of("adopting producer and worker")
            .after(cast -> adoptable(cast, "one"))
            .actor("producer", producer -> producer.adopt("one"))
            .actor("worker", WORK),
        Encounter.of("two producers of one key")
            .keyed("one", "two")
            .actor("producer", p -> p.enqueue("one", job -> job.key("k")))
            .actor("another", p -> p.enqueue("two", job -> job.key("k"))),
        Encounter.of("producer of a taken key and worker")
            .after(keyed("one"))
            .keyed("one", "two")
            .actor("producer", p -> p.enqueue("two", job -> job.key("k")))
            .actor("worker", WORK),
        Encounter.of("producer of a taken key and operator")
            .after(keyed("one"))
            .keyed("one", "two")
            .actor("producer", p -> p.enqueue("two", job -> job.key("k")))
            .actor("operator", operator -> operator.discard("one")),
        Encounter.of("producer of a key and recoverer")
            .preemptions(1)
            .after(SILENCE)
            .keyed("one")
            .actor("producer", p -> p.enqueue("one", job -> job.key("k")))
            .actor("recoverer", Actor::recover));
  }

  // ---- two workers ----

  static Stream<Encounter> workers() {
    return Stream.of(
        Encounter.of("two workers and one job")
            .after(enqueued("one"))
            .actor("worker", WORK)
            .actor("another", WORK),
        Encounter.of("two workers and two jobs")
            .after(enqueued("one", "two"))
            .actor("worker", WORK)
            .actor("another", WORK),
        settling("release", worker -> worker.release(ZERO)),
        settling("retry", worker -> worker.retry(ZERO)),
        settling("retry later", worker -> worker.retry(Actor.LATER)),
        settling("release for later", worker -> worker.release(Actor.LATER)),
        settling("reject", Actor::reject),
        settling("close", Actor::close),
        Encounter.of("two workers and what is due")
            .after(
                cast -> {
                  cast.enter("earlier").enqueue("one", job -> job.delay(SOON));
                  cast.disk.time.advance(SOON.multipliedBy(2));
                })
            .actor("worker", WORK)
            .actor("another", WORK));
  }

  private static Encounter settling(String how, Part settle) {
    return Encounter.of("worker and another: " + how)
        .after(enqueued("one"))
        .after(claimed("worker"))
        .actor("worker", settle)
        .actor("another", WORK);
  }

  // ---- a worker who was stopped for too long ----

  static Stream<Encounter> late() {
    return Stream.of(
        late("completes", Actor::complete),
        late("retries", worker -> worker.retry(Actor.LATER)),
        late("releases", worker -> worker.release(ZERO)),
        late("rejects", Actor::reject),
        late("beats", Actor::beat),
        late(
            "claims",
            worker -> {
              worker.claim();
              worker.complete();
            }),
        late("closes", Actor::close));
  }

  private static Encounter late(String what, Part act) {
    return Encounter.of("recoverer and a late worker who " + what)
        .preemptions(1)
        .after(enqueued("one", "two"))
        .after(claimed("late"))
        .after(SILENCE)
        .actor("late", act)
        .actor(
            "recoverer",
            recoverer -> {
              recoverer.recover();
              recoverer.claim();
              recoverer.complete();
            });
  }

  // ---- recoverers ----

  static Stream<Encounter> recoverers() {
    Part recover = Actor::recover;
    return Stream.of(
        Encounter.of("two recoverers")
            .preemptions(1)
            .after(enqueued("one", "two"))
            .after(claimed("dead"))
            .after(SILENCE)
            .actor("recoverer", recover)
            .actor("another", recover),
        Encounter.of("recoverer and worker")
            .preemptions(1)
            .after(enqueued("one", "two"))
            .after(claimed("dead"))
            .after(SILENCE)
            .actor("recoverer", recover)
            .actor("worker", WORK),
        Encounter.of("recoverer of one proven dead, and worker")
            .preemptions(1)
            .after(enqueued("one"))
            .after(cast -> cast.enter("dead", "here").claim())
            .after(cast -> cast.enter("recoverer", "here"))
            .after(Cast::expectDeath)
            .actor("recoverer", recover)
            .actor("worker", WORK),
        Encounter.of("recoverer and a mail reader")
            .after(enqueued("one"))
            .after(SILENCE)
            .actor("mail reader", reader -> reader.readMail("one"))
            .actor(
                "recoverer",
                r -> {
                  r.recover();
                  r.claim();
                  r.complete();
                }),
        Encounter.of("recoverer of what a mail reader left, and worker")
            .after(enqueued("one"))
            .after(
                cast ->
                    cast.disk.rename(
                        cast.fileOf(JobState.READY, "one"),
                        Model.ROOT.resolve(
                            "cur/" + cast.fileOf(JobState.READY, "one").getFileName() + ":2,S")))
            .after(SILENCE)
            .actor("recoverer", recover)
            .actor("worker", WORK),
        swept("two recoverers sweep", recover),
        swept("recoverer sweeps, producer enqueues", p -> p.enqueue("two", job -> job.key("k"))));
  }

  /** A job under two names, half a job, a stale key, a log of a job that is gone. */
  private static Encounter swept(String name, Part other) {
    Consumer<Cast> litter =
        cast -> {
          ModelFileOps ops = new ModelFileOps(cast.disk, 1000);
          try {
            java.nio.file.Path entry = cast.fileOf(JobState.READY, "one");
            String id = FileNames.textOf(entry).replaceFirst(",.*", "");
            ops.link(entry, Model.ROOT.resolve("tmp").resolve(id));
            ops.create(Model.ROOT.resolve("tmp").resolve("abandoned"));
            ops.append(Model.ROOT.resolve("errors").resolve("gone.log"), new byte[] {'x', '\n'});
            ops.createDirectory(Model.ROOT.resolve("keys").resolve("0".repeat(64)));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    return Encounter.of(name)
        .preemptions(1)
        .after(enqueued("one"))
        .after(litter::accept)
        .after(cast -> cast.disk.time.advance(Duration.ofHours(37)))
        .keyed("two")
        .actor("recoverer", Actor::recover)
        .actor("another", other);
  }

  // ---- operators ----

  static Stream<Encounter> operators() {
    return Stream.of(
        Encounter.of("operator holds, worker works")
            .after(enqueued("one"))
            .actor(
                "operator",
                operator -> {
                  operator.hold("one");
                  operator.unhold("one");
                })
            .actor("worker", WORK),
        rejected("operator requeues, worker works", operator -> operator.requeue("one"), WORK),
        rejected(
            "operator requeues, another discards",
            operator -> operator.requeue("one"),
            another -> another.discard("one")),
        rejected(
            "operator purges, another requeues",
            operator -> operator.purge("one"),
            another -> another.requeue("one")),
        Encounter.of("operator retries now, worker works")
            .after(cast -> cast.enter("earlier").enqueue("one", job -> job.delay(Actor.LATER)))
            .actor("operator", operator -> operator.retryNow("one"))
            .actor("worker", WORK),
        Encounter.of("operator discards, worker works")
            .after(keyed("one"))
            .keyed("one")
            .actor("operator", operator -> operator.discard("one"))
            .actor("worker", WORK),
        Encounter.of("operator retries now, another holds")
            .after(cast -> cast.enter("earlier").enqueue("one", job -> job.delay(Actor.LATER)))
            .actor("operator", operator -> operator.retryNow("one"))
            .actor("another", another -> another.hold("one")));
  }

  private static Encounter rejected(String name, Part operator, Part another) {
    return Encounter.of(name)
        .after(keyed("one"))
        .after(
            cast -> {
              Actor worker = cast.enter("failing");
              worker.claim();
              worker.reject();
            })
        .keyed("one")
        .actor("operator", operator)
        .actor("another", another);
  }
}
