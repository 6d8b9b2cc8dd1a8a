package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.internal.InternalFutures;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Spool;

/**
 * Programs on the module path, as processes. The program requires {@code org.spooldir} and nothing
 * else: which engines it has is said by what stands beside it.
 */
final class ModulePathTest {

  private static final String PROGRAM =
      """
      package program;

      import java.net.URI;
      import org.spooldir.*;

      public final class Main {
        public static void main(String[] uris) throws Exception {
          for (String uri : uris) {
            try (Spool spool = Spools.open(URI.create(uri))) {
              spool.enqueue(Job.of("a job"));
              System.out.println(spool.getClass().getName() + " by " + Spools.class.getModule());
            } catch (SpoolFormatException e) {
              System.out.println("refused: " + e.getMessage());
            }
          }
        }
      }
      """;

  /** A second engine, as far as it goes. */
  private static final String ENGINE =
      """
      package toy;

      import java.net.URI;
      import java.time.Duration;
      import java.util.*;
      import org.spooldir.*;

      public final class Toy implements SpoolProvider {
        public String scheme() { return "toy"; }
        public Spool open(URI uri, SpoolListener listener) { return new Jobs(); }

        static final class Jobs implements Spool {
          public JobId enqueue(Job job) { return new JobId("toy"); }
          public List<JobId> enqueueAll(Collection<Job> jobs) { return List.of(); }
          public Optional<Claim> claim() { return Optional.empty(); }
          public Optional<Claim> claim(Duration wait) { return Optional.empty(); }
          public SpoolInspector inspector() { throw new UnsupportedOperationException(); }
          public SpoolMaintenance maintenance() { throw new UnsupportedOperationException(); }
          public boolean isOpen() { return true; }
          public void close() {}
        }
      }
      """;

  @TempDir private Path scratch;
  private Path program;
  private Path engine;

  @BeforeEach
  void compile() throws IOException, URISyntaxException {
    program = module("module program { requires org.spooldir; }", "program/Main.java", PROGRAM);
    engine =
        module(
            "module toy { requires org.spooldir; provides org.spooldir.SpoolProvider with toy.Toy; }",
            "toy/Toy.java",
            ENGINE);
  }

  @Test
  void whatStandsOnTheModulePathOpensItsUris() throws Exception {
    String uri = "spool://" + scratch + "/jobs?create=true";
    assertEquals(
        """
        org.spooldir.fs.DirectorySpool by module org.spooldir
        toy.Toy$Jobs by module org.spooldir
        """,
        run(
            List.of(
                DirectorySpool.class, ImmutableList.class, InternalFutures.class, IOUtils.class),
            uri,
            "toy:any"));
    try (Spool spool = DirectorySpool.open(scratch.resolve("jobs"))) {
      assertEquals("a job", spool.claim().orElseThrow().payload().text());
    }
  }

  @Test
  void withoutTheEngineTheProgramIsToldWhatToAdd() throws Exception {
    String said = run(List.of(), "spool:///var/spool/jobs");
    assertTrue(said.startsWith("refused: open spool: no engine at hand"), said);
    assertTrue(said.contains("org.spooldir:spool-fs). At hand: toy:"), said);
  }

  private String run(List<Class<?>> engines, String... uris) throws Exception {
    List<Path> path = new ArrayList<>(List.of(program, engine, home(Spool.class)));
    for (Class<?> each : engines) {
      path.add(home(each));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-p", join(path), "-m", "program/program.Main"));
    command.addAll(List.of(uris));
    Path errors = scratch.resolve("errors"); // and warnings, of weak file systems for instance
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), Files.readString(errors));
    return said;
  }

  private Path module(String declaration, String file, String source)
      throws IOException, URISyntaxException {
    Path name = Path.of(file).getName(0);
    Path sources = scratch.resolve("sources").resolve(name);
    Path classes = scratch.resolve("classes").resolve(name);
    Files.createDirectories(sources.resolve(file).getParent());
    Files.writeString(sources.resolve("module-info.java"), declaration);
    Files.writeString(sources.resolve(file), source);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                classes.toString(),
                "-p",
                join(List.of(home(Spool.class), home(NullMarked.class))),
                sources.resolve("module-info.java").toString(),
                sources.resolve(file).toString());
    assertEquals(0, status);
    return classes;
  }

  /** The jar, or the directory of classes, that a class comes from. */
  private static Path home(Class<?> type) throws URISyntaxException {
    URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(place);
  }

  private static String join(List<Path> path) {
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
