package org.spooldir.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.spooldir.CorruptEntryException;
import org.spooldir.SpoolFormatException;
import org.spooldir.SpoolFullException;

/** The command {@code spool}: finds the verb, runs it, and says in one line what went wrong. */
public final class Main {

  private final Terminal terminal = new Terminal();

  private Main() {}

  /** Runs a verb and exits with an {@link ExitCode}. */
  public static void main(String[] words) {
    int code = new Main().run(Arrays.asList(words));
    if (code != ExitCode.OK) {
      System.exit(code); // which looks for a logger first: not where all is well
    }
  }

  private int run(List<String> words) {
    int end = words.indexOf("--"); // behind it the user's command may have a --debug of its own
    boolean debug = words.subList(0, end < 0 ? words.size() : end).contains("--debug");
    String name = words.isEmpty() ? "" : words.get(0);
    try {
      int code = run(name, words);
      terminal.flush();
      return code;
    } catch (Terminal.BrokenPipeException e) {
      return ExitCode.BROKEN_PIPE;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      return fail(name, words, e, debug); // an Error too: the exit code of the JVM would mean more
    }
  }

  private int run(String name, List<String> words) throws IOException, InterruptedException {
    for (String word : words) {
      if (word.indexOf('\uFFFD') >= 0) { // or else two dedup keys could become one
        throw new UsageException(
            "'" + Printable.of(word) + "' is no text in the locale's encoding");
      }
    }
    Verb verb = Verbs.find(name);
    if (verb == null) {
      return Grammar.withoutVerb(words, terminal);
    }
    Syntax syntax = verb.syntax();
    List<String> own = words.subList(1, words.size());
    List<String> command = List.of();
    int end = syntax.command().isEmpty() ? -1 : own.indexOf("--");
    if (end >= 0) {
      command = own.subList(end + 1, own.size());
      own = own.subList(0, end);
    }
    Arguments arguments = PlainParser.parse(syntax, own, command);
    if (arguments == null) {
      arguments = Grammar.parse(syntax, own, command, terminal);
    }
    if (arguments == null) {
      return ExitCode.OK;
    }
    try {
      return verb.run(arguments, terminal);
    } catch (UncheckedIOException e) { // of a stream, or of a callback that prints
      throw e.getCause();
    }
  }

  private int fail(String name, List<String> words, Throwable failure, boolean debug) {
    terminal.progress("");
    try {
      terminal.flush(); // what was found out before it failed
    } catch (IOException e) {
      // one failure is enough
    }
    boolean expected =
        failure instanceof IOException
            || failure instanceof InterruptedException
            || failure instanceof UsageException;
    String problem = expected ? text(failure) : "a mistake of this program: " + failure;
    Verb verb = Verbs.find(name);
    OptionalInt told = verb == null ? OptionalInt.empty() : verb.fail(words, problem, terminal);
    String who = verb == null ? "spool" : "spool " + name;
    if (told.isEmpty()) {
      terminal.note(who + ": " + Printable.of(problem));
    }
    if (debug) {
      terminal.note(trace(failure));
    } else if (told.isEmpty() && failure instanceof UsageException) {
      terminal.note("Try: " + who + " --help");
    }
    return told.orElseGet(() -> code(failure));
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    StringBuilder printable = new StringBuilder();
    for (String line : trace.toString().split("\n", -1)) {
      int text = 0;
      while (text < line.length() && line.charAt(text) == '\t') {
        text++; // the depth
      }
      printable.append(line, 0, text).append(Printable.of(line.substring(text))).append('\n');
    }
    return printable.toString().stripTrailing();
  }

  /** What and where: the JDK's own messages are often no more than a path. */
  private static String text(Throwable failure) {
    if (failure instanceof NoSuchFileException missing && missing.getReason() == null) {
      return missing.getFile() + ": no such file";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (failure instanceof FileSystemException other && other.getReason() == null) {
      return other.getFile() + ": " + other.getClass().getSimpleName();
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static int code(Throwable failure) {
    if (failure instanceof UsageException) {
      return ExitCode.USAGE;
    }
    if (failure instanceof SpoolFormatException) {
      return ExitCode.CONFIG;
    }
    if (failure instanceof CorruptEntryException) {
      return ExitCode.DATA;
    }
    if (Denial.is(failure)) {
      return ExitCode.NO_PERMISSION;
    }
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return ExitCode.NO_INPUT;
    }
    if (failure instanceof SpoolFullException) { // others may take a hand, or more than time
      return ExitCode.TEMPORARY;
    }
    return failure instanceof IOException || failure instanceof InterruptedException
        ? ExitCode.IO
        : ExitCode.SOFTWARE;
  }
}
