package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.spooldir.fs.Access;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** {@code spool init}: makes a spool. */
final class Init implements Verb {

  private static final String SEPARATORS = ":;!";

  @Override
  public Syntax syntax() {
    return Syntax.of("init", "Makes a spool.")
        .detail(
            "The spool remembers what is said here, and whoever opens it goes by that. Nothing is"
                + " made where something else is already.")
        .operand("DIR", "The directory: absent, or empty.")
        .option(
            "--access",
            "WHO",
            "Who may use it: private, the default: its owner; dropbox: members of its group may"
                + " put jobs as well, but neither list nor delete any.",
            "private",
            "dropbox")
        .option("--reserve", "SIZE", "Room set aside for workers on a full disk; 2M if not given.")
        .option(
            "--retain",
            "D",
            "How long completed jobs stay in done/, such as 7d; not at all if not given.")
        .option(
            "--separator",
            "C",
            "What stands in names before their state: ':' if not given; ';' or '!' where the file"
                + " system forbids colons.")
        .flag("--maildir", "DIR is a Maildir, and becomes a spool; its mail becomes jobs.")
        .example("spool init /var/spool/thumbnails", "makes a spool that only its owner can use")
        .example("spool init jobs --retain 7d", "completed jobs can be looked at for a week");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Path directory = arguments.directory();
    SpoolOptions options =
        SpoolOptions.DEFAULTS
            .reserve(arguments.size("--reserve", SpoolOptions.DEFAULTS.reserve()))
            .separator(separator(arguments))
            .access(access(arguments));
    Optional<Duration> retain = arguments.duration("--retain");
    if (retain.isPresent()) {
      options = options.retention(retain.get());
    }
    DirectorySpool made =
        arguments.has("--maildir")
            ? DirectorySpool.adopt(directory, options)
            : DirectorySpool.create(directory, options);
    made.close();
    if (options.reserve() > 0 && Files.notExists(directory.resolve("spool.reserve"))) {
      terminal.note(
          "spool init: there is no room for the reserve yet; workers make it when there is");
    }
    return ExitCode.OK;
  }

  private static char separator(Arguments arguments) {
    String text = arguments.text("--separator", ":");
    if (text.length() != 1 || !SEPARATORS.contains(text)) {
      throw Arguments.bad("--separator", text, "one of : ; !");
    }
    return text.charAt(0);
  }

  private static Access access(Arguments arguments) {
    String text = arguments.text("--access", "private");
    return switch (text) {
      case "private" -> Access.PRIVATE;
      case "dropbox" -> Access.DROPBOX;
      default -> throw Arguments.bad("--access", text, "private or dropbox");
    };
  }
}
