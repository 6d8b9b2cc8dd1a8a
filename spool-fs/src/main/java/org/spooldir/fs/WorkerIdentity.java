package org.spooldir.fs;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who a worker process is: what {@code workers/<id>} says. One {@code key=value} a line, the beat
 * last and of fixed width, so that a beat writes over the same bytes and needs no room.
 *
 * @param host for people
 * @param boot different after each boot of each machine
 * @param namespace in which pid namespace the pid counts
 * @param pid the process
 * @param start when it started, so that a reused pid is told apart
 * @param lease how long it is believed alive without a beat
 */
record WorkerIdentity(
    String host, String boot, String namespace, long pid, String start, Duration lease) {

  /** A file longer than this was not written here. */
  static final int MAX_BYTES = 4096;

  private static final String FORMAT = "spool worker 1";

  /** This process. */
  static WorkerIdentity ofThisProcess(Duration lease) {
    long pid = ProcessHandle.current().pid();
    String start;
    try {
      start = Machine.startTime(pid).orElse("");
    } catch (IOException e) {
      start = ""; // then nobody can prove this process dead; its silence will tell
    }
    return new WorkerIdentity(
        UniqueNames.escapeHost(Machine.hostName(), 64),
        Machine.bootId(),
        Machine.pidNamespace(),
        pid,
        start,
        lease);
  }

  /** The content of the presence file. */
  // No formatter: it writes the digits of the locale, and takes half a millisecond of the first
  // claim.
  String text(long beat) {
    return FORMAT
        + "\nhost="
        + host
        + "\nboot="
        + boot
        + "\npidns="
        + namespace
        + "\npid="
        + pid
        + "\nstart="
        + start
        + "\nlease="
        + lease.toMillis()
        + "\nbeat="
        + Strings.padStart(Long.toString(beat), 13, '0')
        + "\n";
  }

  /** Understands a presence file; empty if it says nothing that can be used. */
  static Optional<WorkerIdentity> parse(String text) {
    if (!text.startsWith(FORMAT + "\n")) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (String line : Splitter.on('\n').split(text)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new WorkerIdentity(
              values.getOrDefault("host", ""),
              values.getOrDefault("boot", ""),
              values.getOrDefault("pidns", ""),
              Long.parseLong(values.getOrDefault("pid", "")),
              values.getOrDefault("start", ""),
              Duration.ofMillis(Math.max(1, Long.parseLong(values.getOrDefault("lease", ""))))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * R1: whether it is proven that this process is gone. It must have lived on this boot of this
   * machine, in our pid namespace, and its pid must be free or another's. Unsure is not proof.
   *
   * @param self who we are
   * @param owner the user who owns the presence: processes of others may be hidden from us
   */
  boolean isProvenGone(WorkerIdentity self, int owner) throws IOException {
    if (boot.isEmpty() || namespace.isEmpty() || start.isEmpty() || pid <= 0) {
      return false;
    }
    if (!boot.equals(self.boot) || !namespace.equals(self.namespace) || owner != Machine.user()) {
      return false;
    }
    Optional<String> started = Machine.startTime(pid);
    return started.isPresent() ? !started.get().equals(start) : !Machine.hidesProcesses();
  }
}
