package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading of the kernel's table of mounts. */
class MountTest {

  private static final String TABLE =
      """
      27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
      25 24 0:23 / /srv rw,relatime - xfs /dev/vdb rw,nobarrier
      26 24 0:24 / /srv/with\\040space\\134 rw - nfs4 host:/export rw,vers=4.2
      28 24 0:25 / /srv ro,noatime master:2 propagate_from:1 - fuse.sshfs host: rw
      29 24 0:26 / /srvice rw - tmpfs tmpfs rw
      nonsense
      """;

  private static Mount find(String path) {
    return Mount.find(TABLE, path).orElseThrow();
  }

  @Test
  void theLongestPointAboveAPathCounts() {
    assertEquals("ext4", find("/var/spool").type());
    assertEquals("tmpfs", find("/srvice/x").type());
    assertEquals("ext4", find("/srvx").type());
    assertEquals("ext4", find("/").type());
  }

  @Test
  void ofTwoAtOnePointTheLastOneCounts() {
    Mount mount = find("/srv/x");
    assertEquals("fuse.sshfs", mount.type());
    assertEquals(List.of("ro", "noatime", "rw"), mount.options());
  }

  @Test
  void pointsAreWrittenWithEscapes() {
    assertEquals("nfs4", find("/srv/with space\\/spool").type());
  }

  @Test
  void whatCannotBeReadIsSkipped() {
    assertTrue(Mount.find("nonsense\n- - -\n", "/").isEmpty());
  }
}
