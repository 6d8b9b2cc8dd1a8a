package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Job;

/** Mail programs show the jobs of a spool at work as messages, and change nothing. */
@Timeout(60)
class MaildirReadingTest {

  @RegisterExtension final LiveSpool live = new LiveSpool();

  @Test
  void mlistListsAndMshowShowsJobs() throws Exception {
    live.needs("mshow", "mblaze");
    String listed = read("mlist spool | sort -t/ -k3");
    assertEquals(3, listed.lines().filter(line -> line.contains(",H=")).count(), listed);
    assertEquals(2, read("mlist -N spool").lines().count(), "unread: what waits");

    assertShown(
        read(
            """
            mlist spool | sort -t/ -k3 | while read -r job; do
              mshow -h from:subject:size:title "$job"
            done
            """));
  }

  @Test
  void pythonListsAndReadsJobs() throws Exception {
    assertShown(
        read(
            """
            python3 - << 'END'
            import mailbox
            from email.header import decode_header, make_header
            box = mailbox.Maildir("spool", factory=None, create=False)
            for key in sorted(box.keys()):
                for name, value in box[key].items():
                    print(f"{name}: {make_header(decode_header(value))}")
                print("\\n" + box[key].get_payload())
            END
            """));
  }

  @Test
  void neomuttShowsJobsReadOnly() throws Exception {
    live.needs("neomutt", "neomutt");
    assertShown(
        read(
            """
            command='<tag-pattern>~A<enter><tag-prefix><pipe-entry>cat >shown<enter><quit>'
            script -qec "neomutt -n -R -F /dev/null -f spool \
              -e 'set folder=. sort=mailbox-order pipe_decode=yes wait_key=no charset=utf-8' \
              -e 'unignore *' -e 'push \\"$command\\"'" /dev/null > screen
            cat shown
            """));
  }

  /** Runs a script in a spool with a job in hand and two that wait, and sees that nothing moved. */
  private String read(String script) throws Exception {
    if (live.jobs("cur").isEmpty()) {
      live.holdUpWith(job(0));
      live.enqueue(job(1));
      live.enqueue(job(2));
    }
    List<String> before = live.jobs("tmp", "new", "cur", "delayed", "failed");
    String shown = live.run(script);
    assertEquals(before, live.jobs("tmp", "new", "cur", "delayed", "failed"));
    return shown;
  }

  private static Job job(int number) {
    return Job.of("the body of " + number + "\n")
        .attribute("From", "camera@example.org")
        .attribute("Subject", "picture " + number)
        .attribute("size", "128")
        .attribute("title", "Grüße " + number);
  }

  /** All attributes are headers, all payloads bodies; and each job is done once after that. */
  private void assertShown(String shown) throws Exception {
    String text = shown.replace("\r", "");
    for (int i = 0; i < 3; i++) {
      int from = text.indexOf("Subject: picture " + i + "\n");
      int to = text.indexOf("\nthe body of " + i + "\n");
      assertTrue(from >= 0 && from < to, shown);
      String rest = text.substring(from, to);
      assertTrue(rest.matches("(?si).*\nsize: 128\n.*"), shown);
      assertTrue(rest.matches("(?si).*\ntitle: Grüße " + i + "\n.*"), shown);
    }
    assertEquals(3, text.lines().filter("From: camera@example.org"::equals).count(), shown);

    assertEquals(
        List.of("the body of 0\n", "the body of 1\n", "the body of 2\n"),
        live.finish(3).stream().map(payload -> new String(payload, US_ASCII)).toList());
  }
}
