package org.spooldir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * An existing file that a job takes over: its bytes are read once for the checksum, but never
 * copied.
 *
 * <p>When {@code enqueue} returns, the file is gone from its old place and belongs to the spool;
 * when {@code enqueue} throws, it still stands there. After a crash in between, or a power cut
 * right after, it may stand in both places: enqueue it again and the job may run twice. Nobody may
 * write to the file any more. Such a job carries neither attributes nor a dedup key, because those
 * live in a header in front of the payload.
 *
 * @param file a regular file on the file system of the spool
 * @since 0.1
 */
public record AdoptedFile(Path file) implements Payload {

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.empty();
  }
}
