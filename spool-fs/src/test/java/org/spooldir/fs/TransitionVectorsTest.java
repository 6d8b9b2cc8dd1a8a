package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.fs.Vectors.Row;

/**
 * Each transition leads from what {@code docs/format-vectors} has before it to what it has after.
 */
class TransitionVectorsTest {

  private static final Set<JobState> ENDED = Set.of(JobState.FAILED, JobState.DONE);
  private static final String OURS = "spool\\.(format|reserve)|workers/.*";

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  private Optional<Claim> claim = Optional.empty();

  /** One case: its title, and its rows. */
  record Case(String title, List<Row> rows) {

    List<Row> of(String kind) {
      return rows.stream().filter(row -> row.raw(0).equals(kind)).toList();
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Row row : Vectors.rows("transitions.tsv").filter(row -> !row.raw(0).isEmpty()).toList()) {
      if (row.raw(0).equals("case")) {
        cases.add(new Case(row.raw(1), new ArrayList<>()));
      } else {
        cases.get(cases.size() - 1).rows().add(row);
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leadsWhereItShould(Case vector) throws Exception {
    try (Lab lab = Lab.in(directory)) {
      for (Row row : vector.of("before")) {
        lay(lab.root, row);
      }
      Set<String> before = new TreeSet<>(contents(lab.root).keySet());
      DirectorySpool spool = lab.open();
      for (Row row : vector.of("act")) {
        act(lab, spool, row);
      }
      Map<String, String> after = contents(lab.root);
      after.keySet().removeIf(path -> path.matches(OURS) && !before.contains(path));
      after.remove("spool.format");
      require(vector.of("after"), after, lab.time.millis());
    }
  }

  private static void lay(Path root, Row row) throws IOException {
    Path file = root.resolve(row.raw(1));
    String content =
        row.bytes(2).replace("<boot>", Machine.bootId()).replace("<pidns>", Machine.pidNamespace());
    Files.createDirectories(file.getParent());
    if (content.startsWith("-> ")) {
      Files.createLink(file, root.resolve(content.substring(3)));
      return;
    }
    Files.writeString(file, content, ISO_8859_1);
    if (row.fields().size() > 3) {
      Duration age = Duration.ofMillis(Long.parseLong(row.raw(3)));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(age)));
    }
  }

  private void act(Lab lab, DirectorySpool spool, Row act) throws Exception {
    switch (act.raw(1)) {
      case "claim" -> {
        claim = spool.claim();
        lab.awaitRest(); // the first claim starts what runs in the background
      }
      case "complete" -> claim.orElseThrow().complete();
      case "retry" ->
          claim.orElseThrow().retry(Duration.ofMillis(Long.parseLong(act.raw(2))), act.text(3));
      case "release" -> claim.orElseThrow().release();
      case "reject" -> claim.orElseThrow().reject(act.text(2));
      case "lease" -> lab.time.advance(Lab.LONG.multipliedBy(2));
      case "recover" -> spool.maintenance().recover();
      case "hold" -> spool.maintenance().hold(ids(spool, Set.of(JobState.READY, JobState.DELAYED)));
      case "unhold" -> spool.maintenance().unhold(ids(spool, Set.of(JobState.HELD)));
      case "requeue" -> spool.maintenance().requeue(ids(spool, ENDED), ENDED);
      default -> throw new IllegalArgumentException(act.raw(1));
    }
  }

  private static List<JobId> ids(DirectorySpool spool, Set<JobState> states) throws IOException {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(states)) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  /** Path to content of all files, one char per byte. */
  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file, ISO_8859_1));
      }
    }
    return contents;
  }

  /** Each row is one file, and there is no other. */
  private static void require(List<Row> expected, Map<String, String> actual, long now) {
    Map<String, String> left = new TreeMap<>(actual);
    for (Row row : expected) {
      String path =
          left.keySet().stream()
              .filter(each -> matches(row.bytes(1), each, now))
              .findFirst()
              .orElseThrow(() -> new AssertionError(row.bytes(1) + " is not in " + actual));
      String content = left.remove(path);
      assertTrue(matches(row.bytes(2), content, now), () -> path + " holds " + content);
    }
    assertEquals(Map.of(), left, "more than there should be");
  }

  private static boolean matches(String expected, String actual, long now) {
    String pattern =
        Pattern.quote(expected)
            .replace("<now>", Long.toString(now))
            .replace("<now+1000>", Long.toString(now + 1_000))
            .replace("<now+60000>", Long.toString(now + 60_000))
            .replace("<claim>", "\\E[^,/]{1,30}\\.\\d+\\Q")
            .replace("<worker>", "\\E[^,/\"]{1,30}\\Q")
            .replace("<random>", "\\E[0-9a-f]{16}\\Q")
            .replace("<time>", "\\E\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\\Q")
            .replace("<boot>", Machine.bootId())
            .replace("<pidns>", Machine.pidNamespace())
            .replace("<reason>", "\\E[ -~]+\\Q");
    return actual.matches("(?s)" + pattern);
  }
}
