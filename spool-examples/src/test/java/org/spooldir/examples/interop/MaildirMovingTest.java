package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Job;

/**
 * Mail programs move and flag the jobs of a spool at work, also one that the worker has in hand.
 * What they move comes back (R3), nothing is lost, and the worker goes on.
 */
@Tag("slow")
@Timeout(60)
class MaildirMovingTest {

  private static final List<String> JOBS = List.of("in hand", "waits 1", "waits 2");
  private static final List<String> AGAIN = List.of("in hand", "in hand", "waits 1", "waits 2");

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
    assertWhatWaitedComesBack();
  }

  @Test
  void whatNeomuttMarksAsOldComesBack() throws Exception {
    live.needs("neomutt", "neomutt");
    neomutt("<quit>");
    assertWhatWaitedComesBack();
  }

  @Test
  void whatMflagFlagsComesBack() throws Exception {
    live.needs("mflag", "mblaze");
    live.run("minc -q spool; mlist spool | mflag -S -F");
    assertAllComesBack();
  }

  @Test
  void whatNeomuttFlagsComesBack() throws Exception {
    live.needs("neomutt", "neomutt");
    neomutt("<tag-pattern>~A<enter><tag-prefix><flag-message><sync-mailbox><quit>");
    assertAllComesBack();
  }

  @Test
  void whatPythonMovesAndFlagsComesBack() throws Exception {
    live.run(python("message.set_subdir('cur')", "message.add_flag('S')", "box[key] = message"));
    assertAllComesBack();
  }

  @Test
  void whatPythonRewritesWithoutAHeaderIsADeadLetter() throws Exception {
    live.enqueue(Job.of("no mail"));
    live.run(python("message.set_subdir('cur')", "box[key] = message"));
    assertEquals(JOBS, handled(JOBS.size()));
    assertEquals(1, live.jobs("failed").size());
    String log = new String(live.read("errors").values().iterator().next(), US_ASCII);
    assertTrue(log.contains("size is 8, S= says 7"), log);
  }

  @Test
  void whatPythonRemovesIsGoneAndTheWorkerGoesOn() throws Exception {
    live.run(python("box.remove(key)"));
    assertEquals(List.of(), live.jobs("new", "cur"));
    assertEquals(List.of("in hand"), handled(1));
    assertEquals(1, live.lost());
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

  /** The claim was left alone, the other jobs were moved, and each was done once. */
  private void assertWhatWaitedComesBack() throws Exception {
    assertEquals(JOBS, handled(JOBS.size()));
    assertEquals(2, live.returned());
    assertEquals(0, live.lost());
  }

  /** The claim was taken away, and its job done again; the other jobs were moved and done once. */
  private void assertAllComesBack() throws Exception {
    assertEquals(AGAIN, handled(AGAIN.size()));
    assertTrue(live.returned() >= 3, () -> "returned: " + live.returned());
    assertEquals(1, live.lost());
    assertEquals(List.of(), live.jobs("failed"));
  }

  private List<String> handled(int jobs) throws Exception {
    return live.finish(jobs).stream()
        .map(payload -> new String(payload, US_ASCII))
        .sorted()
        .toList();
  }
}
