package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code spool man}: the man pages; {@code ./install} puts them where {@code man} finds them. */
final class Man implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("man", "Prints a man page.")
        .operands("VERB", 0, "The verb; none: the page of spool itself.")
        .option("--into", "DIR", "Write all pages into this directory instead.")
        .example("spool man put | man -l -", "reads a page that is not installed");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    String into = arguments.text("--into");
    if (into != null) {
      Path directory = Arguments.path("--into", into);
      Files.writeString(directory.resolve("spool.1"), page(""));
      for (String verb : Verbs.names()) {
        Files.writeString(directory.resolve("spool-" + verb + ".1"), page(verb));
      }
      return ExitCode.OK;
    }
    List<String> names = arguments.operands(0);
    for (String name : names.isEmpty() ? List.of("") : names) {
      terminal.line(page(name).stripTrailing());
    }
    return ExitCode.OK;
  }

  private static String page(String name) {
    if (name.isEmpty()) {
      return ManPage.of(Verbs.syntaxes());
    }
    Verb verb = Verbs.find(name);
    if (verb == null) {
      throw Arguments.bad("VERB", name, "one of " + String.join(", ", Verbs.names()));
    }
    return ManPage.of(verb.syntax());
  }
}
