package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.JobState;
import org.spooldir.SpoolStats;
import org.spooldir.fs.DirectorySpool;

/** Each small example does what it says. */
@Timeout(60)
class ExamplesTest {

  /** Attempts fail on purpose here, and each would be logged. Held, or it is forgotten. */
  private static final Logger LOG = Logger.getLogger("org.spooldir.worker");

  @TempDir private Path directory;

  @BeforeAll
  static void quieten() {
    LOG.setLevel(Level.WARNING);
  }

  private interface Example {
    void run(Path directory, PrintStream out) throws Exception;
  }

  private List<String> run(Example example) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, UTF_8);
    example.run(directory, out);
    return bytes.toString(UTF_8).lines().toList();
  }

  private SpoolStats stats() throws Exception {
    return DirectorySpool.inspect(directory).stats();
  }

  @Test
  void helloCompletesItsJob() throws Exception {
    List<String> said = run(Hello::run);
    assertEquals("Hello, world {language=en}", said.get(2));
    assertEquals("completed; nothing is left: true", said.get(3));
    assertEquals(0, stats().jobs(JobState.READY) + stats().jobs(JobState.CLAIMED));
  }

  @Test
  void retryAndRejectEndsEachJobInItsWay() throws Exception {
    List<String> said = run(RetryAndReject::run);
    List<String> settled = said.stream().filter(line -> line.startsWith("attempt")).toList();
    assertEquals(2, settled.stream().filter(line -> line.contains("COMPLETED")).count());
    assertEquals(1, settled.stream().filter(line -> line.contains("RELEASED")).count());
    assertTrue(settled.contains("attempt 1 REJECTED no address is no address"));
    assertTrue(settled.contains("attempt 1 RETRIED java.io.IOException: connection refused"));
    assertTrue(settled.contains("attempt 2 RETRIED java.io.IOException: connection refused"));
    assertTrue(
        settled.stream().anyMatch(line -> line.startsWith("attempt 3 REJECTED attempt limit 3")));
    assertEquals(2, said.stream().filter("a dead letter:"::equals).count());
    assertEquals(2, stats().jobs(JobState.FAILED));
    assertEquals(0, stats().jobs(JobState.READY) + stats().jobs(JobState.DELAYED));
  }

  @Test
  void scheduledComesByPriorityAndTime() throws Exception {
    List<String> said = run(Scheduled::run);
    assertEquals("2 wait for their time", said.get(0));
    List<String> served = said.stream().skip(1).map(line -> line.substring(10)).toList();
    assertEquals(
        List.of(
            "first of all",
            "in its turn",
            "in its turn, behind the other",
            "some time",
            "after a while",
            "at a given instant"),
        served);
    assertTrue(millis(said.get(5)) >= 1999, said.get(5));
    assertTrue(millis(said.get(6)) >= 2999, said.get(6));
  }

  private static long millis(String line) {
    return Long.parseLong(line.substring(0, 5).strip());
  }

  @Test
  void dedupKeyTakesEachWorkOnce() throws Exception {
    assertEquals(
        List.of(
            "the same job: true",
            "the same job: true",
            "nothing is left: true",
            "another job: true"),
        run(DedupKey::run));
    assertEquals(1, stats().jobs(JobState.READY));
  }

  @Test
  void operatorTourShowsEachState() throws Exception {
    String said = String.join("\n", run(OperatorTour::run));
    for (String place : List.of("new", "cur", "delayed", "held", "failed", "done", "errors")) {
      assertTrue(said.contains("\n  " + place + "/"), place + " in " + said);
    }
    assertTrue(said.contains("it was for Zoë"), said);
    assertTrue(said.contains("it failed: the printer is on fire"), said);
    assertTrue(said.contains("it says: invoice 42"), said);
    assertTrue(said.contains("ready: 2, 0 failed"), said);
    assertTrue(said.endsWith("discard: nothing is left"), said);
  }
}
