package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandOutputTest {

  /** Comes in pieces of this many bytes. */
  private static String tail(String text, int piece) throws InterruptedException {
    InputStream in =
        new ByteArrayInputStream(text.getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] buffer, int from, int length) {
            return super.read(buffer, from, Math.min(piece, length));
          }
        };
    CommandOutput output = new CommandOutput(in, null);
    output.start();
    output.await(Duration.ofSeconds(30));
    return output.tail();
  }

  @Test
  void keepsTheEndWhateverThePieces() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 20_000; i++) {
      text.append(i).append(' ');
    }
    String end = text.substring(text.length() - CommandOutput.TAIL).strip();
    for (int piece : new int[] {1, 7, 1000, CommandOutput.TAIL, 1 << 20}) {
      assertEquals(end, tail(text.toString(), piece));
    }
  }

  @Test
  void keepsAShortTextWhole() throws Exception {
    assertEquals("why", tail("  why\n", 2));
    assertEquals("", tail("", 1));
  }

  @Test
  void cutsNoCharacterInTwo() throws Exception {
    String tail = tail("x" + "ä€😀".repeat(2000), 999);
    assertTrue(tail.chars().noneMatch(c -> c == '\ufffd'), tail);
    assertTrue(tail.getBytes(UTF_8).length > CommandOutput.TAIL - 4);
  }
}
