package org.spooldir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The opaque bytes of a job: what a producer hands in, and what a claim or an inspector gives back.
 *
 * <p>Payloads stream: a 5 GB job passes through in constant memory. A payload of one's own is a
 * lambda that opens the bytes: {@code Job.of(() -> socket.getInputStream())}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Payload {

  /** A payload that holds these bytes; the array is copied. */
  static Payload of(byte[] bytes) {
    byte[] copy = bytes.clone();
    return new Payload() {
      @Override
      public InputStream open() {
        return new ByteArrayInputStream(copy);
      }

      @Override
      public OptionalLong size() {
        return OptionalLong.of(copy.length);
      }
    };
  }

  /** A payload that holds this text in UTF-8. */
  static Payload of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A payload that is copied from this file when the job is enqueued. The file stays where it is.
   */
  static Payload of(Path file) {
    return new Payload() {
      // No lambda: the first one delays a process that hands in a file and ends.
      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }

  /**
   * A file that becomes the payload without being copied, see {@link AdoptedFile}.
   *
   * @param file a regular file on the file system of the spool
   */
  static Payload adopt(Path file) {
    return new AdoptedFile(file);
  }

  /**
   * Opens the bytes from the beginning. The caller closes the stream. Bytes, texts, files and what
   * a spool gives back can be opened again and again; a lambda over a one-way stream cannot, and
   * needs not: a spool opens it once.
   *
   * @throws IOException if the bytes cannot be read
   */
  InputStream open() throws IOException;

  /** The number of bytes, where it is known without reading them. */
  default OptionalLong size() {
    return OptionalLong.empty();
  }

  /**
   * Reads all bytes into memory.
   *
   * @throws IOException if the bytes cannot be read
   */
  default byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }

  /**
   * Reads all bytes as UTF-8 text.
   *
   * @throws IOException if the bytes cannot be read
   */
  default String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }
}
