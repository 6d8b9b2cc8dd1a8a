package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.Patience.await;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.cli.SpoolCommand.Result;

/** {@code spool watch}. */
@Timeout(
    value = 3,
    unit = TimeUnit.MINUTES,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a read cannot be interrupted
class WatchIT {

  @TempDir Path directory;

  private HandmadeSpool spool;
  private Process process;
  private BufferedReader out;

  @BeforeEach
  void make() throws Exception {
    spool = HandmadeSpool.in(directory.resolve("spool"));
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void start(SpoolCommand command) {
    process = command.start();
    out = process.inputReader();
  }

  private void signal(String name) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
  }

  private void endsWith(int code) throws Exception {
    assertTrue(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS), "it goes on");
    assertEquals(code, process.exitValue());
  }

  @Test
  void printsALineForEachChangeUntilItIsInterrupted() throws Exception {
    spool.job("new", Duration.ofSeconds(5), "web1", "");
    String before = spool.tree();
    start(spool("watch", "--interval", "100ms", spool.root()));
    String first = out.readLine();
    assertTrue(
        first.matches(
            "20[0-9-]{8}T[0-9:.]+Z ready 1, claimed 0, delayed 0, held 0, failed 0, done 0,"
                + " workers 0, foreign 0"),
        first);
    assertEquals(before, spool.tree());
    spool.job("failed", Duration.ofSeconds(5), "web1", "");
    String second = out.readLine();
    assertTrue(second.endsWith("Z failed 1 (+1)"), second);
    try (var files = Files.list(spool.root().resolve("new"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    String third = out.readLine();
    assertTrue(third.endsWith("Z ready 0 (-1)"), third);
    signal("INT");
    endsWith(0);
    assertEquals(null, out.readLine());
  }

  @Test
  void asJsonItPrintsEachLook() throws Exception {
    spool.job("new", Duration.ofSeconds(5), "web1", ",S=9");
    start(spool("watch", "--json", "--interval", "100ms", spool.root()));
    for (int i = 0; i < 3; i++) {
      String line = out.readLine();
      assertTrue(line.startsWith("{\"spool\":\"" + spool.root() + "\",\"time\":\""), line);
      assertTrue(line.contains("\"ready\":{\"jobs\":1,\"bytes\":9}"), line);
      assertTrue(line.endsWith(",\"changes\":{}}"), line);
    }
    spool.file("workers", "web1.1.abc");
    await().until(() -> out.readLine().endsWith(",\"changes\":{\"workers\":1}}"));
    assertTrue(out.readLine().endsWith(",\"changes\":{}}"));
    signal("TERM");
    endsWith(0);
    out.lines().forEach(line -> assertTrue(line.endsWith("}}"), "a whole line: " + line));
  }

  @Test
  void onATerminalTheNumbersChangeInPlace() throws Exception {
    start(terminal(40, "spool watch --interval 100ms " + spool.root()));
    Screen screen = new Screen(process);
    await().until(() -> screen.text().contains("\u001b[11A"));
    spool.jobs(1, "new", Duration.ofHours(70), "web1");
    await().until(() -> screen.text().contains("+1\u001b[K"));
    await().until(() -> screen.text().contains("oldest ready   2d 22h"));
    List<String> lines = screen.text().lines().toList();
    for (String line : lines) {
      String shown = line.replaceAll("\u001b\\[[0-9]*[AK]", "");
      assertTrue(TextWidth.of(shown) < 40, shown);
      assertFalse(shown.contains("\u001b"), shown);
    }
    // the interrupt comes from the terminal, as from a keyboard
    process.getOutputStream().write(3);
    process.getOutputStream().flush();
    await().until(() -> !screen.text().isEmpty() && !process.isAlive());
    assertEquals(0, process.exitValue());
  }

  @Test
  void aClosedPipeEndsItQuietly() {
    String line = "spool watch --json --interval 100ms spool | head -n 1; echo ${PIPESTATUS[0]}";
    Result result = shell(line).in(directory).run().ok();
    assertEquals(2, result.lines().size());
    assertEquals("" + ExitCode.BROKEN_PIPE, result.lines().get(1));
    assertFalse(result.err().contains("spool watch"), result.err());
  }

  @Test
  void aSpoolThatIsTakenAwayIsNotTakenForAnEmptyOne() throws Exception {
    start(spool("watch", "--interval", "100ms", spool.root()));
    assertTrue(out.readLine().contains("ready 0"));
    Files.move(spool.root(), directory.resolve("elsewhere"));
    String said = out.readLine();
    assertTrue(said.startsWith("spool watch: open " + spool.root() + ": is neither"), said);
    endsWith(ExitCode.CONFIG);
  }

  @Test
  void whatCannotBeWatchedIsRefused() throws Exception {
    Result result = spool("watch", directory.resolve("missing")).run().failsWith(ExitCode.CONFIG);
    assertTrue(result.err().contains("is neither a spool nor a Maildir"), result.err());
    spool("watch", "--interval", "0s", spool.root()).run().failsWith(ExitCode.USAGE);
    String[] nobody = OtherUser.nobody();
    spool.readableByOwnerOnly();
    spool("watch", spool.root()).under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
  }

  @Test
  void aPlainMaildirWillDoAndReadPermissionIsEnough() throws Exception {
    String[] nobody = OtherUser.nobody();
    HandmadeSpool maildir =
        HandmadeSpool.maildir(directory.resolve("Maildir"))
            .file("new", "1700000000.M1P1.host")
            .readableByAll();
    start(spool("watch", maildir.root()).under(nobody));
    assertTrue(out.readLine().contains("Z ready 1, claimed 0, "));
    process.destroy();
    endsWith(0);
  }
}
