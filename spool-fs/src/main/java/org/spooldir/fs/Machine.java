package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNullElse;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What tells processes and machines apart; on Linux from {@code /proc}, elsewhere as far as it
 * goes.
 */
final class Machine {

  private static final Path PROC = Path.of("/proc");
  private static final int START_TIME_AFTER_COMMAND = 19;

  /** What hides nothing. */
  private static final Set<String> SHOWN = Set.of("hidepid=0", "hidepid=off");

  private Machine() {}

  /** The host name, without asking a name server. */
  static String hostName() {
    String name = read(PROC.resolve("sys/kernel/hostname"));
    for (String variable : List.of("HOSTNAME", "COMPUTERNAME")) {
      name = name.isEmpty() ? requireNonNullElse(System.getenv(variable), "") : name;
    }
    return name.isEmpty() ? "localhost" : name;
  }

  /**
   * 64 bits that no other process has and nobody can foresee. From the device itself, because
   * {@code java.security} takes longer to start than a job takes to hand in.
   */
  static long randomSeed() {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      return ByteBuffer.wrap(random.readNBytes(Long.BYTES)).getLong();
    } catch (IOException | BufferUnderflowException e) {
      return new SecureRandom().nextLong(); // no such device
    }
  }

  /** The pid of this process, for people. {@code ProcessHandle} would start a thread pool first. */
  static long pid() {
    try {
      return Long.parseLong(Files.readSymbolicLink(PROC.resolve("self")).toString());
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      return ProcessHandle.current().pid(); // not Linux
    }
  }

  /** Different after each boot of each machine; empty where there is none. */
  static String bootId() {
    return read(PROC.resolve("sys/kernel/random/boot_id"));
  }

  /**
   * In which pid namespace this process counts; empty where there is none, or where {@code /proc}
   * tells of the processes of another one, as after {@code nsenter --pid} without its mounts.
   */
  static String pidNamespace() {
    try {
      String self = Files.readSymbolicLink(PROC.resolve("self")).toString();
      if (!self.equals(Long.toString(ProcessHandle.current().pid()))) {
        return "";
      }
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // no such system: then nothing is ever proven by pid
    }
  }

  /** The user of this process; -1 where there is none. */
  static int user() throws IOException {
    try {
      return (int) Files.getAttribute(PROC.resolve("self"), "unix:uid");
    } catch (NoSuchFileException | UnsupportedOperationException | IllegalArgumentException e) {
      return -1;
    }
  }

  /**
   * When the process of this pid started, in ticks since the boot, so that no step of the clock
   * changes it.
   *
   * @return empty if there is no such process any more, or only its zombie
   * @throws IOException if that cannot be told
   */
  static Optional<String> startTime(long pid) throws IOException {
    Path process = PROC.resolve(Long.toString(pid));
    String stat;
    try {
      stat = Files.readString(process.resolve("stat"), ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (Files.notExists(process)) {
        return Optional.empty(); // RACE: it ended between open and read (ESRCH).
      }
      throw e;
    }
    // The command stands in brackets and may hold anything, brackets and spaces too.
    List<String> fields = Splitter.on(' ').splitToList(stat.substring(stat.lastIndexOf(')') + 2));
    if ((fields.get(0).equals("Z") || fields.get(0).equals("X")) && threads(process) <= 1) {
      return Optional.empty();
    }
    return Optional.of(fields.get(START_TIME_AFTER_COMMAND));
  }

  /**
   * Whether processes may be hidden from this one: of its own user as well, if their group differs,
   * or what they are allowed.
   */
  static boolean hidesProcesses() {
    return Mount.of(PROC)
        .map(
            proc ->
                proc.options().stream()
                    .anyMatch(option -> option.startsWith("hidepid=") && !SHOWN.contains(option)))
        .orElse(true);
  }

  private static long threads(Path process) throws IOException {
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      return tasks.count();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // not Linux
    }
  }
}
