package org.spooldir.cli;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spooldir.Job;
import org.spooldir.Payload;

/** What all jobs of one {@code spool put} have in common. */
final class JobTemplate {

  private final Job job;

  /** Reads the options. */
  JobTemplate(Arguments arguments) {
    Job made =
        Job.of("").priority((int) arguments.number("--priority", 0, 9, Job.DEFAULT_PRIORITY));
    try {
      for (String pair : arguments.all("--attr")) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
          throw Arguments.bad("--attr", pair, "NAME=VALUE");
        }
        made = made.attribute(pair.substring(0, equals), pair.substring(equals + 1));
      }
      String key = arguments.text("--key");
      made = key == null ? made : made.key(key);
      Optional<Duration> delay = arguments.duration("--delay");
      made = delay.isEmpty() ? made : made.delay(delay.get());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    String at = arguments.text("--at");
    if (at != null) {
      if (arguments.has("--delay")) {
        throw new UsageException("--delay or --at, not both");
      }
      Instant instant = TimeText.parse(at);
      if (instant == null) {
        throw Arguments.bad("--at", at, TimeText.EXPECTED);
      }
      made = made.notBefore(instant);
    }
    job = made;
  }

  /** One of them; the payload is read once. */
  Job with(InputStream payload) {
    return job.payload(new OneStream(payload));
  }

  // Not a lambda: the first one costs a start-up some milliseconds.
  private record OneStream(InputStream in) implements Payload {
    @Override
    public InputStream open() {
      return in;
    }
  }
}
