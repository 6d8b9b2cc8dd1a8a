package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Job;

/** Other programs deliver into a spool as into any Maildir, while a worker is at work. */
@Tag("slow")
@Timeout(60)
class MaildirDeliveryTest {

  /** Longer than what is checked in memory, and than a pipe holds. */
  private static final int LONG = 300_000;

  private static final String SHELL =
      """
      for file in in/*; do
        cp "$file" "spool/tmp/${file##*/}" && mv "spool/tmp/${file##*/}" spool/new/
      done
      """;

  private static final String PYTHON =
      """
      python3 - << 'END'
      import glob, mailbox
      box = mailbox.Maildir("spool", factory=None, create=False)
      for name in sorted(glob.glob("in/*")):
          with open(name, "rb") as file:
              box.add(file.read())
      END
      """;

  private static final String SAFECAT =
      """
      for file in in/*; do safecat spool/tmp spool/new < "$file"; done
      """;

  private static final String MDELIVER =
      """
      for file in in/*; do mdeliver spool < "$file"; done
      """;

  private static final String MAILDROP =
      """
      umask 077
      echo "to $PWD/spool" > filter
      for file in in/*; do maildrop filter < "$file"; done
      """;

  /** Without {@code -d} it asks no daemon who its user is; but then it will not be root. */
  private static final String DOVECOT =
      """
      printf '%s\\n' "mail_location = maildir:$PWD/spool" 'log_path = /dev/stderr' \
        'postmaster_address = postmaster@localhost' 'hostname = localhost' > lda.conf
      as_somebody=
      if [ "$(id -u)" = 0 ]; then
        as_somebody='setpriv --reuid=65534 --regid=65534 --clear-groups'
        chown -R 65534:65534 .
      fi
      for file in in/*; do $as_somebody /usr/lib/dovecot/dovecot-lda -c lda.conf < "$file"; done
      """;

  @RegisterExtension final LiveSpool live = new LiveSpool();

  /** Whether the names of a program tell in which order it made them, or only in which second. */
  private enum Names {
    SORT,
    TELL_SECONDS
  }

  @Test
  void whatAShellMovesInIsClaimedWholeAndInOrder() throws Exception {
    deliver(messages("\r\n\0\n\377"), SHELL, Names.SORT, UnaryOperator.identity());
  }

  @Test
  void whatPythonDeliversIsClaimedWhole() throws Exception {
    deliver(messages("\r\n\0\n\377"), PYTHON, Names.TELL_SECONDS, UnaryOperator.identity());
  }

  @Test
  void whatSafecatDeliversIsClaimedWholeAndInOrder() throws Exception {
    live.needs("safecat", "safecat");
    deliver(messages("\r\n\0\n\377"), SAFECAT, Names.SORT, UnaryOperator.identity());
  }

  @Test
  void whatMdeliverDeliversIsClaimedWholeAndInOrder() throws Exception {
    live.needs("mdeliver", "mblaze");
    deliver(messages("\r\n\0\n\377"), MDELIVER, Names.SORT, UnaryOperator.identity());
  }

  @Test
  void whatMaildropDeliversIsClaimedWholeWithALineEndAtItsEnd() throws Exception {
    live.needs("maildrop", "maildrop");
    deliver(
        messages("\r\n\377"),
        MAILDROP,
        Names.TELL_SECONDS,
        text -> text.endsWith("\n") ? text : text + "\n");
  }

  @Test
  void whatDovecotLdaDeliversIsClaimedWholeButForCarriageReturns() throws Exception {
    live.needs("/usr/lib/dovecot/dovecot-lda", "dovecot-core");
    deliver(
        messages("\r\n\0\n\377"), DOVECOT, Names.TELL_SECONDS, text -> text.replace("\r\n", "\n"));
  }

  @Test
  void whatNeomuttFilesAsSentComesBackFromCurAndIsClaimed() throws Exception {
    live.needs("neomutt", "neomutt");
    live.run(
        """
        for n in 1 2 3; do
          printf 'the body\\nof job %s\\n' $n | neomutt -n -F /dev/null -s "job $n" \
            -e "set record=$PWD/spool copy=yes sendmail=true hostname=localhost" x@localhost
        done
        """);
    List<String> messages =
        live.finish(3).stream().map(each -> new String(each, ISO_8859_1)).toList();
    assertEquals(3, live.returned(), "it files into cur/");
    for (int n = 1; n <= 3; n++) {
      String header = "Subject: job " + n + "\n";
      String body = "\n\nthe body\nof job " + n + "\n";
      assertEquals(
          1,
          messages.stream().filter(each -> each.contains(header) && each.endsWith(body)).count(),
          messages::toString);
    }
  }

  @Test
  void whatMdeliverPutsIntoCurComesBackAndIsClaimed() throws Exception {
    live.needs("mdeliver", "mblaze");
    List<String> messages = messages("\n");
    write(messages);
    live.run("for file in in/*; do mdeliver -c -X S spool < \"$file\"; done");
    assertSameJobs(prints(messages), handled(messages.size()));
    assertEquals(messages.size(), live.returned());
  }

  @Test
  void allForceTheFileToDiskAndDovecotItsDirectoryToo() throws Exception {
    live.needs("strace", "strace");
    live.needs("safecat", "safecat");
    live.needs("mdeliver", "mblaze");
    live.needs("maildrop", "maildrop");
    live.needs("/usr/lib/dovecot/dovecot-lda", "dovecot-core");
    write(messages("\n").subList(0, 2));
    for (String script : List.of(PYTHON, SAFECAT, MDELIVER, MAILDROP, DOVECOT)) {
      Files.writeString(live.scratch().resolve("script"), script);
      String forced =
          live.run("strace -fyo trace -e trace=fsync,fdatasync sh -eu script; cat trace");
      assertEquals(2, count("sync\\(\\d+<.*/spool/tmp/.*> *\\) += 0", forced), script + forced);
      int directories = script.equals(DOVECOT) ? 2 : 0;
      assertEquals(directories, count("sync\\(\\d+<.*/spool/new> *\\) += 0", forced), forced);
    }
    live.finish(10);
  }

  private static long count(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void twoWorkersShareWhatSeveralProgramsDeliverAtOnce() throws Exception {
    live.needs("safecat", "safecat");
    live.needs("mdeliver", "mblaze");
    live.startWorker();
    List<String> messages = messages("\r\n\0\n\377");
    write(messages);
    live.run(
        Stream.of(PYTHON, SAFECAT, MDELIVER)
            .map(script -> "(\n" + script + ") &\n")
            .collect(joining("", "", SHELL + "wait\n")));
    List<String> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.addAll(prints(messages));
    }
    assertSameJobs(four, handled(four.size()));
  }

  /** Mail with a body of any bytes, which has what is asked for and ends in it. */
  private List<String> messages(String ending) {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] body = new byte[i == 5 ? LONG : live.random().nextInt(5_000)];
      live.random().nextBytes(body);
      String text = new String(body, ISO_8859_1);
      if (ending.indexOf('\0') < 0) {
        text = text.replace('\0', '0');
      }
      messages.add("Subject: job %d\n\n%s%s".formatted(i, text, ending));
    }
    return messages;
  }

  private void write(List<String> messages) throws IOException {
    Path in = Files.createDirectory(live.scratch().resolve("in"));
    for (int i = 0; i < messages.size(); i++) {
      Files.writeString(in.resolve("%03d".formatted(i)), messages.get(i), ISO_8859_1);
    }
  }

  /** Has a program deliver messages while the worker is held up, and then lets it go. */
  private void deliver(
      List<String> messages, String script, Names names, UnaryOperator<String> altered)
      throws Exception {
    write(messages);
    live.holdUpWith(Job.of("in hand"));
    live.run(script);
    List<String> delivered =
        live.read("new").values().stream().map(LiveSpool::print).toList(); // as the names sort
    List<String> expected = prints(messages.stream().map(altered).toList());
    if (names == Names.SORT) {
      assertEquals(expected, delivered, "what the program made of it");
    }
    assertSameJobs(expected, delivered);
    assertEquals(List.of(), live.jobs("tmp"));

    assertEquals(delivered, handled(1 + messages.size()).subList(1, 1 + messages.size()));
    assertEquals(List.of(), live.jobs("failed"));
  }

  /** Lets the worker go until it has handled so many. */
  private List<String> handled(int jobs) throws IOException {
    return live.finish(jobs).stream().map(LiveSpool::print).toList();
  }

  private static List<String> prints(List<String> messages) {
    return messages.stream().map(each -> LiveSpool.print(each.getBytes(ISO_8859_1))).toList();
  }

  private static void assertSameJobs(List<String> expected, List<String> actual) {
    assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());
  }
}
