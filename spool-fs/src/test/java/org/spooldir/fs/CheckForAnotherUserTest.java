package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.SpoolException;

/** Checks by root of a spool that belongs to somebody else. Needs root. */
@Tag("privileged")
class CheckForAnotherUserTest extends CheckTest {

  private static final int NOBODY = 65_534;

  private void give(Path tree) throws Exception {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  @Test
  void aJobThatRootHandedInIsNotReadableForTheOwner() throws Exception {
    give(lab.root);
    lab.open().enqueue(Job.of("by root"));
    assertFound("unreadable " + at(lab.only("new")));
    Files.setAttribute(lab.only("new"), "unix:gid", NOBODY);
    Files.setAttribute(lab.only("new"), "unix:mode", 0640);
    assertFound();
  }

  @Test
  void aDirectoryOfAnotherUserIsTold() throws Exception {
    give(lab.root);
    Files.setAttribute(lab.root.resolve("failed"), "unix:uid", 0);
    assertFound("other-owner failed");
  }

  @Test
  void modesOfWhatBelongsToAnotherUserAreLeft() throws Exception {
    Path failed = lab.root.resolve("failed");
    Files.setAttribute(failed, "unix:uid", NOBODY);
    Files.setAttribute(failed, "unix:mode", 0722);
    List<Finding> told = repair();
    assertEquals(List.of("open-directory failed", "other-owner failed"), lines(told));
    assertTrue(told.stream().noneMatch(Finding::mended));
    assertEquals(0722, lab.ops.lstat(failed).permissions());
  }

  @Test
  void rootDoesNotRepairTheSpoolOfAnotherUser() throws Exception {
    give(lab.root);
    SpoolException refusal =
        assertThrows(
            SpoolException.class, () -> spoolCheck().repair(new ArrayList<Finding>()::add));
    assertTrue(refusal.getCause() instanceof AccessDeniedException);
  }
}
