package org.spooldir.fs.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Splitter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.spooldir.Payload;

/**
 * A payload that tells whether it is whole: a line with its name and the length of the rest, and
 * then bytes that follow from the name. Never in memory as a whole.
 *
 * @param name without a space
 * @param length of the bytes behind the line
 */
public record Telltale(String name, long length) implements Payload {

  private static final int MAX_LINE = 200;

  /** The bytes repeat after this many: a prime, so that no buffer's size goes with it. */
  private static final int PERIOD = 65_521;

  /** The payload is not what was written. */
  public static final class TornException extends IOException {
    private static final long serialVersionUID = 1L;

    TornException(String problem) {
      super(problem);
    }
  }

  /** The dedup key of a job whose payload has this name: what stands before the dot. */
  public static String keyOf(String name) {
    return name.substring(0, name.indexOf('.'));
  }

  @Override
  public InputStream open() {
    byte[] line = (name + " " + length + "\n").getBytes(US_ASCII);
    return new SequenceInputStream(new ByteArrayInputStream(line), new Body(name, length));
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(name.length() + 2 + Long.toString(length).length() + length);
  }

  /** The name of this payload, which must be a whole telltale. */
  public static String verify(Payload payload) throws IOException {
    try (InputStream in = payload.open()) {
      String line = firstLine(in);
      List<String> words = Splitter.on(' ').splitToList(line);
      if (words.size() != 2 || !words.get(1).matches("\\d{1,18}")) {
        throw new TornException("begins with " + line);
      }
      Telltale expected = new Telltale(words.get(0), Long.parseLong(words.get(1)));
      if (payload.size().orElse(-1) != expected.size().orElse(-2)) {
        throw new TornException(expected + " has " + payload.size());
      }
      expected.requireBody(in);
      return expected.name;
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MAX_LINE; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private void requireBody(InputStream in) throws IOException {
    Body body = new Body(name, length);
    byte[] expected = new byte[(int) Math.min(length, 64 << 10)];
    byte[] actual = new byte[expected.length];
    for (long at = 0; at < length; ) {
      int some = body.read(expected, 0, expected.length);
      int read = in.readNBytes(actual, 0, some);
      if (read != some || !Arrays.equals(expected, 0, some, actual, 0, some)) {
        throw new TornException(this + " differs between " + at + " and " + (at + some));
      }
      at += some;
    }
    if (in.read() >= 0) {
      throw new TornException(this + " goes on behind its end");
    }
  }

  private static final class Body extends InputStream {
    private final byte[] block;
    private final long length;
    private long position;

    Body(String name, long length) {
      this.block = new byte[(int) Math.min(length, PERIOD)];
      new SplittableRandom(name.hashCode()).nextBytes(block);
      this.length = length;
    }

    @Override
    public int read() {
      return position == length ? -1 : block[(int) (position++ % PERIOD)] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) {
      int from = (int) (position % PERIOD);
      int some = (int) Math.min(Math.min(count, length - position), PERIOD - from);
      if (some == 0 && count > 0) {
        return -1;
      }
      System.arraycopy(block, from, buffer, offset, some);
      position += some;
      return some;
    }
  }
}
