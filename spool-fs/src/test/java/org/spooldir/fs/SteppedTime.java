package org.spooldir.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The wall clock of a machine that somebody sets: that of its processes and that of its file system
 * at once. No process but the kernel can do that, and time namespaces have no wall clock; so
 * processes that share one file of steps pretend it, each behind its own door to the operating
 * system. What was written before a step keeps its date.
 */
public final class SteppedTime implements InstantSource {

  private final Path steps;

  /** Steps are told by this file, which need not be there. */
  public SteppedTime(Path steps) {
    this.steps = steps;
  }

  /** From now on all clocks differ from the real ones by this much. */
  public void set(Duration shift) throws IOException {
    Path next = steps.resolveSibling(steps.getFileName() + ".next");
    String before = Files.exists(steps) ? Files.readString(steps) : "";
    Files.writeString(next, before + Instant.now() + " " + shift + "\n");
    Files.move(next, steps, StandardCopyOption.ATOMIC_MOVE);
  }

  /** By how much the clocks were off at each time since they were first set. */
  private NavigableMap<Instant, Duration> shifts() {
    NavigableMap<Instant, Duration> shifts = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(steps)) {
        int space = line.indexOf(' ');
        shifts.put(
            Instant.parse(line.substring(0, space)), Duration.parse(line.substring(space + 1)));
      }
    } catch (NoSuchFileException e) {
      // nobody has set them yet
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shifts;
  }

  private Instant told(Instant real) {
    Map.Entry<Instant, Duration> shift = shifts().floorEntry(real);
    return shift == null ? real : real.plus(shift.getValue());
  }

  @Override
  public Instant instant() {
    return told(Instant.now());
  }

  /** The file system of that machine. */
  FileOps on(FileOps real) {
    return new ForwardingFileOps(real) {
      @Override
      public Stat stat(Path file) throws IOException {
        Stat stat = real.stat(file);
        return new Stat(stat.regular(), stat.size(), told(stat.modified()));
      }

      @Override
      public Inode inode(Path file) throws IOException {
        Inode inode = real.inode(file);
        return new Inode(inode.key(), inode.links(), told(inode.changed()), inode.owner());
      }

      @Override
      public Lstat lstat(Path file) throws IOException {
        Lstat facts = real.lstat(file);
        return new Lstat(
            facts.mode(),
            facts.owner(),
            facts.group(),
            facts.key(),
            facts.links(),
            facts.size(),
            told(facts.modified()),
            told(facts.changed()));
      }
    };
  }
}
