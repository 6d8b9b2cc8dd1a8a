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
  private final DirectoryInspector inspector;

  /**
   * Works on a spool.
   *
   * @param inspector looks for a job through the whole spool; asked only where links were made by
   *     others
   */
  DedupKeys(Site site, DirectoryInspector inspector) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.inspector = inspector;
  }

  /** Whether a name in {@code keys/} is that of a key: a SHA-256 in hex. */
  static boolean isHome(String name) {
    boolean hex = name.length() == 64;
    for (int i = 0; hex && i < name.length(); i++) {
      hex = Character.digit(name.charAt(i), 16) >= 0 && !Character.isUpperCase(name.charAt(i));
    }
    return hex;
  }

  /** Whether a name in {@code keys/} is that of a key that a producer is about to take. */
  static boolean isDraft(EntryName name) {
    return !name.isForeign() && name.base().equals(name.id().value());
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
      if (syncs.onEnqueue()) {
        ops.forceDirectory(draft); // nobody else ever forces this one
      }
      Optional<JobId> holder = rename(draft, home, key);
      if (holder.isPresent()) {
        discard(draft, link);
      } else {
        syncs.kept(layout.keys());
      }
      return holder;
    } catch (IOException | RuntimeException e) {
      discard(draft, link);
      throw e;
    }
  }

  /** Takes the key, or tells who has it. */
  private Optional<JobId> rename(Path draft, Path home, String key) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        ops.rename(draft, home);
        return Optional.empty();
      } catch (NoSuchFileException | AccessDeniedException e) {
        throw e;
      } catch (FileSystemException e) {
        // The key has a holder: a living one, or a stale one that this look removes.
        Optional<JobId> holder = holder(key);
        if (holder.isPresent()) {
          return holder;
        }
        if (tries == TRIES || Diagnosis.isFull(e)) {
          throw e;
        }
      }
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

  /** The living job of a key, which is published by then; a stale link is removed. */
  Optional<JobId> holder(String key) throws IOException {
    Path home = home(key);
    try (DirectoryStream<Path> links = ops.list(home)) {
      for (Path link : links) {
        EntryName name = layout.nameOf(link);
        if (name.isForeign()) {
          continue; // not ours
        }
        if (lives(link, name)) {
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
   * if this publishes it, or it stands where it was published; or else it is looked for, because a
   * backup by hard links would keep the key taken for ever.
   */
  private boolean lives(Path link, EntryName name) throws IOException {
    try {
      FileOps.Inode inode = ops.inode(link);
      return inode.links() > 1
          && (publish(name) || isSame(inode, published(name)) || inspector.isThere(name.id()));
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

  private Path published(EntryName name) {
    Path directory = name.due() == EntryName.NONE ? layout.ready() : layout.delayed();
    return FileNames.in(directory, name.text());
  }

  /**
   * E4 for a producer that is gone, or slow: the exact name is there once, so whoever renames it
   * does it for both. If it is not there, it was published long ago, which is the common case, or
   * its producer has given it up; having seen it there a moment ago proves nothing.
   */
  private boolean publish(EntryName name) throws IOException {
    Path written = FileNames.in(layout.tmp(), name.id().value());
    if (!ops.exists(written)) {
      return false;
    }
    try {
      syncs.kept(layout.keys()); // its producer may not have come so far: no job without its key
      ops.rename(written, published(name));
      return true;
    } catch (NoSuchFileException e) {
      if (ops.exists(written)) {
        throw new FileSystemException(
            published(name).toString(),
            null,
            "its directory is gone; make it again with mkdir -m 700");
      }
      return false;
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
