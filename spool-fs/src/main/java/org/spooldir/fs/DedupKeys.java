package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.spooldir.JobId;

/**
 * While a job of a key lives, {@code keys/<hash of the key>/} holds a hard link to its entry, named
 * as the entry is when it is first published. The link count tells whether the job still lives,
 * wherever its entry has moved: 1 means that only the key is left.
 *
 * <p>Two properties of POSIX make this safe without a lock (docs/adr/0003): a directory is renamed
 * onto another only if that one is empty or absent, which is the compare-and-swap that takes a key;
 * and a stale link has a name that no other job ever has, so that unlinking it late harms nobody.
 */
final class DedupKeys {

  /** RACE: others take and give back the same key between the look and the next try. */
  private static final int TRIES = 1000;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final Predicate<JobId> isThere;

  /**
   * Works on a spool.
   *
   * @param isThere whether a job is found by looking through the whole spool; asked only where
   *     links were made by others
   */
  DedupKeys(Site site, Predicate<JobId> isThere) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.isThere = isThere;
  }

  private Path home(String key) {
    return layout.keys().resolve(Hashing.sha256().hashString(key, UTF_8).toString());
  }

  /**
   * Takes the key for a written job that is not published yet.
   *
   * @param file the job's file in {@code tmp/}, whose name is unique
   * @param published its name in {@code new/} or {@code delayed/}
   * @return empty if the key is taken for this job, or else the job that has it
   */
  Optional<JobId> take(String key, Path file, EntryName published) throws IOException {
    requireLinks(file);
    Path home = home(key);
    Path draft = layout.keys().resolve(FileNames.textOf(file));
    Path link = FileNames.in(draft, published.text());
    ops.createDirectory(draft);
    try {
      ops.link(file, link);
      syncs.kept(draft);
      for (int tries = 1; ; tries++) {
        try {
          ops.rename(draft, home);
          syncs.kept(layout.keys());
          return Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException e) {
          throw e;
        } catch (FileSystemException e) {
          // The key has a holder: a living one, or a stale one that this look removes.
          Optional<JobId> holder = holder(key);
          if (holder.isPresent()) {
            discard(draft, link);
            return holder;
          }
          if (tries == TRIES || Diagnosis.isFull(e)) {
            throw e;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      discard(draft, link);
      throw e;
    }
  }

  private void requireLinks(Path file) throws IOException {
    try {
      ops.inode(file);
    } catch (UnsupportedOperationException e) {
      throw new IOException("dedup keys need a file system with hard links and link counts", e);
    }
  }

  private void discard(Path draft, Path link) throws IOException {
    deleteIfThere(link);
    deleteIfThere(draft);
  }

  /**
   * The living job of a key. If its producer died before it published the job, this publishes it; a
   * stale link is removed.
   */
  Optional<JobId> holder(String key) throws IOException {
    Path home = home(key);
    try (DirectoryStream<Path> links = ops.list(home)) {
      for (Path link : links) {
        EntryName name = layout.nameOf(link);
        if (lives(link, name)) {
          publish(name);
          return Optional.of(name.id());
        }
        deleteIfThere(link);
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * Whether a job has an entry besides the link of its key. One link is a plain no. More are a yes
   * if the entry stands where it was written or published; or else it is looked for, because a
   * backup by hard links would keep the key taken for ever.
   */
  private boolean lives(Path link, EntryName name) throws IOException {
    try {
      FileOps.Inode inode = ops.inode(link);
      return inode.links() > 1
          && (isSame(inode, written(name))
              || isSame(inode, published(name))
              || isThere.test(name.id()));
    } catch (NoSuchFileException e) {
      return false; // RACE: its job was completed a moment ago
    }
  }

  private boolean isSame(FileOps.Inode inode, Path file) throws IOException {
    try {
      return ops.inode(file).key().equals(inode.key());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Path written(EntryName name) {
    return FileNames.in(layout.tmp(), name.id().value());
  }

  private Path published(EntryName name) {
    Path directory = name.due() == EntryName.NONE ? layout.ready() : layout.delayed();
    return FileNames.in(directory, name.text());
  }

  /**
   * E4 for a producer that is gone, or slow: the exact name is there once, so whoever renames it
   * does it for both.
   */
  private void publish(EntryName name) throws IOException {
    try {
      ops.rename(written(name), published(name));
    } catch (NoSuchFileException e) {
      // published long ago: the common case
    }
  }

  /** Gives the key of a job back, after its entry is gone. */
  void giveBack(String key, EntryName job) throws IOException {
    Path home = home(key);
    try (DirectoryStream<Path> links = ops.list(home)) {
      for (Path link : links) {
        if (layout.nameOf(link).base().equals(job.base())) {
          deleteIfThere(link);
        }
      }
    } catch (NoSuchFileException e) {
      return; // given back already
    }
    deleteIfThere(home);
  }

  /**
   * Whether this was deleted by this call; a directory that is not empty stays, which is right:
   * somebody else has taken the key.
   */
  boolean deleteIfThere(Path path) throws IOException {
    try {
      ops.delete(path);
      return true;
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      return false;
    }
  }
}
