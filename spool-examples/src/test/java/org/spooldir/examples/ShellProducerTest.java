package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** The producer in shell: what it hands in is claimed with its bytes intact and in order. */
@Timeout(60)
class ShellProducerTest {

  private static final Path SCRIPT = Path.of("shell/produce.sh").toAbsolutePath();

  @TempDir private Path scratch;
  private Path directory;

  /** How a shell command ended. */
  private record Ended(int exitCode, String output, String errors) {}

  @BeforeEach
  void makeSpool() throws IOException {
    directory = scratch.resolve("the spool");
    DirectorySpool.openOrCreate(directory).close();
  }

  private Ended produce(byte[] payload, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return run(payload, command);
  }

  private Ended run(byte[] input, List<String> command) throws Exception {
    Path in = Files.write(scratch.resolve("in"), input);
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    int exitCode =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new Ended(exitCode, Files.readString(out), Files.readString(err));
  }

  private List<Claim> claimAll(Spool spool) throws IOException {
    List<Claim> claims = new ArrayList<>();
    for (Optional<Claim> next = spool.claim(); next.isPresent(); next = spool.claim()) {
      claims.add(next.get());
    }
    return claims;
  }

  @Test
  void jobsComeInTheOrderInWhichTheyWereHandedIn() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Ended ended = produce(("job " + i).getBytes(UTF_8), directory.toString());
      assertEquals(0, ended.exitCode(), ended.errors());
      ids.add(ended.output().strip());
    }
    try (Spool spool = DirectorySpool.open(directory)) {
      List<Claim> claims = claimAll(spool);
      assertEquals(ids, claims.stream().map(claim -> claim.id().value()).toList());
      for (int i = 0; i < claims.size(); i++) {
        assertEquals("job " + i, claims.get(i).payload().text());
      }
    }
  }

  @Test
  void bytesArriveAsTheyAre() throws Exception {
    byte[] bytes =
        new byte[300_000]; // more than a pipe holds at once, and zeros and line ends in it
    new Random(42).nextBytes(bytes);
    assertEquals(0, produce(bytes, directory.toString()).exitCode());
    assertEquals(0, produce(new byte[0], directory.toString()).exitCode());
    try (Spool spool = DirectorySpool.open(directory)) {
      List<Claim> claims = claimAll(spool);
      assertArrayEquals(bytes, claims.get(0).payload().bytes());
      assertArrayEquals(new byte[0], claims.get(1).payload().bytes());
    }
  }

  @Test
  void aJobOfOursIsWhatAnInspectorSees() throws Exception {
    JobId id = new JobId(produce("12345".getBytes(UTF_8), directory.toString()).output().strip());
    try (Spool spool = DirectorySpool.open(directory)) {
      var snapshot = spool.inspector().find(id).orElseThrow();
      assertEquals(JobState.READY, snapshot.state());
      assertEquals(5, snapshot.size().orElseThrow());
      assertEquals(false, snapshot.foreign());
      assertEquals(0, spool.inspector().stats().writing(), "nothing is left in tmp/");
    }
  }

  @Test
  void priorityGoesFirst() throws Exception {
    produce("late".getBytes(UTF_8), directory.toString(), "0");
    produce("plain".getBytes(UTF_8), directory.toString());
    produce("urgent".getBytes(UTF_8), directory.toString(), "9");
    try (Spool spool = DirectorySpool.open(directory)) {
      List<String> texts = new ArrayList<>();
      for (Claim claim : claimAll(spool)) {
        texts.add(claim.payload().text() + " " + claim.priority());
      }
      assertEquals(List.of("urgent 9", "plain 4", "late 0"), texts);
    }
  }

  @Test
  void refusesWhatIsNoSpoolAndWhatIsNoPriority() throws Exception {
    assertEquals(2, produce(new byte[1], scratch.toString()).exitCode());
    assertEquals(2, produce(new byte[1], directory.toString(), "10").exitCode());
    assertTrue(produce(new byte[1]).exitCode() > 0);
    try (Spool spool = DirectorySpool.open(directory)) {
      assertTrue(claimAll(spool).isEmpty());
    }
  }

  @Test
  void theShortFormInTheCommentWorksToo() throws Exception {
    String form;
    try (var lines = Files.lines(SCRIPT)) {
      form =
          lines
              .filter(line -> line.startsWith("#   "))
              .map(line -> line.substring(1).strip())
              .collect(joining("\n"));
    }
    assertEquals(3, form.lines().count(), form);
    Ended ended =
        run("short".getBytes(UTF_8), List.of("/bin/sh", "-c", form, "sh", directory.toString()));
    assertEquals(0, ended.exitCode(), ended.errors());
    try (Spool spool = DirectorySpool.open(directory)) {
      assertEquals("short", claimAll(spool).get(0).payload().text());
    }
  }
}
