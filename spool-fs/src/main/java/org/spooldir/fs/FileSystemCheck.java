package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFormatException;

/** What the file system under a spool can and cannot do. */
final class FileSystemCheck {

  /** Rename without a journal: after power loss an entry can be gone, or stand under two names. */
  private static final Set<String> WEAK = Set.of("ext2", "vfat", "msdos", "exfat");

  private FileSystemCheck() {}

  /** rename works within one file system only, and a spool lives by rename. */
  static void requireOneFileSystem(FileOps ops, Path root, List<String> directories)
      throws SpoolException {
    Path looked = root;
    try {
      Object device = ops.device(root);
      for (String name : directories) {
        looked = root.resolve(name);
        if (!ops.device(looked).equals(device)) {
          throw new SpoolFormatException(
              new Where("open", FileNames.escape(looked), null, InSpool.NO),
              "is on another file system than the spool, so nothing could be renamed into it: move it back onto the same one",
              null);
        }
      }
    } catch (UnsupportedOperationException e) {
      return; // no inodes, no way to tell
    } catch (IOException e) {
      throw Diagnosis.of("open", looked, null, InSpool.NO, e);
    }
  }

  /** Whether a rename that was not forced can lose the file in a power cut. */
  static boolean isWeak(Path root) {
    try {
      FileStore store = Files.getFileStore(root);
      return WEAK.contains(store.type()) || (store.type().equals("ext4") && !hasJournal(store));
    } catch (IOException e) {
      return true; // unsure: the careful way costs time, the other jobs
    }
  }

  private static boolean hasJournal(FileStore store) throws IOException {
    Path device = Path.of(store.name());
    if (!Files.exists(device)) {
      return true; // a container without the device: ext4 without a journal is rare, say so only
      // when it is known
    }
    Path facts = Path.of("/sys/fs/ext4").resolve(String.valueOf(device.toRealPath().getFileName()));
    Path task = facts.resolve("journal_task"); // the pid of the thread that writes the journal
    return !Files.exists(task) || !Files.readString(task).strip().equals("<none>");
  }
}
