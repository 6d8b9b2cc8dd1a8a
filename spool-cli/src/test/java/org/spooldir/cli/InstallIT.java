package org.spooldir.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.Patience.await;
import static org.spooldir.cli.SpoolCommand.needs;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./install}, the launcher, help, completion and man pages. */
@Tag("slow")
class InstallIT {

  private static final Path PROJECT = SpoolCommand.LAUNCHER.getParent();

  @TempDir Path directory;

  private Path prefix;
  private Path tree;

  /**
   * A source tree whose build copies the jars that are there: a real one would take those away from
   * under the other tests.
   */
  @BeforeEach
  void makeSourceTree() throws IOException {
    prefix = directory.resolve("prefix");
    tree = directory.resolve("tree");
    for (String module : List.of("spool-api", "spool-fs", "spool-cli")) {
      Files.createDirectories(tree.resolve(module).resolve("src/main"));
      Files.createFile(tree.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(tree.resolve("pom.xml"));
    for (String script : List.of("install", "spool")) {
      Files.copy(PROJECT.resolve(script), tree.resolve(script), COPY_ATTRIBUTES);
    }
    String lib = "spool-cli/target/lib";
    Path maven = tree.resolve("mvnw");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        [ $1 = --version ] && exit
        mkdir -p %s && cp %s/*.jar %s && echo built >> builds
        """
            .formatted(lib, PROJECT.resolve(lib), lib));
    assertTrue(maven.toFile().setExecutable(true));
  }

  private void install(String arguments) {
    shell(tree + "/install " + arguments + " " + prefix).run().ok();
  }

  @Test
  void whatIsInstalledRunsWithoutTheSourcesAndGoesAway() throws Exception {
    install("");
    Path installed = prefix.resolve("bin/spool");
    Path link = Files.createSymbolicLink(prefix.resolve("link"), installed);
    for (Path each : List.of(installed, link)) {
      assertTrue(shell(each + " --version").in(Path.of("/")).run().ok().out().startsWith("spool "));
    }
    install("--remove");
    try (var left = Files.walk(prefix)) {
      assertEquals(List.of(link), left.filter(file -> !Files.isDirectory(file)).toList());
    }
  }

  @Test
  void whatIsInstalledIsWhatTheSourcesSay() throws Exception {
    for (int i = 0; i < 2; i++) {
      install("");
      assertEquals(1, Files.readAllLines(tree.resolve("builds")).size(), "built once");
    }
    Files.createFile(tree.resolve("spool-cli/target/lib/old-1.0.jar"));
    Files.createFile(tree.resolve("spool-fs/src/main/Pulled.java"));
    install("");
    assertEquals(2, Files.readAllLines(tree.resolve("builds")).size(), "built anew");
    assertFalse(has(prefix.resolve("lib/spool"), "old-"));
  }

  @Test
  void everyVerbHasHelpAndAManPageThatRoffTakesWithoutAWord() throws Exception {
    needs("man");
    Files.createDirectory(directory.resolve("man"));
    spool("man", "--into", directory.resolve("man")).run().ok();
    String all = spool("--help").run().ok().out();
    for (String verb : Verbs.names()) {
      assertTrue(all.contains("  " + verb + " "), all);
      SpoolCommand.Result man =
          shell("MANWIDTH=72 man --warnings=all -l man/spool-" + verb + ".1").in(directory).run();
      String page = man.ok().out();
      assertTrue(
          page.contains("spool-" + verb) && page.contains("EXIT STATUS") && page.contains("141"),
          page);
      assertEquals("", man.err());
    }
    String help = spool("put", "--help").run().ok().out();
    assertTrue(help.contains("Usage: spool put"), help);
    assertEquals(help, spool("put", "-h", "whatever").run().ok().out());
  }

  @Test
  void bashCompletesVerbsOptionsAndValues() {
    assertEquals("put purge", complete("spool pu"));
    assertEquals("--durability", complete("spool put --dur"));
    assertEquals("full enqueue process", complete("spool put --durability ''"));
  }

  private static String complete(String words) {
    String script =
        "source <(spool completion bash); COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
            + " _complete_spool; echo ${COMPREPLY[@]}";
    return shell(script.formatted(words)).run().ok().out().strip();
  }

  @Test
  void zshTakesTheCompletionToo() {
    needs("zsh");
    String script =
        "zsh -fc 'autoload -U compinit; compinit -u -D; source <(spool completion zsh);"
            + " whence -w _complete_spool; print $_comps[spool]'";
    String out = shell(script).run().ok().out();
    assertTrue(out.contains("_complete_spool: function"), out);
    assertTrue(out.contains("_complete_spool") && out.lines().count() >= 2, out);
  }

  @Test
  void theLauncherSaysWhatIsMissing() {
    String err = spool("--version").with("JAVA_HOME", "/none").run().failsWith(69).err();
    assertTrue(err.contains("/none/bin/java"), err);
  }

  @Test
  void theLauncherSaysThatAShimIsNoJava() throws Exception {
    Path shim = Files.writeString(directory.resolve("java"), "#!/bin/sh\n");
    assertTrue(shim.toFile().setExecutable(true));
    String err =
        spool("--version")
            .with("JAVA_HOME", "")
            .with("PATH", directory + ":" + System.getenv("PATH"))
            .run()
            .failsWith(69)
            .err();
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains(shim.toRealPath() + ",") && err.contains("set JAVA_HOME"), err);
  }

  @Test
  void theGarbageCollectorMayBeChosen() {
    for (String collector : List.of("Serial", "G1", "Parallel")) {
      String options = "-XX:+Use" + collector + "GC";
      spool("--version").with("SPOOL_JAVA_OPTS", options).run().ok();
    }
  }

  @Test
  void trainingThatIsStoppedLeavesNothingBehind() throws Exception {
    install("");
    Path library = prefix.resolve("lib/spool");
    shell("rm *.archive").in(library).run().ok();
    Process launcher = shell("exec " + prefix + "/bin/spool --version").start();
    await().until(() -> has(library, "draft."));
    launcher.destroy();
    assertEquals(143, launcher.waitFor());
    assertFalse(has(library, "draft."));
  }

  private static boolean has(Path directory, String prefix) throws IOException {
    try (var files = Files.newDirectoryStream(directory, prefix + "*")) {
      return files.iterator().hasNext();
    }
  }

  @Test
  void trainingOverwritesNothing() throws Exception {
    Path job = Files.writeString(directory.resolve("job"), "mine");
    spool("train", directory.resolve("spool")).run().failsWith(ExitCode.IO);
    assertEquals("mine", Files.readString(job));
  }

  @Test
  void withoutAPlaceForTheArchiveItRunsAllTheSame() throws Exception {
    install("");
    shell("rm lib/spool/*.archive; chmod -R a+rX,a-w ..").in(prefix).run().ok();
    SpoolCommand version =
        shell(prefix + "/bin/spool --version").with("HOME", "/none").with("XDG_CACHE_HOME", "");
    if ("root".equals(System.getProperty("user.name"))) { // who may write anywhere
      version.under(OtherUser.of("65534", "--clear-groups")); // who needs no source tree
    }
    assertTrue(version.in(Path.of("/")).run().ok().out().startsWith("spool "));
  }

  @Test
  void aWordThatIsNoVerbAndNoVerbAtAllAreUsageErrors() {
    assertTrue(spool("frob").run().failsWith(ExitCode.USAGE).err().contains("put"));
    assertTrue(spool().run().failsWith(ExitCode.USAGE).err().contains("put"));
    assertTrue(spool("-V").run().ok().out().startsWith("spool "));
  }
}
