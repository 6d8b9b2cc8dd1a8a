package org.spooldir.cli;

import java.io.IOException;

/** {@code spool completion}: what a shell needs to complete verbs, options and their values. */
final class Completion implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("completion", "Prints the completion for a shell, to be sourced.")
        .operand("SHELL", "bash or zsh.")
        .example("source <(spool completion bash)", "in ~/.bashrc, for instance");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    String shell = arguments.operands(0).get(0);
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw Arguments.bad("SHELL", shell, "bash or zsh");
    }
    terminal.line(Grammar.completion(terminal)); // picocli's script is for both
    return ExitCode.OK;
  }
}
