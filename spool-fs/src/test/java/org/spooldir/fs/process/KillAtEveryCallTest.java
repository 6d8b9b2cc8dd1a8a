package org.spooldir.fs.process;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Evidence;
import org.spooldir.fs.Evidence.Section;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * kill -9 before every system call of every step in a job's life, the one that writes down that it
 * is done included: a real process each time, in whose place another one goes on.
 */
@Tag("slow")
@Timeout(300)
class KillAtEveryCallTest {

  @RegisterExtension final Processes processes = Processes.inMemory();

  private final TreeSet<String> given = new TreeSet<>();
  private Path template = Path.of("");
  private String mutant = "";
  private int plays;
  private int kills;

  @BeforeAll
  static void findStrace() throws IOException, InterruptedException {
    Optional<String> problem = Strace.problem();
    assumeTrue(problem.isEmpty(), problem::orElseThrow);
  }

  /** A child that has come to its deed, in a spool of its own. */
  private record Doomed(ChildProcess child, Path spool, Path file, Path log) {}

  @ParameterizedTest
  @EnumSource(Deed.class)
  void anotherProcessGoesOnWhereOneWasKilled(Deed deed) throws IOException {
    List<String> calls = killBeforeEachCall(deed);

    String kinds =
        calls.stream()
            .collect(groupingBy(Function.identity(), TreeMap::new, counting()))
            .entrySet()
            .stream()
            .map(call -> call.getKey() + " " + call.getValue())
            .collect(joining(", "));
    Evidence.of(Section.KILLS, "kill -9 before each system call: " + deed)
        .row(
            calls.size() + " kills",
            "acknowledged is there or done, nothing twice, torn, or claimed for ever; keys free",
            "all kept; the calls are " + kinds);
  }

  @Test
  void aBuildThatDeletesBeforeItRenamesIsFoundOut() {
    mutant = "DELETE_BEFORE_RENAME";
    AssertionError lost =
        assertThrows(AssertionError.class, () -> killBeforeEachCall(Deed.RELEASE));
    assertTrue(lost.toString().contains("lost"), lost::toString);
    Evidence.of(Section.MUTANTS, "a name deleted before the new one is written, and kill -9")
        .row(kills + " kills", "found out", "a job that was acknowledged is lost");
  }

  private List<String> killBeforeEachCall(Deed deed) throws IOException {
    makeTemplate(deed);
    List<String> calls = unharmed(deed);
    assertTrue(calls.size() > 1, "strace saw nothing: " + calls); // each deed forces what it did
    Set<List<String>> killed = new HashSet<>(); // the calls that each had begun when it died
    Doomed next = cast(deed);
    int others = 0;
    for (int n = 1; n <= calls.size(); n++) {
      List<String> begun = calls.subList(0, n);
      if (killed.contains(begun)) {
        continue;
      }
      Doomed doomed = next;
      next = cast(deed); // it gets ready while the other one is judged
      killed.add(die(deed, doomed, begun));
      if (!killed.contains(begun)) {
        // Background threads did something in the stead of this one or of the unharmed one, and
        // of those two either may be the rare one.
        assertTrue(++others <= 3 * calls.size(), "the calls are never the same");
        calls = unharmed(deed);
        n = 0;
      }
    }
    next.child().kill();
    return calls;
  }

  // ---- before ----

  private void makeTemplate(Deed deed) throws IOException {
    template = processes.scratch("template");
    SpoolOptions options =
        SpoolOptions.DEFAULTS.reserve(0).retention(Duration.parse(deed.retention));
    try (Spool spool = DirectorySpool.create(template, options)) {
      deed.given(spool);
    }
    try (Heir heir = new Heir(template)) {
      given.addAll(heir.undone());
    }
    if (deed.followsADeath()) {
      ChildProcess worker = processes.start(PuppetMain.class, "spool=" + template);
      for (int i = 0; i < given.size(); i++) {
        worker.claim();
      }
      worker.kill();
      try (Spool spool = DirectorySpool.open(template)) { // and something that is due by then
        Telltale due = new Telltale("due", 10);
        spool.enqueue(Job.of(due).delay(Duration.ofMillis(1)));
        given.add(due.name());
      }
    }
  }

  private Doomed cast(Deed deed) throws IOException {
    plays++;
    Path spool = copy("spool-" + plays);
    Path rehearsal = copy("rehearsal-" + plays);
    Path file = processes.scratch("file-" + plays);
    ChildProcess child =
        processes.start(
            DoomedMain.class,
            "deed=" + deed.name(),
            "spool=" + spool,
            "rehearsal=" + rehearsal,
            "file=" + file,
            mutant.isEmpty() ? "durability=FULL" : "mutant=" + mutant);
    return new Doomed(child, spool, file, processes.scratch("calls-" + plays));
  }

  private Path copy(String name) throws IOException {
    Path copy = processes.scratch(name);
    try {
      Process cp =
          new ProcessBuilder("cp", "-a", template.toString(), copy.toString()).inheritIO().start();
      assertEquals(0, cp.waitFor(), "cp -a");
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return copy;
  }

  // ---- the deed ----

  private List<String> unharmed(Deed deed) throws IOException {
    Doomed doomed = cast(deed);
    doomed.child().next(Act.REHEARSED);
    Strace strace = Strace.watch(doomed.child(), DoomedMain.THREAD, doomed.log());
    doomed.child().tell("happen");
    doomed.child().next(Act.ENDED);
    doomed.child().awaitEnd();
    List<String> calls = strace.calls();
    processes.print(
        calls.size()
            + " calls in: "
            + deed
            + strace.lines().map(call -> "\n  " + call).collect(joining()));
    judge(deed, doomed);
    return calls;
  }

  /**
   * Kills it on the way into the last of these calls, and judges what it left.
   *
   * @return the calls that it began, which may be others than these; none if it was not killed
   */
  private List<String> die(Deed deed, Doomed doomed, List<String> calls) throws IOException {
    doomed.child().next(Act.REHEARSED);
    kills++;
    Strace strace = Strace.killBeforeLast(doomed.child(), DoomedMain.THREAD, doomed.log(), calls);
    doomed.child().tell("happen");
    boolean killed = doomed.child().awaitKill();
    List<String> made = strace.calls();
    try {
      judge(deed, doomed);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ", killed before the last of " + made, e);
    }
    return killed ? made : List.of();
  }

  // ---- after ----

  private void judge(Deed deed, Doomed doomed) throws IOException {
    List<Line> journal = doomed.child().journal();
    List<Line> lines = journal.stream().dropWhile(line -> line.act() != Act.REHEARSED).toList();
    TreeSet<String> acknowledged = new TreeSet<>(given);
    lines.stream()
        .filter(line -> line.act() == Act.ENQUEUED)
        .forEach(line -> acknowledged.add(line.words().get(1)));
    boolean completing = says(lines, Act.SETTLING);
    boolean completed = says(lines, Act.SETTLED);

    try (Heir heir = new Heir(doomed.spool())) {
      List<String> undone = heir.undone();
      List<String> all = new ArrayList<>(undone);
      all.addAll(heir.done());
      assertEquals(new TreeSet<>(all).size(), all.size(), () -> "twice: " + all);
      boolean mayBeGone = completing && deed.retention.equals("PT0S");
      assertTrue(mayBeGone || all.containsAll(acknowledged), () -> "lost, of " + acknowledged);
      assertTrue(!completed || undone.isEmpty(), () -> "completed, and there: " + undone);
      if (deed == Deed.ADOPT) {
        assertTrue(!all.isEmpty() || Files.exists(doomed.file()), "the adopted file is lost");
      }
      heir.requireKeyNeitherStuckNorLost(Deed.KEY);
      assertTrue(heir.doAll() <= 2, "the attempt of a claim was counted more than once");
    }
    for (Path file : List.of(doomed.spool(), doomed.file())) {
      if (Files.exists(file)) {
        PathUtils.delete(file);
      }
    }
  }

  private static boolean says(List<Line> lines, Act act) {
    return lines.stream()
        .anyMatch(line -> line.act() == act && line.words().contains(Settlement.COMPLETED.name()));
  }
}
