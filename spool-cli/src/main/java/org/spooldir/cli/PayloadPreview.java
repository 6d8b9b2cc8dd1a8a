package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.CorruptEntryException;
import org.spooldir.Payload;

/**
 * The beginning of a payload.
 *
 * @param lines the first lines, printable; none if it is no text
 * @param isText whether it is UTF-8 without zero bytes, as far as it was read
 * @param shown how many bytes the lines stand for
 * @param damage what is wrong with the payload, as far as it was read
 */
record PayloadPreview(List<String> lines, boolean isText, long shown, @Nullable String damage) {

  private static final int LINES = 10;
  private static final int BYTES = 2048;

  /**
   * Looks at a payload.
   *
   * @throws java.nio.file.NoSuchFileException if the job has left the spool
   */
  static PayloadPreview of(Payload payload) throws IOException {
    byte[] head = new byte[BYTES];
    int length = 0;
    String damage = null;
    try (InputStream in = payload.open()) {
      for (int read = 0; read >= 0 && length < BYTES; ) { // the end tells of damage
        read = in.read(head, length, BYTES - length);
        length += Math.max(read, 0);
      }
    } catch (CorruptEntryException e) {
      damage = Printable.of(String.valueOf(e.getMessage()));
    }
    ByteBuffer bytes = ByteBuffer.wrap(head, 0, length);
    CharBuffer chars = CharBuffer.allocate(length);
    boolean whole = length < BYTES; // or else it may end in the middle of a character
    boolean isUtf8 = !UTF_8.newDecoder().decode(bytes, chars, whole).isError();
    String text = chars.flip().toString();
    return isUtf8 && text.indexOf('\0') < 0
        ? of(text, damage)
        : new PayloadPreview(List.of(), false, 0, damage);
  }

  private static PayloadPreview of(String text, @Nullable String damage) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length() && lines.size() < LINES) {
      int end = text.indexOf('\n', from);
      lines.add(Printable.of(text.substring(from, end < 0 ? text.length() : end)));
      from = end < 0 ? text.length() : end + 1;
    }
    long shown = text.substring(0, from).getBytes(UTF_8).length;
    return new PayloadPreview(lines, true, shown, damage);
  }
}
