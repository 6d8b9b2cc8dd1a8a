package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.DropBox.MEMBER;
import static org.spooldir.cli.DropBox.OTHER_MEMBER;
import static org.spooldir.cli.DropBox.OWNER;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every system call with a path that a worker makes, from its first to its last, in a drop box full
 * of traps. Needs root, and strace.
 */
@Tag("privileged")
class DropBoxTraceIT {

  private static final Pattern CALL = Pattern.compile("\\d+ +(\\w+)\\((.*)");

  /** A path, and before it the open directory in which it is looked for, if it is not whole. */
  private static final Pattern PATH = Pattern.compile("(?:<([^>]*)>, )?\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Makes, alters or removes what its path names. */
  private static final Pattern CHANGES =
      Pattern.compile(
          "(creat|mkdir|mknod|rename|link|symlink|unlink|rmdir|chmod|fchmodat|chown|lchown|fchownat"
              + "|truncate|utime|setxattr|lsetxattr|removexattr|mount|umount).*");

  private static final Pattern OPENS_TO_CHANGE =
      Pattern.compile(".*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE).*");

  /** What is written to and is no file; the full device tells what a full disk is called here. */
  private static final Pattern NO_FILE = Pattern.compile("/dev/(null|tty|full)|/proc/self/.*");

  /** One call, and the paths in it. */
  private record Call(String name, String arguments, List<String> paths) {

    static Stream<Call> in(String line) {
      Matcher matcher = CALL.matcher(line); // not "<... resumed>": those were seen when they began
      if (!matcher.matches() || matcher.group(1).equals("execve")) {
        return Stream.empty();
      }
      List<String> paths =
          PATH.matcher(matcher.group(2))
              .results()
              .map(found -> whole(found.group(1), found.group(2)))
              .toList();
      return Stream.of(new Call(matcher.group(1), matcher.group(2), paths));
    }

    private static String whole(@Nullable String directory, String path) {
      boolean isRelative = directory != null && !path.isEmpty() && !path.startsWith("/");
      return isRelative ? directory + "/" + path : path;
    }

    boolean opens() {
      return name.startsWith("open");
    }

    boolean changes() {
      return CHANGES.matcher(name).matches()
          || (opens() && OPENS_TO_CHANGE.matcher(arguments).matches());
    }

    boolean looksWithoutFollowing() {
      return name.equals("lstat") || (isStat() && arguments.contains("AT_SYMLINK_NOFOLLOW"));
    }

    private boolean isStat() {
      return name.equals("newfstatat") || name.equals("statx");
    }

    /** What makes a file and fails if there is one, a link too, follows none. */
    boolean doesNotFollow() {
      return arguments.contains("O_NOFOLLOW") || arguments.contains("O_CREAT|O_EXCL");
    }

    boolean isAt(String prefix) {
      return paths.stream().anyMatch(path -> path.startsWith(prefix));
    }
  }

  @TempDir Path directory;
  private DropBox box;
  private String root;

  @BeforeEach
  void make() {
    SpoolCommand.needs("python3");
    box = DropBox.in(directory);
    root = box.root().toString();
    assumeTrue(
        shell("strace -o " + directory + "/try true").run().code() == 0,
        "no strace here, or it may not trace: apt-get install strace");
  }

  private List<Call> trace() throws Exception {
    Path log = directory.resolve("trace");
    String java =
        "exec \"$JAVA_HOME/bin/java\" -XX:-UsePerfData -cp '"
            + SpoolCommand.LAUNCHER.resolveSibling("spool-cli/target/lib")
            + "/*' org.spooldir.cli.Main work "
            + root
            + " --drain --attempts 1 --quiet -- cat";
    SpoolCommand.Result result =
        shell(java)
            .under(OWNER)
            .under("strace", "-f", "-y", "-s", "4096", "-o", log.toString(), "-e", "trace=%file")
            .run();
    assertEquals(Set.of("honest", "owner's"), Set.copyOf(result.ok().lines()));
    return Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream().flatMap(Call::in).toList();
  }

  private static void assertNone(List<Call> calls, Predicate<Call> which) {
    assertEquals("", String.join("\n", calls.stream().filter(which).map(Call::toString).toList()));
  }

  @Test
  void aWorkerFollowsNoLinkOpensNothingUnseenAndTouchesNothingOutside() throws Exception {
    Path secret = Files.writeString(directory.resolve("home/secret"), "treasure");
    box.plantStrangers(secret);
    spool("put", root).input("honest\n").under(OTHER_MEMBER).run().ok();
    spool("put", root).input("owner's\n").under(OWNER).run().ok();
    box.line(
            "echo torn > tmp/t && chmod 640 tmp/t && mv tmp/t"
                + " new/0000000002.M000001P1Q1R0123456789abcdef.host,S=99"
                + " && echo secret > tmp/u && chmod 600 tmp/u && mv tmp/u new/unreadable")
        .under(MEMBER)
        .run()
        .ok();
    List<Call> calls = trace();

    assertTrue(calls.stream().filter(Call::changes).count() > 10, "the trace shows what it does");
    assertNone(
        calls,
        call ->
            call.changes()
                && !call.paths().stream()
                    .allMatch(
                        path -> path.startsWith(root + "/") || NO_FILE.matcher(path).matches()));
    assertNone(calls, call -> call.isAt(secret.toString()));
    assertNone(
        calls,
        call ->
            call.isAt(root + "/new/")
                && !call.looksWithoutFollowing()
                && !call.name().startsWith("rename"));
    assertNone(
        calls,
        call ->
            call.opens()
                && (call.isAt(root + "/cur/") || call.isAt(root + "/tmp/"))
                && !call.doesNotFollow());
    assertEquals(List.of(), openedUnseen(calls));
  }

  /** What was opened in {@code cur/} and had not been looked at there before. */
  private List<String> openedUnseen(List<Call> calls) {
    Set<String> seen = new HashSet<>();
    List<String> unseen = new ArrayList<>();
    int opened = 0;
    for (Call call : calls) {
      String path = call.paths().isEmpty() ? "" : call.paths().get(0);
      if (call.looksWithoutFollowing()) {
        seen.add(path);
      } else if (call.opens() && path.startsWith(root + "/cur/")) {
        opened++;
        if (!seen.contains(path)) {
          unseen.add(path);
        }
      }
    }
    assertEquals(3, opened, "two jobs, and one that may not be read; not the torn one");
    return unseen;
  }
}
