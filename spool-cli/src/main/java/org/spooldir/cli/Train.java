package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code spool train}, for the launcher alone: does what scripts do, so that the JVM has seen the
 * classes and can keep them for the next start (class data sharing).
 */
final class Train implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("train", "Makes the next starts faster.")
        .operand("DIR", "A spool to be made for it.");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException, InterruptedException {
    Path directory = arguments.directory();
    run(terminal, "init", directory.toString());
    Path job =
        Files.writeString(directory.resolveSibling("job"), "job", StandardOpenOption.CREATE_NEW);
    run(terminal, "put", "--priority", "4", directory.toString(), job.toString());
    run(terminal, "ls", directory.toString());
    run(terminal, "ls", "--json", directory.toString());
    run(terminal, "stat", directory.toString());
    run(terminal, "stat", "--check", directory.toString());
    return ExitCode.OK;
  }

  private static void run(Terminal terminal, String name, String... words)
      throws IOException, InterruptedException {
    Verb verb = Verbs.find(name);
    Arguments arguments =
        verb == null ? null : PlainParser.parse(verb.syntax(), List.of(words), List.of());
    if (verb == null || arguments == null || verb.run(arguments, terminal) != ExitCode.OK) {
      throw new IllegalStateException("cannot " + name);
    }
  }
}
