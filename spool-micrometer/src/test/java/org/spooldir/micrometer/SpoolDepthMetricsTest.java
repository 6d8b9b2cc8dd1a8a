package org.spooldir.micrometer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolStats;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

final class SpoolDepthMetricsTest {

  private static final String NAME = "/var/spool/\"odd\\ name\"";
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final Scrape scrape = new Scrape();
  private final AtomicInteger looks = new AtomicInteger();
  private Path directory;
  private Spool spool;

  @BeforeEach
  void open(@TempDir Path scratch) throws IOException {
    directory = scratch.resolve("jobs");
    spool = DirectorySpool.create(directory, SpoolOptions.DEFAULTS.retention(SpoolFixture.LONG));
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
  }

  private SpoolDepthMetrics metrics() {
    return new SpoolDepthMetrics(NAME, counting(spool.inspector()), WINDOW, scrape.clock);
  }

  @Test
  void aScrapeOfAnEmptySpoolHasThisText() {
    metrics().bindTo(scrape.registry);
    String text = scrape.registry.scrape();
    assertTrue(
        text.contains(
            """
            # HELP spool_oldest_ready_age_seconds How long the oldest ready job has waited, 0 if none is ready.
            # TYPE spool_oldest_ready_age_seconds gauge
            spool_oldest_ready_age_seconds{spool="/var/spool/\\"odd\\\\ name\\""} 0.0
            """),
        text);
    assertTrue(
        text.contains(
            """
            # HELP spool_jobs Jobs in each state.
            # TYPE spool_jobs gauge
            spool_jobs{spool="/var/spool/\\"odd\\\\ name\\"",state="claimed"} 0.0
            """),
        text);
  }

  @Test
  void everyStateIsCountedAndTimed() throws IOException {
    spool.enqueue(Job.of("22"));
    spool.claim().orElseThrow().complete();
    spool.enqueue(Job.of("333"));
    spool.claim().orElseThrow().reject("of no use");
    JobId delayed = spool.enqueue(Job.of("4444").delay(Duration.ofHours(1)));
    spool.enqueue(Job.of("55555"));
    assertTrue(spool.claim().isPresent());
    JobId held = spool.enqueue(Job.of("666666"));
    spool.maintenance().hold(Set.of(held));
    JobId ready = spool.enqueue(Job.of("1"));
    Files.createFile(directory.resolve("tmp/being-written"));
    Files.createSymbolicLink(directory.resolve("new/foreign"), directory);

    SpoolInspector inspector = spool.inspector();
    long enqueued = inspector.find(ready).orElseThrow().enqueuedAt().orElseThrow().toEpochMilli();
    long due = inspector.find(delayed).orElseThrow().due().orElseThrow().toEpochMilli();
    scrape.clock.add(enqueued + 2500 - scrape.clock.wallTime(), TimeUnit.MILLISECONDS);
    metrics().bindTo(scrape.registry);

    Map<String, Double> samples = scrape.samples(NAME);
    assertEquals(1, samples.remove("spool_up"));
    int bytes = 1;
    for (String state : new String[] {"ready", "done", "failed", "delayed", "claimed", "held"}) {
      assertEquals(1, samples.remove("spool_jobs{state=" + state + "}"), state);
      assertEquals(bytes++, samples.remove("spool_bytes{state=" + state + "}"), state);
    }
    assertEquals(2.5, samples.remove("spool_oldest_ready_age_seconds"));
    assertEquals(due / 1000.0, samples.remove("spool_next_due_timestamp_seconds"));
    assertEquals(1, samples.remove("spool_workers"));
    assertEquals(1, samples.remove("spool_writing"));
    assertEquals(1, samples.remove("spool_foreign"));
    assertEquals(Map.of(), samples);
  }

  @Test
  void whatTheNamesDoNotTellIsNoNumber() throws IOException {
    metrics().bindTo(scrape.registry);
    assertEquals(Double.NaN, scrape.samples(NAME).get("spool_next_due_timestamp_seconds"));
    Files.createFile(directory.resolve("new/a-name-without-a-time"));
    scrape.clock.add(WINDOW);
    assertEquals(Double.NaN, scrape.samples(NAME).get("spool_oldest_ready_age_seconds"));
  }

  @Test
  void aScrapeLooksOnceHoweverManyGaugesAndRegistries() throws IOException {
    SpoolDepthMetrics metrics = metrics();
    Scrape other = new Scrape();
    metrics.bindTo(scrape.registry);
    metrics.bindTo(other.registry);
    assertEquals(0, looks.get(), "nothing looks before a scrape");
    assertEquals(0, scrape.samples(NAME).get("spool_jobs{state=ready}"));
    spool.enqueue(Job.of("a job"));
    assertEquals(0, other.samples(NAME).get("spool_jobs{state=ready}"));
    assertEquals(1, looks.get());

    scrape.clock.add(WINDOW);
    assertEquals(1, scrape.samples(NAME).get("spool_jobs{state=ready}"));
    assertEquals(2, looks.get());
  }

  @Test
  void aLookThatTakesLongerThanItCountsIsStillSharedByTheScrape() {
    SpoolInspector slow =
        counting(spool.inspector(), () -> scrape.clock.add(WINDOW.multipliedBy(3)));
    new SpoolDepthMetrics(NAME, slow, WINDOW, scrape.clock).bindTo(scrape.registry);
    scrape.registry.scrape();
    assertEquals(1, looks.get());
  }

  @Test
  void aSpoolThatIsGoneIsDownAndNotEmpty() throws IOException {
    metrics().bindTo(scrape.registry);
    assertEquals(1, scrape.samples(NAME).get("spool_up"));
    Path away = Files.move(directory, directory.resolveSibling("away"));
    scrape.clock.add(WINDOW);
    Map<String, Double> samples = scrape.samples(NAME);
    assertEquals(2, looks.get(), "one failed look is enough");
    assertEquals(0, samples.remove("spool_up"));
    assertEquals(Set.of(Double.NaN), Set.copyOf(samples.values()));

    Files.move(away, directory);
    scrape.clock.add(WINDOW);
    assertEquals(1, scrape.samples(NAME).get("spool_up"));
  }

  @Test
  void theGaugesLiveThoughNobodyHoldsTheMetrics() {
    metrics().bindTo(scrape.registry);
    WeakReference<Object> sentinel = new WeakReference<>(new Object());
    await()
        .until(
            () -> {
              System.gc();
              return sentinel.get() == null;
            });
    assertEquals(1, scrape.samples(NAME).get("spool_up"));
    assertEquals(0, scrape.samples(NAME).get("spool_workers"));
    assertEquals(0, scrape.samples(NAME).get("spool_oldest_ready_age_seconds"));
  }

  /** So that a panel or an alert works for both. */
  @Test
  void theNamesAreThoseOfTheCommandLine() throws IOException {
    metrics().bindTo(scrape.registry);
    assertEquals(Scrape.documented("Prometheus"), scrape.names());
  }

  private SpoolInspector counting(SpoolInspector inspector) {
    return counting(inspector, () -> {});
  }

  /** The real inspector, whose looks are counted. */
  private SpoolInspector counting(SpoolInspector inspector, Runnable meanwhile) {
    return (SpoolInspector)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SpoolInspector.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == SpoolStats.class) {
                looks.incrementAndGet();
                meanwhile.run();
              }
              try {
                return method.invoke(inspector, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
