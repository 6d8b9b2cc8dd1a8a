package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive as its user runs it: as a process, with workers killed and stopped in the middle. */
@Timeout(120)
class ArchiveTest {

  private static final int FILES = 150;

  /** Names that a file can have. */
  private static final List<String> ODD =
      List.of(
          "with%20space",
          "new%0Aline", "%C3%BCml%C3%A4ut", "no%FFtext%FE", "tab%09", "-rf", "%25s");

  @TempDir private Path scratch;

  /** How a run ended. */
  private record Ended(int exitCode, String output) {

    long count(String what) {
      Matcher line = Pattern.compile("(?m)^" + what + " +(\\d+)").matcher(output);
      assertTrue(line.find(), what + " in " + output);
      return Long.parseLong(line.group(1));
    }
  }

  private Ended archive(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Archive.class.getName()));
    command.addAll(arguments);
    Path log = scratch.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("LC_ALL", "C"); // where names beyond ASCII are hardest
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(100, TimeUnit.SECONDS), () -> text(log));
      return new Ended(process.exitValue(), text(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path makeTree() throws IOException {
    Path tree = Files.createDirectories(scratch.resolve("tree/deep/er")).getParent().getParent();
    Random random = new Random(42);
    for (int i = 0; i < FILES - ODD.size() - 2; i++) {
      byte[] bytes = new byte[random.nextInt(20_000)];
      random.nextBytes(bytes);
      Files.write(tree.resolve(i % 2 == 0 ? "deep/" + i : "deep/er/" + i), bytes);
    }
    for (String name : ODD) {
      Files.writeString(Path.of(URI.create(tree.toUri() + "deep/" + name)), name);
    }
    Files.createFile(tree.resolve("empty"));
    byte[] large = new byte[3 << 20];
    random.nextBytes(large);
    Files.write(tree.resolve("large"), large);
    Files.createSymbolicLink(tree.resolve("link"), tree.resolve("large"));
    return tree;
  }

  @Test
  void nothingIsLostWhenOneWorkerIsKilledAndOneIsStopped() throws Exception {
    Path tree = makeTree();
    Path output = scratch.resolve("output");
    Path spool = scratch.resolve("spool");

    Ended ended =
        archive(
            List.of(
                tree.toString(),
                output.toString(),
                "--spool",
                spool.toString(),
                "--weight",
                "100",
                "--flaky",
                "0.05"));

    assertEquals(0, ended.exitCode(), ended.output());
    assertEquals(FILES, ended.count("dropped"), ended.output());
    assertEquals(FILES, ended.count("completed"), ended.output());
    assertEquals(0, ended.count("lost"), ended.output());
    assertEquals(0, ended.count("damaged"), ended.output());
    assertEquals(0, ended.count("dead-lettered"), ended.output());
    assertTrue(ended.count("recovered") >= 2, ended.output());
    assertTrue(ended.count("late") > 0, ended.output());
    assertTrue(ended.count("retried") > 0, ended.output());
    assertTrue(ended.output().contains("kill -9 worker 1"), ended.output());
    assertTrue(ended.output().contains("kill -CONT worker 2"), ended.output());
    assertSame(tree, output.resolve("files"));
    assertFalse(Files.exists(output.resolve("drafts")));
    assertTrue(Files.exists(spool.resolve("spool.format")), "a spool of the user's own stays");
  }

  /** Compares the trees without any class of the archive. */
  private static void assertSame(Path tree, Path files) throws IOException {
    List<Path> inputs;
    try (Stream<Path> all = Files.walk(tree)) {
      inputs = all.filter(Files::isRegularFile).filter(f -> !Files.isSymbolicLink(f)).toList();
    }
    assertEquals(FILES, inputs.size());
    for (Path input : inputs) {
      String below = input.toUri().toString().substring(tree.toUri().toString().length());
      Path file = Path.of(URI.create(files.toUri() + below + ".gz"));
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        assertEquals(-1, Arrays.mismatch(Files.readAllBytes(input), in.readAllBytes()), below);
      }
      assertEquals(Files.getLastModifiedTime(input), Files.getLastModifiedTime(file), below);
    }
  }

  @Test
  void aFewFilesAreArchivedThoughThereIsNoMiddle() throws Exception {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    Files.writeString(tree.resolve("one"), "1");
    Files.createDirectory(tree.resolve("two.gz"));
    Files.writeString(tree.resolve("two"), "its output has no room");

    Ended ended = archive(List.of(tree.toString(), scratch.resolve("output").toString()));

    assertEquals(0, ended.exitCode(), ended.output());
    assertEquals(1, ended.count("completed"));
    assertEquals(1, ended.count("skipped"));
    assertTrue(ended.output().contains("too little work"), ended.output());
  }

  @Test
  void argumentsThatMakeNoSenseAreRefused() throws Exception {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    Path full = Files.createDirectory(scratch.resolve("full"));
    Files.createFile(full.resolve("file"));
    for (List<String> arguments :
        List.of(
            List.of(tree.toString(), full.toString()),
            List.of(tree.toString(), tree.resolve("output").toString()),
            List.of(tree.toString(), "--workers", "1"),
            List.of(tree.toString(), "--limit", "many"),
            List.of(tree.toString(), "--unknown"))) {
      Ended ended = archive(arguments);
      assertEquals(2, ended.exitCode(), arguments + " " + ended.output());
      assertTrue(ended.output().contains("usage: archive-demo"), ended.output());
    }
  }
}
