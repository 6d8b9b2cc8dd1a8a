package org.spooldir.fs;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** The file systems whose power is cut, and how. */
enum CutFileSystem {
  EXT4_ORDERED("ext4, data=ordered", "data=ordered", 64, Cut.SHUTDOWN, "mkfs.ext4", "-qF"),
  EXT4_WRITEBACK("ext4, data=writeback", "data=writeback", 64, Cut.SHUTDOWN, "mkfs.ext4", "-qF"),
  EXT4_AT_ONCE(
      "ext4 without delayed allocation",
      "nodelalloc,noauto_da_alloc",
      64,
      Cut.SHUTDOWN,
      "mkfs.ext4",
      "-qF"),
  EXT4_FAST_COMMIT(
      "ext4 with fast_commit", "rw", 64, Cut.SHUTDOWN, "mkfs.ext4", "-qF", "-O", "fast_commit"),
  XFS("xfs", "rw", 320, Cut.SHUTDOWN, "mkfs.xfs", "-qf"),
  BTRFS("btrfs", "rw", 128, Cut.COPY, "mkfs.btrfs", "-qf"),
  EXT4_WITHOUT_JOURNAL(
      "ext4 without journal", "rw", 64, Cut.COPY, "mkfs.ext4", "-qF", "-O", "^has_journal"),
  EXT2("ext2", "rw", 64, Cut.COPY, "mkfs.ext2", "-qF");

  /** How the power fails. */
  enum Cut {
    /** The kernel drops what it has not written yet, and refuses everything from then on. */
    SHUTDOWN,
    /**
     * The image is copied as it is at this moment: what the kernel has not written is not in it.
     */
    COPY
  }

  /** As people call it. */
  final String title;

  final String mountOptions;
  final Cut cut;
  private final int megabytes;
  private final ImmutableList<String> mkfs;

  CutFileSystem(String title, String mountOptions, int megabytes, Cut cut, String... mkfs) {
    this.title = title;
    this.mountOptions = mountOptions;
    this.megabytes = megabytes;
    this.cut = cut;
    this.mkfs = ImmutableList.copyOf(mkfs);
  }

  /** What mkfs is called, and {@code /proc/filesystems} after the dot. */
  String mkfs() {
    return mkfs.get(0);
  }

  String type() {
    return mkfs().substring(mkfs().indexOf('.') + 1);
  }

  /** Whether a rename may lose the file, so that a spool is always opened at level FULL. */
  boolean isWeak() {
    return this == EXT2 || this == EXT4_WITHOUT_JOURNAL;
  }

  String size() {
    return megabytes + "M";
  }

  /** The command that makes it. */
  String[] mkfs(String image) {
    List<String> command = new ArrayList<>(mkfs);
    command.add(image);
    return command.toArray(String[]::new);
  }
}
