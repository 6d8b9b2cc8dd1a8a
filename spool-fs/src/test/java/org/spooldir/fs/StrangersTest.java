package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/**
 * What is no regular file. Whoever opens a FIFO without a writer hangs, so the timeout tells; where
 * it cannot be interrupted, the thread is left behind.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StrangersTest {

  private static final List<String> KINDS =
      List.of("dangling", "directory", "fifo", "link to a fifo", "link to a file", "socket");

  @TempDir private Path scratch;
  private Path ready;
  private DirectorySpool spool;

  @BeforeEach
  void open() throws Exception {
    spool = DirectorySpool.openOrCreate(scratch.resolve("spool"), HostileNamesLife.OPTIONS);
    ready = scratch.resolve("spool/new");
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
  }

  @Test
  void strangersAreNeverTouched() throws Exception {
    for (String kind : KINDS) {
      make(kind, ready.resolve(kind));
    }
    JobId job = spool.enqueue(Job.of("real"));
    Claim claim = spool.claim().orElseThrow();
    assertEquals(job, claim.id());
    claim.complete();
    assertEquals(Optional.empty(), spool.claim());
    spool.maintenance().recover();
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(KINDS, Shell.names(ready));
    assertTrue(Files.exists(ready.resolve("directory/inside")));
    assertEquals(KINDS.size(), spool.inspector().stats().foreign());
    assertEquals(0, spool.inspector().stats().jobs(JobState.READY));
  }

  @Test
  void strangersAreNotListedNorFound() throws Exception {
    for (String kind : KINDS) {
      make(kind, ready.resolve(kind));
      JobId id = EntryName.parse(kind, ':').id();
      assertEquals(Optional.empty(), spool.inspector().find(id));
      assertEquals(Optional.empty(), spool.inspector().read(id));
      assertEquals(List.of(id), spool.maintenance().discard(List.of(id)).missing());
      assertEquals(List.of(id), spool.maintenance().hold(List.of(id)).missing());
    }
    assertEquals(KINDS, Shell.names(ready));
  }

  @Test
  void manyLinksWithEarlyNamesDoNotStarveAJob() throws Exception {
    Path target = Files.writeString(scratch.resolve("target"), "secret");
    int links = 5000; // more than the window holds
    for (int i = 0; i < links; i++) {
      Files.createSymbolicLink(ready.resolve(String.format("0000000001.L%05d", i)), target);
    }
    JobId job = spool.enqueue(Job.of("real").priority(0));
    Claim claim = spool.claim().orElseThrow();
    assertEquals(job, claim.id());
    claim.complete();
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(links, spool.inspector().stats().foreign());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dangling", "directory", "fifo", "link to a fifo", "link to a file", "socket"})
  void underANameOfOursAStrangerBecomesADeadLetterUnread(String kind) throws Exception {
    String unique = "0000000001.M000001P1Q1R0123456789abcdef.host";
    make(kind, ready.resolve(unique + ",S=6,C=00000000"));
    JobId job = spool.enqueue(Job.of("real"));
    Claim claim = spool.claim().orElseThrow();
    assertEquals(job, claim.id()); // claim() went on to the next
    claim.complete();
    assertEquals(Optional.empty(), spool.claim());
    JobId id = new JobId(unique);
    assertEquals(JobState.FAILED, spool.inspector().find(id).orElseThrow().state());
    String log = Files.readString(scratch.resolve("spool/errors").resolve(id + ".log"));
    assertTrue(log.contains("not a regular file"), log);
    Path letter = Shell.only(scratch.resolve("spool/failed"));
    assertTrue(Files.exists(letter, LinkOption.NOFOLLOW_LINKS));
    assertEquals(kind.equals("directory"), Files.exists(letter.resolve("inside")));
    assertEquals(List.of(), Shell.names(scratch.resolve("spool/cur")));
  }

  @Test
  void aFifoForAMarkerIsRefused() throws Exception {
    Path marker = scratch.resolve("spool/spool.format");
    Files.delete(marker);
    make("fifo", marker);
    SpoolException refused =
        assertThrows(SpoolException.class, () -> DirectorySpool.open(scratch.resolve("spool")));
    assertTrue(refused.getMessage().contains("is a FIFO"), refused.getMessage());
  }

  @Test
  void aFifoForADirectoryIsRefused() throws Exception {
    Path held = scratch.resolve("spool/held");
    Files.delete(held);
    make("fifo", held);
    SpoolInspector inspector = DirectorySpool.inspect(scratch.resolve("spool"));
    assertThrows(SpoolException.class, () -> inspector.list(Set.of(JobState.HELD)));
    assertThrows(SpoolException.class, inspector::stats);
  }

  @Test
  void aFifoForALogKeepsNobodyFromSettling() throws Exception {
    JobId job = spool.enqueue(Job.of("real"));
    make("fifo", scratch.resolve("spool/errors").resolve(job + ".log"));
    spool.claim().orElseThrow().reject("cannot be noted");
    assertEquals(JobState.FAILED, spool.inspector().find(job).orElseThrow().state());
    assertThrows(SpoolException.class, () -> spool.inspector().failures(job));
  }

  private void make(String kind, Path at) throws Exception {
    switch (kind) {
      case "dangling" -> Files.createSymbolicLink(at, scratch.resolve("nowhere"));
      case "directory" -> Files.createFile(Files.createDirectory(at).resolve("inside"));
      case "fifo" -> Shell.run("mkfifo", at.toString());
      case "link to a fifo" -> {
        Shell.run("mkfifo", scratch.resolve("fifo").toString());
        Files.createSymbolicLink(at, scratch.resolve("fifo"));
      }
      case "link to a file" -> Files.createSymbolicLink(at, Path.of("/etc/passwd"));
      default -> makeSocket(at);
    }
  }

  /** The file stays when the socket is closed. */
  private void makeSocket(Path at) throws Exception {
    Path bound = scratch.resolve("s");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(bound));
    }
    Files.move(bound, at);
  }
}
