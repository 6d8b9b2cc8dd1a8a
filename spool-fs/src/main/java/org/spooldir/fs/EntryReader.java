package org.spooldir.fs;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/** Reads entries: C3 for a claim, which checks every byte, and a plain look for an inspector. */
final class EntryReader {

  /**
   * Up to this size an entry is read once and handed out from memory; larger ones are read to
   * check, and again to use.
   */
  private static final int IN_MEMORY = 256 << 10;

  private static final int BUFFER = 128 << 10;

  private final FileOps ops;

  EntryReader(FileOps ops) {
    this.ops = ops;
  }

  /** The body of an entry, and the file it stands in. */
  sealed interface Body extends Payload {
    Path file();
  }

  /** What an entry holds. */
  record Content(AttributeHeader header, Payload payload) {

    /** Of an entry that could not be read; how long its payload is nobody knows. */
    static final Content NONE =
        new Content(AttributeHeader.NONE, () -> InputStream.nullInputStream());
  }

  /**
   * C3: lstat, open without following a link, check size and checksum as far as the name tells
   * them.
   *
   * @throws CorruptEntryException if it is no regular file or not what its producer wrote
   */
  Content verified(FileOps.NamedFile named, EntryName name) throws IOException {
    FileOps.Stat stat = named.stat();
    Path file = named.path();
    if (!stat.regular()) {
      throw corrupt(file, "not a regular file");
    }
    requireSize(file, name, stat.size());
    if (stat.size() <= IN_MEMORY) {
      byte[] bytes = named.readRegular((int) stat.size());
      if (bytes.length < stat.size()) {
        throw new EOFException(FileNames.escape(file) + " becomes shorter");
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      requireChecksum(file, name, crc.getValue());
      AttributeHeader header = header(file, name, bytes);
      return new Content(header, new Bytes(file, bytes, Math.min(name.headerSize(), bytes.length)));
    }
    if (name.checksum() != EntryName.NONE) {
      try (InputStream in = ops.read(file)) {
        requireChecksum(file, name, checksum(in));
      }
    }
    return unverified(file, name, stat.size());
  }

  /**
   * C3 for an entry to which its owner can still write: checks what goes into the copy, and nothing
   * else. When it ends early, no copy is left.
   *
   * @param size what lstat told; no more of it is read
   */
  void copyVerified(Path file, EntryName name, long size, Path copy) throws IOException {
    requireSize(file, name, size);
    try (InputStream entry = ops.read(file);
        FileOps.NewFile out = draft(copy)) {
      try {
        InputStream seen =
            BoundedInputStream.builder().setInputStream(entry).setMaxCount(size).get();
        InputStream in = new Verifying(seen, file, name);
        byte[] buffer = new byte[(int) Math.min(BUFFER, size + 1)];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          out.write(ByteBuffer.wrap(buffer, 0, n));
        }
      } catch (IOException e) {
        ops.discard(copy, e);
        throw e;
      }
    }
  }

  /** That there is no entry, or that it may not be read, means something else than this. */
  private FileOps.NewFile draft(Path copy) throws IOException {
    try {
      return ops.create(copy);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new FileSystemException(copy.toString(), null, "tmp/ is gone, or may not be written");
    }
  }

  /** Reads the header only. */
  Content unverified(Path file, EntryName name) throws IOException {
    FileOps.Stat stat = ops.stat(file);
    if (!stat.regular()) {
      throw corrupt(file, "not a regular file");
    }
    return unverified(file, name, stat.size());
  }

  /**
   * Opens the payload to be read to its end, where a {@link CorruptEntryException} comes if the
   * entry is not what its producer wrote: one pass for a payload of any size, and what is left of a
   * damaged one can be had.
   */
  InputStream verifying(Path file, EntryName name) throws IOException {
    unverified(file, name); // a regular file with a whole header
    InputStream in = new Verifying(ops.read(file), file, name);
    try {
      IOUtils.skipFully(in, name.headerSize());
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private Content unverified(Path file, EntryName name, long size) throws IOException {
    int length = (int) Math.min(name.headerSize(), size);
    AttributeHeader header = header(file, name, head(file, length));
    return new Content(header, new Section(ops, file, length, size - length));
  }

  /** Reads the first bytes of an entry. */
  private byte[] head(Path file, int bytes) throws IOException {
    try (InputStream in = ops.read(file)) {
      return IOUtils.toByteArray(in, bytes);
    }
  }

  private static AttributeHeader header(Path file, EntryName name, byte[] head)
      throws CorruptEntryException {
    if (name.headerSize() == 0) {
      return AttributeHeader.NONE;
    }
    if (head.length < name.headerSize()) {
      throw corrupt(file, "shorter than its header, H=" + name.headerSize());
    }
    try {
      return AttributeHeader.decode(Arrays.copyOf(head, name.headerSize()));
    } catch (AttributeHeader.MalformedException e) {
      throw corrupt(file, e.problem());
    }
  }

  private static long checksum(InputStream in) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[Math.min(BUFFER, Math.max(in.available(), 1024))];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      crc.update(buffer, 0, n);
    }
    return crc.getValue();
  }

  private static void requireSize(Path file, EntryName name, long actual)
      throws CorruptEntryException {
    if (name.size() != EntryName.NONE && name.size() != actual) {
      throw corrupt(file, "size is %s, S= says %s".formatted(actual, name.size()));
    }
  }

  private static void requireChecksum(Path file, EntryName name, long actual)
      throws CorruptEntryException {
    if (name.checksum() != EntryName.NONE && name.checksum() != actual) {
      throw corrupt(file, "CRC32C is %08x, C= says %08x".formatted(actual, name.checksum()));
    }
  }

  static CorruptEntryException corrupt(Path file, String problem) {
    return new CorruptEntryException(
        new Where("read", FileNames.escape(file), JobState.CLAIMED, InSpool.YES), problem, null);
  }

  /** Compares what is read with what the name says, at the end. */
  private static final class Verifying extends CheckedInputStream {
    private final Path file;
    private final EntryName name;
    private long size;

    Verifying(InputStream in, Path file, EntryName name) {
      super(in, new CRC32C());
      this.file = file;
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      noted(read < 0 ? read : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      return noted(super.read(buffer, from, length));
    }

    private int noted(int read) throws CorruptEntryException {
      if (read >= 0) {
        size += read;
      } else {
        requireSize(file, name, size);
        requireChecksum(file, name, getChecksum().getValue());
      }
      return read;
    }
  }

  /** The body of an entry that was read already. */
  private static final class Bytes implements Body {
    private final Path file;
    private final byte[] bytes;
    private final int from;

    Bytes(Path file, byte[] bytes, int from) {
      this.file = file;
      this.bytes = bytes;
      this.from = from;
    }

    @Override
    public Path file() {
      return file;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes, from, bytes.length - from);
    }

    @Override
    public OptionalLong size() {
      return OptionalLong.of(bytes.length - from);
    }
  }

  /** The body of an entry on disk. */
  private record Section(FileOps ops, Path file, long from, long length) implements Body {
    @Override
    public InputStream open() throws IOException {
      InputStream in = ops.read(file);
      try {
        IOUtils.skipFully(in, from);
        return new BufferedInputStream(in, BUFFER); // InputStream.transferTo asks for 8 KB a time
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }

    @Override
    public OptionalLong size() {
      return OptionalLong.of(length);
    }
  }
}
