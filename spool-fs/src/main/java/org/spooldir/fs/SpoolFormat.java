package org.spooldir.fs;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolFormatException;

/**
 * What stands in {@code spool.format}: {@code spool 1}, and the settings that the spool was made
 * with, each only where it is not the default. Those count for everyone who opens it; what it does
 * not understand is refused.
 *
 * @param separator stands between base and state of an entry name
 * @param retention how long completed jobs are kept, in whole seconds; null: the spool does not say
 * @param reserve bytes set aside for a full disk; null: the spool does not say
 * @param access who may use it
 */
record SpoolFormat(
    char separator, @Nullable Duration retention, @Nullable Long reserve, Access access) {

  private static final String VERSION = "spool 1";

  /**
   * Bytes of an entry in a drop box, if nobody says otherwise: it is copied, and a file of holes
   * costs its owner nothing.
   */
  private static final long MAX_DROPPED = 1 << 30;

  /** {@code spool 1}, and nothing else. */
  static final SpoolFormat PLAIN = new SpoolFormat(':', null, null, Access.PRIVATE);

  // ---- between options and format ----

  /** What a spool remembers that is made with these options. */
  static SpoolFormat of(SpoolOptions options) {
    SpoolOptions defaults = SpoolOptions.DEFAULTS;
    return new SpoolFormat(
        options.separator(),
        options.retention().equals(defaults.retention()) ? null : wholeSeconds(options.retention()),
        options.reserve() == defaults.reserve() ? null : (Long) options.reserve(),
        options.access());
  }

  /** Rounded up: what is kept is never deleted earlier than was said. */
  private static Duration wholeSeconds(Duration duration) {
    long seconds = duration.toSeconds();
    boolean whole = Duration.ofSeconds(seconds).equals(duration);
    return Duration.ofSeconds(whole || seconds == Long.MAX_VALUE ? seconds : seconds + 1);
  }

  /** The options of a process in this spool: what the spool says, and the rest as the process. */
  SpoolOptions applyTo(SpoolOptions options) {
    SpoolOptions applied = options.separator(separator).access(access);
    if (retention != null) {
      applied = applied.retention(retention);
    }
    if (access == Access.DROPBOX && options.maxEntrySize() == 0) {
      applied = applied.maxEntrySize(MAX_DROPPED);
    }
    return reserve == null ? applied : applied.reserve(reserve);
  }

  // ---- between format and text ----

  /** The line, without its line feed. */
  String line() {
    StringBuilder line = new StringBuilder(VERSION);
    if (separator != ':') {
      line.append(" separator=").append(separator);
    }
    if (retention != null) {
      line.append(" retain=").append(retention.toSeconds());
    }
    if (reserve != null) {
      line.append(" reserve=").append(reserve);
    }
    if (access == Access.DROPBOX) {
      line.append(" access=dropbox");
    }
    return line.toString();
  }

  /**
   * Reads what stands in the file.
   *
   * @throws SpoolFormatException if any of it is not understood; says what to do
   */
  static SpoolFormat parse(Path file, String text) throws SpoolFormatException {
    String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    if (line.equals(VERSION)) {
      return PLAIN; // every start of a command line comes here: it should cost no more than this
    }
    if (line.startsWith(VERSION + " ") && line.indexOf('\n') < 0) {
      return new Parser(file).parse(line.substring(VERSION.length() + 1));
    }
    throw SpoolLayout.malformed(
        file,
        isNewer(line)
            ? "is of a newer format (" + FileNames.escape(line) + "): use a newer version"
            : "does not say \"" + VERSION + "\": this is no spool, or it is damaged",
        null);
  }

  private static boolean isNewer(String line) {
    int number = VERSION.length() - 1;
    return line.length() > number
        && line.startsWith(VERSION.substring(0, number))
        && isDigit(line.charAt(number))
        && line.indexOf('\n') < 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Reads the settings, one after the other. */
  private static final class Parser {
    private final Path file;
    private @Nullable Character separator;
    private @Nullable Duration retention;
    private @Nullable Long reserve;
    private @Nullable Access access;

    Parser(Path file) {
      this.file = file;
    }

    SpoolFormat parse(String settings) throws SpoolFormatException {
      int from = 0;
      while (from <= settings.length()) {
        int space = settings.indexOf(' ', from);
        int end = space < 0 ? settings.length() : space;
        String setting = settings.substring(from, end);
        if (!take(setting)) {
          throw SpoolLayout.malformed(
              file,
              "has a setting that this version does not understand ("
                  + FileNames.escape(setting)
                  + "): use a newer version, or correct it if it was written by hand",
              null);
        }
        from = end + 1;
      }
      return new SpoolFormat(
          separator == null ? ':' : separator,
          retention,
          reserve,
          access == null ? Access.PRIVATE : access);
    }

    /** Whether it is understood, and stands there for the first time. */
    private boolean take(String setting) {
      int equals = setting.indexOf('=');
      String value = setting.substring(equals + 1);
      switch (setting.substring(0, Math.max(equals, 0))) {
        case "separator" -> {
          boolean fresh = separator == null;
          boolean known = value.length() == 1 && SpoolOptions.SEPARATORS.contains(value);
          separator = known ? (Character) value.charAt(0) : null;
          return fresh && known;
        }
        case "retain" -> {
          Long seconds = number(value);
          boolean fresh = retention == null;
          retention = seconds == null ? null : Duration.ofSeconds(seconds);
          return fresh && seconds != null;
        }
        case "reserve" -> {
          boolean fresh = reserve == null;
          reserve = number(value);
          return fresh && reserve != null;
        }
        case "access" -> {
          boolean fresh = access == null;
          access = value.equals("dropbox") ? Access.DROPBOX : null;
          return fresh && access != null;
        }
        default -> {
          return false;
        }
      }
    }

    /** Decimal digits, without sign or leading zero; null if it is none, or too large. */
    private static @Nullable Long number(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (!isDigit(text.charAt(i))) {
          return null;
        }
      }
      if (text.length() > 1 && text.startsWith("0")) {
        return null;
      }
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return null; // nothing, or beyond 2^63
      }
    }
  }
}
