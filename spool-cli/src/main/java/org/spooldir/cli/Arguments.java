package org.spooldir.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the user gave to a verb, by the names of its {@link Syntax}; each value is read here. */
final class Arguments {

  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();
  private final List<String> command;

  /**
   * No arguments yet.
   *
   * @param command the user's command behind {@code --}
   */
  Arguments(List<String> command) {
    this.command = command;
  }

  void add(String option, String value) {
    List<String> values = options.get(option);
    if (values == null) {
      values = new ArrayList<>();
      options.put(option, values);
    }
    values.add(value);
  }

  void add(String operand) {
    operands.add(operand);
  }

  /** The operands from this one on, from 0. */
  List<String> operands(int from) {
    return operands.subList(Math.min(from, operands.size()), operands.size());
  }

  /** The first operand of nearly every verb: the directory of the spool. */
  Path directory() {
    return path("DIR", operands.get(0));
  }

  /** The command behind {@code --}. */
  List<String> command() {
    return command;
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The value of an option, the last one if it was given more than once. */
  @Nullable String text(String option) {
    List<String> values = options.get(option);
    return values == null ? null : values.get(values.size() - 1);
  }

  /**
   * The value of an option that must be given.
   *
   * @throws UsageException if it is not
   */
  String required(String option) {
    String text = text(option);
    if (text == null) {
      throw new UsageException(option + " is missing, and there is no safe guess");
    }
    return text;
  }

  /** The value of an option. */
  String text(String option, String otherwise) {
    String text = text(option);
    return text == null ? otherwise : text;
  }

  /** All values of an option that may be given more than once. */
  List<String> all(String option) {
    List<String> values = options.get(option);
    return values == null ? List.of() : values;
  }

  /** A whole number in this range. */
  long number(String option, long least, long most, long otherwise) {
    String text = text(option);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad(
        option,
        text,
        most == Long.MAX_VALUE ? "a number from " + least + " on" : least + " to " + most);
  }

  /** A length of time: {@code 90s}, {@code 1h30m}, {@code 7d}. */
  Optional<Duration> duration(String option) {
    String text = text(option);
    return text == null ? Optional.empty() : Optional.of(duration(option, text));
  }

  /** A length of time, out of a part of an option's value. */
  static Duration duration(String option, String text) {
    Duration duration = DurationText.parse(text);
    if (duration == null) {
      throw bad(option, text, DurationText.EXPECTED);
    }
    return duration;
  }

  /** A number of bytes: {@code 4096}, {@code 64K}, {@code 2M}. */
  long size(String option, long otherwise) {
    String text = text(option);
    if (text == null) {
      return otherwise;
    }
    long size = SizeText.parse(text);
    if (size < 0) {
      throw bad(option, text, SizeText.EXPECTED);
    }
    return size;
  }

  /** A path. */
  static Path path(String label, String text) {
    if (text.isEmpty()) { // to the JDK that is the current directory
      throw bad(label, text, "a path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw bad(label, text, "a path");
    }
  }

  /** What to throw if a value cannot be read. */
  static UsageException bad(String option, String text, String expected) {
    return new UsageException(
        option + ": '" + Printable.of(text) + "' is not what is expected: " + expected);
  }
}
