package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory queue of CERN's {@code dirq}, simple layout: {@code <8 hex digits>/<14 hex digits>},
 * one file per element. Whoever works on an element has made {@code <element>.lck}, a hard link to
 * it, which fails for all others.
 *
 * <p>The import locks an element by the same name, while it takes it. Its lock is a symbolic link
 * that leads nowhere, because that is made in one step with the name of its owner in it: a lock
 * that was left by a run that was killed is known, one of a consumer's is never mistaken for it.
 * The libraries find that the name is taken, and their purge passes over it.
 *
 * @param directory the queue
 * @param owner what the import's locks lead to
 * @param staleAfter the age from which a consumer's lock does not count; null: it always does
 */
record DirqSource(Path directory, Path owner, @Nullable Duration staleAfter)
    implements ImportSource {

  private static final Predicate<String> INTERMEDIATE =
      Pattern.compile("[0-9a-f]{8}").asMatchPredicate();
  private static final Predicate<String> ELEMENT =
      Pattern.compile("[0-9a-f]{14}").asMatchPredicate();
  private static final String LOCK = ".lck";

  @Override
  public List<Waiting> waiting() throws IOException {
    List<Waiting> waiting = new ArrayList<>();
    for (Path between : list(directory, INTERMEDIATE)) {
      for (Path element : elements(between)) {
        if (Files.isDirectory(element, LinkOption.NOFOLLOW_LINKS)) {
          throw new UsageException(
              "SOURCE: "
                  + Printable.of(element.toString())
                  + " is a directory: this queue is not of the simple layout");
        }
        waiting.add(new Waiting(element, onItsWay(element)));
      }
    }
    waiting.sort(Comparator.comparing(Waiting::name));
    return waiting;
  }

  /** The name of an element that has left its directory: unique, and in the same order. */
  private Path onItsWay(Path element) {
    return Path.of(directory.relativize(element).toString().replace('/', '.'));
  }

  private static List<Path> elements(Path between) throws IOException {
    try {
      return list(between, ELEMENT);
    } catch (NoSuchFileException e) {
      return List.of(); // RACE: it was empty, and a consumer has purged it
    }
  }

  private static List<Path> list(Path directory, Predicate<String> names) throws IOException {
    return ImportSource.list(directory).stream()
        .filter(file -> names.test(String.valueOf(file.getFileName())))
        .toList();
  }

  @Override
  public Comparator<Path> order() {
    return Comparator.naturalOrder();
  }

  @Override
  public Taking take(Waiting element, Path to) throws IOException {
    Path lock = lockOf(element.file());
    try {
      if (!lock(lock)) {
        return Taking.LOCKED;
      }
    } catch (NoSuchFileException e) {
      return Taking.GONE; // RACE: it was removed, and then its directory was purged
    }
    try {
      return ImportSource.move(element.file(), to);
    } finally {
      Files.deleteIfExists(lock);
    }
  }

  @Override
  public boolean isLocked(Waiting element) throws IOException {
    Path lock = lockOf(element.file());
    return Files.exists(lock, LinkOption.NOFOLLOW_LINKS) && !isOurs(lock) && !isStale(lock);
  }

  @Override
  public void release(Path name) throws IOException {
    Path lock = lockOf(directory.resolve(name.toString().replace('.', '/')));
    if (isOurs(lock)) {
      Files.deleteIfExists(lock);
    }
  }

  private static Path lockOf(Path element) {
    return element.resolveSibling(element.getFileName() + LOCK);
  }

  private boolean lock(Path lock) throws IOException {
    try {
      Files.createSymbolicLink(lock, owner);
      return true;
    } catch (FileAlreadyExistsException e) {
      return isOurs(lock) || (isStale(lock) && seize(lock));
    }
  }

  private boolean isOurs(Path lock) throws IOException {
    return Files.isSymbolicLink(lock) && Files.readSymbolicLink(lock).equals(owner);
  }

  private boolean isStale(Path lock) throws IOException {
    if (staleAfter == null) {
      return false;
    }
    try {
      // The ctime: link() sets it, but the mtime is the element's until the consumer's next call.
      FileTime locked =
          (FileTime) Files.getAttribute(lock, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
      return Duration.between(locked.toInstant(), Instant.now()).compareTo(staleAfter) >= 0;
    } catch (NoSuchFileException e) {
      return false; // RACE: given back a moment ago; the next run gets the element
    }
  }

  /** Puts our lock in the place of another, so that there is no moment without one. */
  private boolean seize(Path lock) throws IOException {
    Path ours = lock.resolveSibling(lock.getFileName() + "." + owner);
    Files.deleteIfExists(ours); // of a run that was killed here
    Files.createSymbolicLink(ours, owner);
    Files.move(ours, lock, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }
}
