package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.examples.Verifier.Fate;
import org.spooldir.fs.DirectorySpool;

/** The verifier sees what is wrong; else the archive's word would be worth nothing. */
class VerifierTest {

  private static final TreePath PATH = new TreePath("a/letter%20.txt");
  private static final String TEXT = "Dear reader, ".repeat(100);

  @TempDir private Path scratch;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Spool spool;
  private Output output;
  private Path file;

  /** One job that was handed in and done as it should be. */
  @BeforeEach
  void archiveOne() throws Exception {
    spool = DirectorySpool.openOrCreate(scratch.resolve("spool"));
    output = new Output(scratch.resolve("output"));
    output.create();
    JobId id = spool.enqueue(Job.of(TEXT));
    String sha256 = Sha256.of(new ByteArrayInputStream(TEXT.getBytes(UTF_8)));
    try (Manifest manifest = new Manifest(output.manifest())) {
      manifest.add(new Manifest.Entry(sha256, id.value(), PATH));
    }
    file = output.of(PATH);
    Files.createDirectories(file.getParent());
    write(TEXT);
  }

  private void write(String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(UTF_8));
    }
  }

  @AfterEach
  void closeSpool() throws IOException {
    spool.close();
  }

  private Map<Fate, Long> verify() throws IOException {
    return new Verifier(spool.inspector(), output, new PrintStream(said, true, UTF_8)).verify();
  }

  private void requireOne(Fate expected) throws IOException {
    Map<Fate, Long> fates = verify();
    for (Fate fate : Fate.values()) {
      assertEquals(fate == expected ? 1 : 0, fates.get(fate), fate + " in " + fates);
    }
    assertEquals(expected != Fate.COMPLETED, said.toString(UTF_8).contains(expected + ": " + PATH));
  }

  private void complete() throws IOException {
    spool.claim().orElseThrow().complete();
  }

  @Test
  void aJobThatIsDoneIsCompleted() throws IOException {
    complete();
    requireOne(Fate.COMPLETED);
  }

  @Test
  void aJobInTheSpoolIsUnfinishedThoughTheOutputIsThere() throws IOException {
    requireOne(Fate.UNFINISHED);
    assertTrue(spool.claim().isPresent());
    said.reset();
    requireOne(Fate.UNFINISHED);
  }

  @Test
  void aRejectedJobIsADeadLetter() throws IOException {
    spool.claim().orElseThrow().reject("no");
    requireOne(Fate.DEAD_LETTERED);
  }

  @Test
  void anAlteredOutputIsDamaged() throws IOException {
    complete();
    write(TEXT + "!");
    requireOne(Fate.DAMAGED);
  }

  @Test
  void aFlippedBitIsDamaged() throws IOException {
    complete();
    byte[] bytes = Files.readAllBytes(file);
    for (int at : new int[] {0, 12, bytes.length - 1}) {
      bytes[at] ^= 4;
      Files.write(file, bytes);
      said.reset();
      requireOne(Fate.DAMAGED);
      bytes[at] ^= 4;
    }
  }

  @Test
  void aCutOutputIsDamaged() throws IOException {
    complete();
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {bytes.length - 1, bytes.length / 2, 5, 0}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      said.reset();
      requireOne(Fate.DAMAGED);
    }
  }

  @Test
  void aMissingOutputIsLost() throws IOException {
    complete();
    Files.delete(file);
    requireOne(Fate.LOST);
    assertTrue(Files.exists(output.manifest()));
  }
}
