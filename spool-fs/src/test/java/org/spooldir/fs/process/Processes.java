package org.spooldir.fs.process;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/**
 * The fixture: a spool in a directory of the test's own, the children at work on it, and the seed
 * from which all that is random follows. Kills all children after the test; if it failed, shows
 * what they wrote last.
 */
final class Processes implements BeforeEachCallback, AfterEachCallback {

  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
  private static final int LAST_LINES = 15;

  private final Optional<LoopImage> image;
  private Path parent;
  private final List<ChildProcess> children = new ArrayList<>();
  private String test = "";
  private Path directory = Path.of("");
  private SplittableRandom random = new SplittableRandom();

  private Processes(Path parent, Optional<LoopImage> image) {
    this.parent = parent;
    this.image = image;
  }

  /** Spools in memory, where there is such a place: fast. */
  static Processes inMemory() {
    Path memory = Path.of("/dev/shm");
    return new Processes(Files.isWritable(memory) ? memory : Path.of("target"), Optional.empty());
  }

  /** Spools on a file system of their own. */
  static Processes on(LoopImage image) {
    return new Processes(Path.of(""), Optional.of(image));
  }

  /** Spools on the disk that the build is on. */
  static Processes onDisk() {
    return new Processes(Path.of("target"), Optional.empty());
  }

  // ---- before and after ----

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    test = context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName();
    long seed = Long.getLong("spool.seed", System.nanoTime());
    random = new SplittableRandom(seed);
    if (image.isPresent()) {
      parent = image.get().mount();
    }
    directory =
        Files.createTempDirectory(Files.createDirectories(parent), "spool-processes-").toRealPath();
    print(
        "-Dspool.seed=" + seed + ", " + directory + " on " + Files.getFileStore(directory).type());
    open().close();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    children.forEach(ChildProcess::kill);
    if (context.getExecutionException().isPresent()) {
      for (ChildProcess child : children) {
        printLast(child);
      }
    }
    children.clear();
    if (image.isPresent()) {
      image.get().unmount();
    } else {
      PathUtils.deleteDirectory(directory);
    }
  }

  private void printLast(ChildProcess child) throws IOException {
    List<ChildProcess.Line> lines = child.journal();
    print(
        lines.stream()
            .skip(Math.max(0, lines.size() - LAST_LINES))
            .map(line -> "\n  " + line)
            .collect(joining("", child.name() + " wrote last:", "\n" + child.errors())));
  }

  /** Tells the reader of the build's output what was measured. */
  void print(String what) {
    System.out.println(test + ": " + what);
  }

  // ---- what a test has ----

  SplittableRandom random() {
    return random;
  }

  /** A place on the file system of the spool. */
  Path scratch(String name) {
    return directory.resolve(name);
  }

  Path root() {
    return scratch("spool");
  }

  /** What {@code ls} tells of the spool. */
  SpoolFiles files() {
    return new SpoolFiles(root());
  }

  /** Opens the spool in this process. */
  Spool open() throws IOException {
    return DirectorySpool.openOrCreate(
        root(), SpoolOptions.DEFAULTS.durability(Durability.PROCESS));
  }

  /** All children of this test, dead ones too. */
  List<ChildProcess> children() {
    return List.copyOf(children);
  }

  // ---- children ----

  /** Starts a child and lets it go. */
  ChildProcess start(Class<?> main, String... settings) throws IOException {
    return startBehind(List.of(), main, settings);
  }

  /** Starts a child behind a command such as {@code unshare}, and lets it go. */
  ChildProcess startBehind(List<String> command, Class<?> main, String... settings)
      throws IOException {
    ChildProcess child = prepare(command, main, settings);
    child.tell("go");
    return child;
  }

  /** Starts a child that opens the spool and waits to be told to go. */
  ChildProcess prepare(List<String> command, Class<?> main, String... settings) throws IOException {
    String name = main.getSimpleName().replace("Main", "") + children.size();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("name", name);
    all.put("spool", root().toString());
    all.put("seed", Long.toString(random.nextLong()));
    for (String setting : settings) {
      all.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }

    List<String> line = new ArrayList<>(command);
    line.add(ProcessHandle.current().info().command().orElseThrow());
    line.addAll(FLAGS);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    all.forEach((key, value) -> line.add(key + "=" + value));
    Path errors = scratch(name + ".err");
    Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
    ChildProcess child = new ChildProcess(name, main, process, errors);
    children.add(child);
    return child;
  }
}
