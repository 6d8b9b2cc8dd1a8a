package org.spooldir.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a verb takes: the one source of its parsing, its help, its completion and its man page. Not
 * annotations, because reading those by reflection costs a start-up more than the rest of it.
 */
final class Syntax {

  /**
   * An option.
   *
   * @param names as they are typed, the long one last: {@code -j}, {@code --jobs}
   * @param label stands for the value; empty for a flag
   * @param help one sentence
   * @param choices the values there are, if they are few
   * @param repeatable whether it may be given more than once
   */
  record Option(
      List<String> names, String label, String help, List<String> choices, boolean repeatable) {

    String name() {
      return names.get(names.size() - 1);
    }

    boolean isFlag() {
      return label.isEmpty();
    }
  }

  /**
   * An operand.
   *
   * @param least how many there must be
   * @param most how many there can be
   */
  record Operand(String label, int least, int most, String help) {}

  /** A line that works, and what it does. */
  record Example(String line, String does) {}

  private final String name;
  private final String summary;
  private final List<String> details = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();
  private final List<Example> examples = new ArrayList<>();
  private String command = "";

  private Syntax(String name, String summary) {
    this.name = name;
    this.summary = summary;
  }

  /**
   * A verb.
   *
   * @param summary one sentence: what it does
   */
  static Syntax of(String name, String summary) {
    return new Syntax(name, summary);
  }

  /** Adds a paragraph to the description. */
  Syntax detail(String paragraph) {
    details.add(paragraph);
    return this;
  }

  /** Adds an operand that must be there. */
  Syntax operand(String label, String help) {
    operands.add(new Operand(label, 1, 1, help));
    return this;
  }

  /** Adds operands of which there may be any number, from the least one on. */
  Syntax operands(String label, int least, String help) {
    operands.add(new Operand(label, least, Integer.MAX_VALUE, help));
    return this;
  }

  /** Adds an option with a value; names are separated by a space, the long one last. */
  Syntax option(String names, String label, String help, String... choices) {
    options.add(new Option(List.of(names.split(" ")), label, help, List.of(choices), false));
    return this;
  }

  /** Adds an option with a value that may be given more than once. */
  Syntax options(String name, String label, String help) {
    options.add(new Option(List.of(name), label, help, List.of(), true));
    return this;
  }

  /** Adds an option without a value; names are separated by a space, the long one last. */
  Syntax flag(String names, String help) {
    return option(names, "", help);
  }

  /** What stands behind {@code --} is a command of the user's. */
  Syntax command(String help) {
    command = help;
    return this;
  }

  /** Adds an example. */
  Syntax example(String line, String does) {
    examples.add(new Example(line, does));
    return this;
  }

  String name() {
    return name;
  }

  String summary() {
    return summary;
  }

  List<String> details() {
    return details;
  }

  List<Operand> operands() {
    return operands;
  }

  List<Option> options() {
    return options;
  }

  List<Example> examples() {
    return examples;
  }

  /** What the user's command behind {@code --} is for; empty if the verb takes none. */
  String command() {
    return command;
  }
}
