package org.spooldir.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Man pages in roff, out of the same {@link Syntax} that parses. */
final class ManPage {

  private final StringBuilder roff = new StringBuilder();

  private ManPage(String title, String summary) {
    roff.append(".TH ").append(title.toUpperCase(Locale.ROOT)).append(" 1\n");
    section("NAME");
    text(title + " - " + withoutStop(summary));
  }

  /** The page of the whole command. */
  static String of(List<Syntax> verbs) {
    ManPage page = new ManPage("spool", Grammar.SUMMARY);
    page.section("SYNOPSIS");
    page.bold("spool").text("VERB [ARGUMENT...]");
    page.section("DESCRIPTION");
    page.text("Each verb has a page of its own:");
    for (Syntax verb : verbs) {
      page.item("spool-" + verb.name() + "(1)", verb.summary());
    }
    page.exitStatus();
    page.section("ENVIRONMENT");
    page.item("JAVA_HOME", "The Java to use, 17 or newer; otherwise the one on the PATH.");
    page.item("SPOOL_JAVA_OPTS", "Options for it, such as -Xmx64m.");
    return page.roff.toString();
  }

  /** The page of one verb. */
  static String of(Syntax verb) {
    ManPage page = new ManPage("spool-" + verb.name(), verb.summary());
    page.section("SYNOPSIS");
    page.bold("spool " + verb.name()).text(synopsis(verb));
    page.section("DESCRIPTION");
    page.text(verb.summary());
    for (String detail : verb.details()) {
      page.roff.append(".PP\n");
      page.text(detail);
    }
    page.section("OPTIONS");
    for (Syntax.Operand operand : verb.operands()) {
      page.item(operand.label(), operand.help());
    }
    for (Syntax.Option option : verb.options()) {
      page.item(
          String.join(", ", option.names()) + (option.isFlag() ? "" : " " + option.label()),
          option.help());
    }
    if (!verb.command().isEmpty()) {
      page.item("-- COMMAND [ARG...]", verb.command());
    }
    page.item("--debug", "Add the stack trace to an error.");
    page.exitStatus();
    if (!verb.examples().isEmpty()) {
      page.section("EXAMPLES");
      for (Syntax.Example example : verb.examples()) {
        page.item(example.line(), example.does());
      }
    }
    page.section("SEE ALSO");
    page.text("spool(1)");
    return page.roff.toString();
  }

  private static String synopsis(Syntax verb) {
    List<String> parts = new ArrayList<>();
    for (Syntax.Option option : verb.options()) {
      String value = option.isFlag() ? "" : " " + option.label();
      parts.add("[" + option.name() + value + "]" + (option.repeatable() ? "..." : ""));
    }
    for (Syntax.Operand operand : verb.operands()) {
      String label = operand.label() + (operand.most() > 1 ? "..." : "");
      parts.add(operand.least() > 0 ? label : "[" + label + "]");
    }
    if (!verb.command().isEmpty()) {
      parts.add("-- COMMAND [ARG...]");
    }
    return String.join(" ", parts);
  }

  private void exitStatus() {
    section("EXIT STATUS");
    for (String[] each : ExitCode.MEANINGS) {
      item(each[0], each[1]);
    }
  }

  private void section(String title) {
    roff.append(".SH ").append(title).append('\n');
  }

  private void item(String tag, String text) {
    roff.append(".TP\n");
    bold(tag).text(text);
  }

  private ManPage bold(String text) {
    roff.append(".B ").append(escape(text)).append('\n');
    return this;
  }

  private void text(String text) {
    roff.append(escape(text)).append('\n');
  }

  /** A backslash is roff's own; a full stop or quote at the start of a line would be a request. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
