package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is told of real file systems, in images on loop devices. Needs root. */
@Tag("privileged")
final class FileSystemCheckTest extends MountedImage {

  @Test
  void ext4WithAJournalIsFit() throws Exception {
    mount("mkfs.ext4", "-q", "-F");
    assertFalse(FileSystemCheck.isWeak(mount));
  }

  @Test
  void ext4WithoutAJournalIsWeak() throws Exception {
    mount("mkfs.ext4", "-q", "-F", "-O", "^has_journal");
    assertTrue(FileSystemCheck.isWeak(mount));
  }

  @Test
  void ext2IsWeak() throws Exception {
    mount("mkfs.ext2", "-q", "-F");
    assertTrue(FileSystemCheck.isWeak(mount));
  }
}
