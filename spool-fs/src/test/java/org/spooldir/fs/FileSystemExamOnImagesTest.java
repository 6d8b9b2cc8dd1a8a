package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.fs.Trait.Fitness;

/** Exams of file systems in images on loop devices. Needs root. */
@Tag("privileged")
final class FileSystemExamOnImagesTest extends MountedImage {

  @Test
  void ext4IsFit() throws Exception {
    mountWith("loop,noatime", "mkfs.ext4", "-q", "-F");
    Examined examined = Examined.of(mount);
    assertTrue(examined.value("type").startsWith("ext4, mounted at " + mount), examined::toString);
    assertEquals("noatime", examined.value("mount option"));
    assertEquals(Fitness.FIT, examined.verdict(), examined::toString);
  }

  @Test
  void xfsIsFit() throws Exception {
    mount("mkfs.xfs", "-q");
    Examined examined = Examined.of(mount);
    assertTrue(examined.value("type").startsWith("xfs"), examined::toString);
    assertEquals(Fitness.FIT, examined.verdict(), examined::toString);
  }

  @Test
  void ext2IsFitWithLimits() throws Exception {
    mount("mkfs.ext2", "-q", "-F");
    Examined examined = Examined.of(mount);
    assertTrue(examined.value("type").endsWith("without a journal"), examined::toString);
    assertEquals(Fitness.LIMITED, examined.fitness("type"));
    assertEquals(Fitness.LIMITED, examined.verdict(), examined::toString);
  }

  @Test
  void vfatHasNoLinksAndNoColons() throws Exception {
    mount("mkfs.vfat");
    Examined examined = Examined.of(mount);
    assertEquals(Fitness.LIMITED, examined.fitness("hard links"));
    assertEquals(Fitness.LIMITED, examined.fitness("colon in names"));
    assertEquals(Fitness.LIMITED, examined.fitness("resolution of times"));
    assertEquals(Fitness.LIMITED, examined.verdict(), examined::toString);
  }

  @Test
  void mountOptionsOfNoteAreTold() throws Exception {
    mountWith("loop,sync,nobarrier", "mkfs.ext4", "-q", "-F");
    Examined examined = Examined.of(mount);
    assertEquals(Fitness.LIMITED, examined.fitness("mount option"), examined::toString);
    assertEquals(Fitness.LIMITED, examined.verdict());
  }

  @Test
  void whatIsMountedReadOnlyIsNotFit() throws Exception {
    mount("mkfs.ext4", "-q", "-F");
    run("mount", "-o", "remount,ro", mount.toString());
    Examined examined = Examined.of(mount);
    assertEquals("ro", examined.value("mount option"));
    assertTrue(examined.value("writing").contains("Read-only"), examined::toString);
    assertEquals(Fitness.UNFIT, examined.verdict());
  }

  @Test
  void littleRoomIsALimit() throws Exception {
    mount("mkfs.ext4", "-q", "-F");
    Path filler = mount.resolve("filler");
    run("fallocate", "-l", "240M", filler.toString());
    assertEquals(Fitness.LIMITED, Examined.of(mount).fitness("free space"));
  }
}
