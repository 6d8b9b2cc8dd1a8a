package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolInspector;
import org.spooldir.examples.interop.Program.Ended;
import org.spooldir.fs.Access;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/**
 * The producers in other languages: what they hand in is claimed with its bytes intact and in
 * order.
 */
@Timeout(60)
class ProducersTest {

  private static final int NO_SPOOL = 2;

  @TempDir private Path scratch;
  private Path directory;

  @BeforeAll
  static void lookForTools() throws IOException {
    Program.assumeThereAre("cc", "python3");
  }

  @BeforeEach
  void makeSpool() throws IOException {
    directory = scratch.resolve("the spool");
    DirectorySpool.openOrCreate(directory).close();
  }

  private Ended produce(Program program, String payload, int priority, String... attribute)
      throws IOException {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String pair : attribute) {
      int equals = pair.indexOf('=');
      attributes.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return Program.run(payload.getBytes(UTF_8), program.produce(directory, priority, attributes));
  }

  private String handIn(Program program, String payload, int priority, String... attribute)
      throws IOException {
    Ended ended = produce(program, payload, priority, attribute);
    assertEquals(0, ended.exitCode(), ended.errors());
    return ended.output().strip();
  }

  private List<Claim> claimAll(Spool spool) throws IOException {
    List<Claim> claims = new ArrayList<>();
    for (Optional<Claim> next = spool.claim(); next.isPresent(); next = spool.claim()) {
      claims.add(next.get());
    }
    return claims;
  }

  @ParameterizedTest
  @EnumSource
  void jobsComeInTheOrderInWhichTheyWereHandedIn(Program program) throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(handIn(program, "job " + i, 4));
    }
    try (Spool spool = DirectorySpool.open(directory)) {
      List<Claim> claims = claimAll(spool);
      assertEquals(ids, claims.stream().map(claim -> claim.id().value()).toList());
      for (int i = 0; i < claims.size(); i++) {
        assertEquals("job " + i, claims.get(i).payload().text());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesArriveAsTheyAre(Program program) throws Exception {
    byte[] bytes =
        new byte[300_000]; // more than a pipe holds at once, and zeros and line ends in it
    new Random(42).nextBytes(bytes);
    assertEquals(0, Program.run(bytes, program.produce(directory, 4, Map.of())).exitCode());
    handIn(program, "", 4);
    try (Spool spool = DirectorySpool.open(directory)) {
      List<Claim> claims = claimAll(spool);
      assertArrayEquals(bytes, claims.get(0).payload().bytes());
      assertArrayEquals(new byte[0], claims.get(1).payload().bytes());
    }
  }

  @ParameterizedTest
  @EnumSource
  void attributesAndPriorityArriveToo(Program program) throws Exception {
    handIn(program, "late", 0);
    handIn(program, "plain", 4, "size=128", "Empty=", "odd=a=b: c  d \\ !");
    handIn(program, "urgent", 9);
    try (Spool spool = DirectorySpool.open(directory)) {
      List<String> said = new ArrayList<>();
      for (Claim claim : claimAll(spool)) {
        said.add(claim.payload().text() + " " + claim.priority() + " " + claim.attributes());
      }
      assertEquals(
          List.of("urgent 9 {}", "plain 4 {size=128, Empty=, odd=a=b: c  d \\ !}", "late 0 {}"),
          said);
    }
  }

  @Test
  void pythonEncodesWhatIsNotPlain() throws Exception {
    String title = "\u00a0Gr\u00fc\u00dfe, \ud83d\ude80 \u20ac ".repeat(9);
    handIn(Program.PYTHON, "x", 4, "title=" + title);
    try (Spool spool = DirectorySpool.open(directory)) {
      assertEquals(Map.of("title", title), claimAll(spool).get(0).attributes());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobOfOursIsWhatAnInspectorSees(Program program) throws Exception {
    JobId id = new JobId(handIn(program, "12345", 4));
    SpoolInspector inspector = DirectorySpool.inspect(directory);
    var snapshot = inspector.find(id).orElseThrow();
    assertEquals(JobState.READY, snapshot.state());
    assertEquals(5, snapshot.size().orElseThrow());
    assertFalse(snapshot.foreign());
    assertEquals(0, inspector.stats().writing(), "nothing is left in tmp/");
    assertEquals("rw-------", modeOfTheOnlyJob());
  }

  private String modeOfTheOnlyJob() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("new"))) {
      return PosixFilePermissions.toString(
          Files.getPosixFilePermissions(files.findFirst().orElseThrow()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void inADropBoxTheWorkerMayReadIt(Program program) throws Exception {
    Files.writeString(directory.resolve("spool.format"), "spool 1 retain=9 access=dropbox\n");
    handIn(program, "12345", 4);
    assertEquals("rw-r-----", modeOfTheOnlyJob());
  }

  @ParameterizedTest
  @EnumSource
  void aMemberWhoMayNotOpenTheDirectoriesHandsInToo(Program program) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "not root: there is no other user to be");
    Program.assumeThereAre("setpriv");
    directory = scratch.resolve("box");
    DirectorySpool.openOrCreate(directory, SpoolOptions.DEFAULTS.access(Access.DROPBOX)).close();
    Path programs = scratch.resolve("programs"); // a member may not read the home of who builds
    List<String> command = program.produce(directory, 4, Map.of());
    Path compiled = Path.of("target/interop-produce").toAbsolutePath();
    String script =
        """
        chmod 711 . && chgrp 42424 box box/tmp box/new box/spool.format
        cp -r "$0" programs && { [ ! -e "$1" ] || cp "$1" programs/; } && chmod -R a+rX programs
        """;
    prepare("cd " + scratch + " && " + script, Program.DIRECTORY.toString(), compiled.toString());
    List<String> asMember =
        new ArrayList<>(
            List.of("setpriv", "--reuid=42421", "--regid=42421", "--groups=42424", "--"));
    for (String word : command) {
      asMember.add(
          word.replace(Program.DIRECTORY.toString(), programs.toString())
              .replace(compiled.getParent().toString(), programs.toString()));
    }
    Ended ended = Program.run("from a member".getBytes(UTF_8), asMember);
    assertEquals(0, ended.exitCode(), ended.errors());
    assertEquals("rw-r-----", modeOfTheOnlyJob());
    try (Spool spool = DirectorySpool.open(directory)) {
      assertEquals("from a member", claimAll(spool).get(0).payload().text());
    }
  }

  private static void prepare(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script));
    command.addAll(List.of(arguments));
    Ended ended = Program.run(new byte[0], command);
    assertEquals(0, ended.exitCode(), ended.errors());
  }

  @ParameterizedTest
  @EnumSource
  void eachStepComesInItsPlace(Program program) throws Exception {
    Program.assumeThereAre("strace");
    Path trace = scratch.resolve("trace");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-y", "-o", trace.toString()));
    command.addAll(List.of("-e", "trace=openat,fsync,rename,renameat,renameat2"));
    command.addAll(program.produce(directory, 4, Map.of()));
    Ended ended = Program.run("x".getBytes(UTF_8), command);
    assertEquals(0, ended.exitCode(), ended.errors());
    String place = directory.toRealPath() + "/";
    List<String> steps =
        Files.readAllLines(trace).stream()
            .filter(line -> line.endsWith("= 0") || line.contains("O_EXCL"))
            .map(line -> step(line, place))
            .filter(step -> !step.isEmpty())
            .toList();
    assertEquals(
        List.of("create tmp/job", "fsync tmp/job", "fsync tmp", "rename tmp/job", "fsync new"),
        steps);
  }

  /** A system call, without the paths that are another's each time. */
  private static String step(String line, String place) {
    boolean draft = line.contains("tmp/1");
    if (line.contains("O_EXCL") && draft) {
      return "create tmp/job";
    }
    if (line.contains("rename")) {
      return draft ? "rename tmp/job" : "";
    }
    if (!line.contains(" fsync(") || !line.contains(place)) {
      return "";
    }
    return "fsync " + (draft ? "tmp/job" : line.replaceAll(".*/(\\w+)>.*", "$1"));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUnderstoodByNobodyHereIsRefused(Program program) throws Exception {
    for (String marker : List.of("spool 2\n", "spool 1 colour=red\n", "")) {
      Files.writeString(directory.resolve("spool.format"), marker);
      assertTrue(produce(program, "x", 4).exitCode() > 0, marker);
    }
    Files.delete(directory.resolve("spool.format"));
    assertTrue(produce(program, "x", 4).exitCode() > 0);
    Files.writeString(directory.resolve("spool.format"), "spool 1 reserve=0 separator=;\n");
    assertEquals(NO_SPOOL, produce(program, "x", 10).exitCode(), "no priority");
    for (String attribute : List.of("Spool-Key=x", "a:b=x", "=x")) {
      assertEquals(NO_SPOOL, produce(program, "x", 4, attribute).exitCode(), attribute);
    }
    assertEquals(0, DirectorySpool.inspect(directory).stats().writing(), "left in tmp/");
    try (Spool spool = DirectorySpool.open(directory)) {
      assertTrue(claimAll(spool).isEmpty());
    }
    handIn(program, "x", 4);
  }

  @Test
  void theShortFormInTheCommentWorksToo() throws Exception {
    String form;
    try (var lines = Files.lines(Program.DIRECTORY.resolve("produce.sh"))) {
      form =
          lines
              .filter(line -> line.startsWith("#   "))
              .map(line -> line.substring(1).strip())
              .collect(joining("\n"));
    }
    assertEquals(3, form.lines().count(), form);
    Ended ended =
        Program.run(
            "short".getBytes(UTF_8), List.of("/bin/sh", "-c", form, "sh", directory.toString()));
    assertEquals(0, ended.exitCode(), ended.errors());
    try (Spool spool = DirectorySpool.open(directory)) {
      assertEquals("short", claimAll(spool).get(0).payload().text());
    }
  }
}
