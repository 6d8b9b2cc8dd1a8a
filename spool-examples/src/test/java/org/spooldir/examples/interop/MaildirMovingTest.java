package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Job;

/**
 * Mail programs move and flag the jobs of a spool at work, also one that the worker has in hand.
 * What they move comes back (R3), nothing is lost, and the worker goes on.
 */
@Timeout(60)
class MaildirMovingTest {

  private static final List<String> JOBS = List.of("in hand", "waits 1", "waits 2");

  @RegisterExtension final LiveSpool live = new LiveSpool();

  @BeforeEach
  void oneJobInHandAndTwoThatWait() throws Exception {
    live.holdUpWith(mail(JOBS.get(0)));
    live.enqueue(mail(JOBS.get(1)));
    live.enqueue(mail(JOBS.get(2)));
  }

  private static Job mail(String body) {
    return Job.of(body).attribute("Subject", body).attribute("size", "128");
  }

  @Test
  void whatMincMovesComesBack() throws Exception {
    live.needs("minc", "mblaze");
    live.run("minc -q spool");
    assertEquals(List.of(), live.jobs("new"));
    assertEquals(2, withoutWorker(), "it touched no claim");
    assertAllDone();
    assertEquals(3, live.handled().size(), "the job in hand stayed so");
  }

  @Test
  void whatMflagFlagsComesBack() throws Exception {
    live.needs("mflag", "mblaze");
    live.run("minc -q spool; mlist spool | mflag -S -F");
    assertEquals(3, withoutWorker(), "flags take the place of the claim");
    assertAllDone();
  }

  @Test
  void whatPythonMovesAndFlagsComesBack() throws Exception {
    live.run(python("message.set_subdir('cur')", "message.add_flag('FS')", "box[key] = message"));
    assertEquals(List.of(), live.jobs("new"));
    assertEquals(3, withoutWorker(), "flags take the place of the claim");
    assertAllDone();
  }

  @Test
  void whatPythonRewritesWithoutAHeaderIsADeadLetter() throws Exception {
    live.enqueue(Job.of("no mail"));
    live.run(python("message.set_subdir('cur')", "box[key] = message"));
    live.letGo();
    live.awaitHandled(3);
    live.awaitIdle();
    assertEquals(1, live.jobs("failed").size());
    assertTrue(live.read("errors").values().stream().anyMatch(log -> text(log).contains("says")));
  }

  @Test
  void whatPythonRemovesIsGoneAndTheWorkerGoesOn() throws Exception {
    live.run(python("box.remove(key)"));
    assertEquals(List.of(), live.jobs("new", "cur"));
    live.letGo();
    live.awaitHandled(1);
    live.awaitIdle();
    assertEquals(JOBS.subList(0, 1), bodies());
  }

  @Test
  void whatNeomuttMarksAsOldComesBack() throws Exception {
    live.needs("neomutt", "neomutt");
    neomutt("<quit>");
    assertEquals(List.of(), live.jobs("new"));
    assertEquals(2, withoutWorker(), "it touched no claim");
    assertAllDone();
  }

  @Test
  void whatNeomuttFlagsComesBack() throws Exception {
    live.needs("neomutt", "neomutt");
    neomutt("<tag-pattern>~A<enter><tag-prefix><flag-message><sync-mailbox><quit>");
    assertEquals(List.of(), live.jobs("new"));
    assertEquals(3, withoutWorker(), "flags take the place of the claim");
    assertAllDone();
  }

  /** Does this to each message, as {@code message} and by its {@code key}. */
  private static String python(String... statements) {
    return """
        python3 - << 'END'
        import mailbox
        box = mailbox.Maildir("spool", factory=None, create=False)
        for key in box.keys():
            message = box[key]
        """
        + List.of(statements).stream().map(each -> "    " + each + "\n").collect(joining())
        + "END\n";
  }

  /** Opens the spool with the right to write, and to purge what is marked as deleted. */
  private void neomutt(String keys) throws Exception {
    live.run(
        """
        script -qec "neomutt -n -F /dev/null -f spool \
          -e 'set folder=. move=no quit=yes delete=yes' -e 'push \\"$1\\"'" /dev/null
        """,
        keys);
  }

  /** How many entries of cur/ nobody has, as their names tell. */
  private long withoutWorker() throws Exception {
    return live.jobs("cur").stream().filter(name -> !name.contains(",w=")).count();
  }

  /** Every job is done, those that waited once. */
  private void assertAllDone() throws Exception {
    assertEquals(3, live.jobs("new", "cur").size(), "the program lost a job");
    live.letGo();
    live.awaitIdle();
    assertEquals(JOBS, List.copyOf(new TreeSet<>(bodies())));
    for (String job : JOBS.subList(1, 3)) {
      assertEquals(1, Collections.frequency(bodies(), job), job);
    }
    assertEquals(List.of(), live.jobs("failed"));
  }

  private List<String> bodies() {
    return live.handled().stream().map(print -> print.substring(0, print.indexOf(','))).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }
}
