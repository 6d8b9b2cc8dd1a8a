package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.escape.CharEscaperBuilder;
import com.google.common.escape.Escaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spooldir.Failure;
import org.spooldir.JobId;

/**
 * Why attempts at a job failed: {@code errors/<id>.log}, one JSON object a line, ASCII.
 *
 * <pre>{"at":"2026-11-21T07:00:00.123Z","attempt":1,"worker":"host.4711.k3x9","reason":"timeout"}
 * </pre>
 */
final class FailureLog {

  static final String SUFFIX = ".log";

  private static final int MAX_REASON = 4096;
  private static final Escaper QUOTES =
      new CharEscaperBuilder()
          .addEscape('"', "\\\"")
          .addEscape('\\', "\\\\")
          .addEscape('\n', "\\n")
          .addEscape('\r', "\\r")
          .addEscape('\t', "\\t")
          .toEscaper();
  private static final String START = "{\"at\":\"";
  private static final Pattern LINE =
      Pattern.compile(
          Pattern.quote(START)
              + "([^\"]*)\",\"attempt\":(\\d{1,9}),\"worker\":\"([^\"]*)\",\"reason\":\"(.*)\"}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-f]{4})|.)");

  private final FileOps ops;
  private final SpoolLayout layout;

  FailureLog(FileOps ops, SpoolLayout layout) {
    this.ops = ops;
    this.layout = layout;
  }

  /** The log of a job. */
  Path of(JobId id) {
    return FileNames.in(layout.errors(), nameOf(id));
  }

  static String nameOf(JobId id) {
    return id.value() + SUFFIX;
  }

  /** Writes down a failed attempt. One write, so that two writers do not mix within a line. */
  void append(JobId id, Failure failure) throws IOException {
    ops.append(of(id), (encode(failure) + "\n").getBytes(US_ASCII));
  }

  /** Makes the notes durable. */
  void force(JobId id) throws IOException {
    try {
      if (ops.stat(of(id)).regular()) { // or else nothing was noted in it
        ops.force(of(id));
        ops.forceDirectory(layout.errors());
      }
    } catch (NoSuchFileException e) {
      // the note could not be written; the job went on all the same
    }
  }

  /** The failed attempts of a job, oldest first; none if there is no log. */
  List<Failure> read(JobId id) throws IOException {
    List<Failure> failures = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(ops.read(of(id)), US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        failures.add(decode(line));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return failures;
  }

  /** Removes the log with its job. */
  void delete(JobId id) throws IOException {
    try {
      ops.delete(of(id));
    } catch (NoSuchFileException e) {
      // most jobs never failed
    }
  }

  static String encode(Failure failure) {
    String reason = failure.reason();
    String cut = reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    return "{\"at\":\"%s\",\"attempt\":%s,\"worker\":\"%s\",\"reason\":\"%s\"}"
        .formatted(
            failure.at(),
            failure.attempt(),
            ascii(QUOTES.escape(failure.worker())),
            ascii(QUOTES.escape(cut)));
  }

  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c <= '~') {
        ascii.append(c);
      } else {
        ascii.append(String.format("\\u%04x", (int) c));
      }
    }
    return ascii.toString();
  }

  /**
   * A line that is none of ours, or was cut off in a crash, is shown as the reason. A whole note
   * behind one that was cut off is read: in its own texts quotes are escaped.
   */
  static Failure decode(String line) {
    Matcher matcher = LINE.matcher(line.substring(Math.max(0, line.lastIndexOf(START))));
    if (matcher.matches() && !endsInEscape(matcher.group(4))) {
      try {
        return new Failure(
            Instant.parse(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            unescape(matcher.group(3)),
            unescape(matcher.group(4)));
      } catch (DateTimeParseException e) {
        // falls through: not ours
      }
    }
    return unknown(line);
  }

  /** Whether the quote behind it is a part of the reason: the line was cut off after it. */
  private static boolean endsInEscape(String reason) {
    int end = reason.length();
    while (end > 0 && reason.charAt(end - 1) == '\\') {
      end--;
    }
    return (reason.length() - end) % 2 == 1;
  }

  /** Stands for a failure of which nothing is known but this. */
  static Failure unknown(String reason) {
    return new Failure(Instant.EPOCH, 0, "", reason);
  }

  private static String unescape(String text) {
    return ESCAPE.matcher(text).replaceAll(FailureLog::unescaped);
  }

  private static String unescaped(MatchResult escape) {
    String plain =
        escape.group(2) != null
            ? String.valueOf((char) Integer.parseInt(escape.group(2), 16))
            : switch (escape.group(1)) {
              case "n" -> "\n";
              case "r" -> "\r";
              case "t" -> "\t";
              default -> escape.group(1);
            };
    return Matcher.quoteReplacement(plain);
  }
}
