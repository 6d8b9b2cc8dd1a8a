package org.spooldir.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The last word on command lines, by picocli: those that are not {@linkplain PlainParser plain},
 * what is wrong with them, help, and completion.
 */
final class Grammar {

  static final String SUMMARY =
      "A durable job queue that is a directory: every job a file, every change of state one rename.";

  private static final String VERSION = "spool " + version();

  private Grammar() {}

  private static String version() {
    String version = Grammar.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /**
   * Reads the arguments of a verb.
   *
   * @return null if help was asked for, and given
   * @throws UsageException if they are wrong
   */
  static @Nullable Arguments parse(
      Syntax syntax, List<String> words, List<String> command, Terminal terminal)
      throws IOException {
    CommandLine spool = spool(List.of(syntax), terminal);
    CommandLine verb = requireNonNull(spool.getSubcommands().get(syntax.name()));
    try {
      List<String> all = new ArrayList<>(words);
      all.add(0, syntax.name());
      ParseResult result = spool.parseArgs(all.toArray(String[]::new)).subcommand();
      if (result.isUsageHelpRequested()) {
        print(verb.getUsageMessage(Ansi.OFF), terminal);
        return null;
      }
      Arguments arguments = new Arguments(command);
      for (Syntax.Option option : syntax.options()) {
        OptionSpec given = result.matchedOption(option.name());
        if (given != null) {
          for (String value : given.stringValues()) {
            arguments.add(option.name(), value);
          }
        }
      }
      int operands = 0;
      for (PositionalParamSpec operand : verb.getCommandSpec().positionalParameters()) {
        for (String value : operand.stringValues()) {
          arguments.add(value);
          operands++;
        }
      }
      if (operands > PlainParser.mostOperands(syntax)) { // picocli took it for the command
        throw new UsageException(
            "more operands than there can be; the command stands behind --, and nothing before it");
      }
      return arguments;
    } catch (ParameterException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** What {@code spool} does without a verb: help, version, or a complaint. */
  static int withoutVerb(List<String> words, Terminal terminal) throws IOException {
    CommandLine spool = spool(Verbs.syntaxes(), terminal);
    if (words.isEmpty()) {
      throw new UsageException("which verb? One of " + String.join(", ", Verbs.names()));
    }
    try {
      ParseResult result = spool.parseArgs(words.toArray(String[]::new));
      print(result.isVersionHelpRequested() ? VERSION : spool.getUsageMessage(Ansi.OFF), terminal);
      return ExitCode.OK;
    } catch (ParameterException e) {
      throw new UsageException(
          e.getMessage() + "; the verbs are " + String.join(", ", Verbs.names()));
    }
  }

  private static void print(String text, Terminal terminal) throws IOException {
    terminal.line(text.stripTrailing());
  }

  /** The completion for bash, which zsh can use too. */
  static String completion(Terminal terminal) {
    return AutoComplete.bash("spool", spool(Verbs.syntaxes(), terminal));
  }

  private static CommandLine spool(List<Syntax> verbs, Terminal terminal) {
    CommandSpec spec = CommandSpec.create().name("spool").version(VERSION);
    List<String> footer = new ArrayList<>(List.of("", "Exit codes, as in sysexits.h:"));
    for (String[] each : ExitCode.MEANINGS) {
      footer.add("  " + (each[0].length() == 1 ? " " : "") + each[0] + "  " + each[1]);
    }
    footer.add("spool stat --check: 0 ok, 1 warning, 2 critical, 3 unknown, as Nagios plugins do.");
    footer.add("");
    footer.add("Help on a verb: spool VERB --help");
    spec.usageMessage().description(SUMMARY).footer(footer.toArray(String[]::new));
    spec.addOption(help());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version.")
            .build());
    for (Syntax verb : verbs) {
      spec.addSubcommand(verb.name(), new CommandLine(spec(verb)));
    }
    CommandLine spool = new CommandLine(spec);
    spool.setUsageHelpWidth(Math.max(60, Math.min(terminal.columns(), 100)));
    return spool;
  }

  private static Class<?> type(Syntax.Option option) {
    if (option.isFlag()) {
      return boolean.class;
    }
    return option.repeatable() ? String[].class : String.class;
  }

  private static CommandSpec spec(Syntax syntax) {
    CommandSpec spec = CommandSpec.create().name(syntax.name());
    spec.usageMessage()
        .header(plain(syntax.summary()))
        .description(syntax.details().stream().map(Grammar::plain).toArray(String[]::new))
        .footer(examples(syntax))
        .sortOptions(false)
        .abbreviateSynopsis(false);
    addOperands(syntax, spec);
    addOptions(syntax, spec);
    return spec;
  }

  private static String[] examples(Syntax syntax) {
    if (syntax.examples().isEmpty()) {
      return new String[0];
    }
    List<String> lines = new ArrayList<>(List.of("", "Examples:"));
    for (Syntax.Example example : syntax.examples()) {
      lines.add("  " + plain(example.line()));
      lines.add("      " + plain(example.does()));
    }
    return lines.toArray(String[]::new);
  }

  /** Operands in their order, and behind them the user's command if the verb takes one. */
  private static void addOperands(Syntax syntax, CommandSpec spec) {
    int index = 0;
    for (Syntax.Operand operand : syntax.operands()) {
      boolean many = operand.most() > 1;
      spec.addPositional(
          PositionalParamSpec.builder()
              .paramLabel(operand.label())
              .description(plain(operand.help()))
              .index(many ? index + "..*" : String.valueOf(index))
              .arity(many ? operand.least() + "..*" : "1")
              .required(operand.least() > 0)
              .type(many ? String[].class : String.class)
              .build());
      index++;
    }
    if (!syntax.command().isEmpty()) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .paramLabel("-- COMMAND [ARG...]")
              .description(plain(syntax.command()))
              .index(index + "..*")
              .arity("0..*")
              .type(String[].class)
              .build());
    }
  }

  /** The verb's own options, and those that all of them take. */
  private static void addOptions(Syntax syntax, CommandSpec spec) {
    for (Syntax.Option option : syntax.options()) {
      spec.addOption(
          OptionSpec.builder(option.names().toArray(String[]::new))
              .paramLabel(option.label())
              .description(plain(option.help()))
              .arity(option.isFlag() ? "0" : "1")
              .type(type(option))
              .completionCandidates(option.choices())
              .build());
    }
    spec.addOption(
        OptionSpec.builder("--debug")
            .type(boolean.class)
            .description("Add the stack trace to an error.")
            .build());
    spec.addOption(help());
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this.").build();
  }

  /** Picocli takes its texts for formats. */
  private static String plain(String text) {
    return text.replace("%", "%%");
  }
}
