package org.spooldir.fs.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SpoolException;

/**
 * A child that enqueues telltales.
 *
 * <p>Settings: {@code name} begins the name of each payload; {@code jobs} how many, 0: until it is
 * stopped; {@code keys} how many dedup keys to draw from, 0: no keys; {@code mixed} whether to vary
 * size, priority, delay and batches; {@code pause} the longest pause between two calls, in ms;
 * {@code times} whether to write down what the wall clock says, after each call.
 */
final class ProducerMain {

  private static final int SMALL = 3_000;
  private static final int LARGE = 600_000; // more than a spool holds in memory

  private final Child child;
  private final SplittableRandom random;
  private final int keys;
  private final boolean mixed;
  private int made;

  private ProducerMain(Child child) {
    this.child = child;
    this.random = child.random();
    this.keys = child.number("keys", 0);
    this.mixed = child.setting("mixed", "").equals("true");
  }

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          child.heedParent();
          int jobs = child.number("jobs", 0);
          produce(child, jobs == 0 ? Integer.MAX_VALUE : jobs);
        });
  }

  static void produce(Child child, int jobs) throws SpoolException, InterruptedException {
    ProducerMain producer = new ProducerMain(child);
    int pause = child.number("pause", 0) * 1_000;
    Duration micros = Duration.ZERO;
    while (producer.made < jobs && child.goesOnAfter(micros)) {
      producer.enqueue();
      if (child.setting("times", "").equals("true")) {
        child.write(Act.TIME, child.millis());
      }
      micros = Duration.ofNanos(1_000L * (pause == 0 ? 0 : producer.random.nextInt(pause)));
    }
  }

  private void enqueue() throws SpoolException {
    List<Telltale> payloads = new ArrayList<>();
    List<Job> jobs = new ArrayList<>();
    for (int i = mixed && oneIn(10) ? 1 + random.nextInt(5) : 1; i > 0; i--) {
      payloads.add(payload());
      jobs.add(job(payloads.get(payloads.size() - 1)));
    }
    List<JobId> ids =
        jobs.size() == 1
            ? List.of(child.spool().enqueue(jobs.get(0)))
            : child.spool().enqueueAll(jobs);
    for (int i = 0; i < ids.size(); i++) {
      child.write(Act.ENQUEUED, ids.get(i), payloads.get(i).name());
    }
  }

  private Telltale payload() {
    String key = keys > 0 ? "key" + random.nextInt(keys) + "." : "";
    int length = random.nextInt(mixed && oneIn(50) ? LARGE : SMALL);
    return new Telltale(key + child.setting("name", "") + "-" + made++, length);
  }

  private Job job(Telltale payload) {
    Job job = Job.of(payload);
    if (keys > 0) {
      job = job.key(Telltale.keyOf(payload.name()));
    }
    if (mixed) {
      job = job.attribute("Name", payload.name()).priority(random.nextInt(10));
      job = oneIn(10) ? job.delay(Duration.ofMillis(random.nextInt(300))) : job;
    }
    return job;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
