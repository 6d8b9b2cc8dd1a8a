package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.spooldir.RecoveryReport;

/** R3: what a mail reader, or a hand, moved to {@code cur/}. */
class ReturnedEntriesTest extends SpoolTest {

  private static final Duration LEASE = Duration.ofSeconds(60);

  private RecoveryReport recover() throws Exception {
    return lab.open(Lab.OPTIONS.poll(LEASE).lease(LEASE)).maintenance().recover();
  }

  private Path moved(String name) throws Exception {
    return Files.move(lab.deliver("mail", "mail"), lab.root.resolve("cur").resolve(name));
  }

  @Test
  void itComesBackAfterALease() throws Exception {
    moved("1700000000.M1P1.host:2,S");
    lab.time.advance(LEASE.minusSeconds(1));
    assertEquals(RecoveryReport.NOTHING, recover());
    lab.time.advance(Duration.ofSeconds(2));
    assertEquals(new RecoveryReport(List.of(), 0, 1, 0, 0), recover());
    assertEquals(List.of(), lab.names("cur"));
    assertTrue(lab.names("new").get(0).startsWith("1700000000.M1P1.host"));
  }

  @Test
  void whenItWasMovedCountsNotWhenItWasWritten() throws Exception {
    Path mail = moved("mail:2,S");
    Files.setLastModifiedTime(mail, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertEquals(RecoveryReport.NOTHING, recover());
  }

  @Test
  void aJobOfOursComesBackAsItWas() throws Exception {
    String name = lab.claimedBy("gone.1.abcdefg");
    Path entry = lab.only("cur");
    Files.move(entry, entry.resolveSibling(name + ",S=1,C=a93c5f93:2,S"));
    lab.time.advance(LEASE.multipliedBy(2));
    assertEquals(1, recover().returned());
    assertEquals(List.of(name + ",S=1,C=a93c5f93:2,S"), lab.names("new"));
  }

  @Test
  void itOverwritesNoNewDeliveryOfTheSameName() throws Exception {
    Path first = lab.deliver("mail", "first");
    Files.move(first, lab.root.resolve("cur").resolve("mail"));
    lab.deliver("mail", "second");
    lab.time.advance(LEASE.multipliedBy(2));
    recover();
    TreeSet<String> texts = new TreeSet<>();
    for (String name : lab.names("new")) {
      texts.add(Files.readString(lab.root.resolve("new").resolve(name)));
    }
    assertEquals(List.of("first", "second"), List.copyOf(texts));
  }

  @Test
  void whatIsNoEntryStays() throws Exception {
    Path cur = lab.root.resolve("cur");
    Files.createDirectory(cur.resolve("directory"));
    Files.createSymbolicLink(cur.resolve("link"), Path.of("/etc/passwd"));
    Files.writeString(cur.resolve(".dot"), "x");
    Files.writeString(cur.resolve(".:2,,w=gone.1"), "x");
    Files.writeString(cur.resolve(".nfs:2,,a=1,t=1,w=gone.1"), "x");
    lab.time.advance(Duration.ofDays(365));
    Tree before = Tree.of(cur);
    assertEquals(RecoveryReport.NOTHING, recover());
    assertEquals(before, Tree.of(cur));
  }
}
