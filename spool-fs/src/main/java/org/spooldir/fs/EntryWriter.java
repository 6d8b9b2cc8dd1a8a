package org.spooldir.fs;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.spooldir.AdoptedFile;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/** E1: writes a job into {@code tmp/} and checksums it on the way. */
final class EntryWriter {

  /** Written at once; a job up to this size is one system call. */
  private static final int BUFFER = 128 << 10;

  /** Bytes of the buffer that is kept. */
  private static final int SPARE = 16 << 10;

  /**
   * A buffer for all jobs of the process; null while a thread has it, and the others make their
   * own. A job that stands in memory is handed in faster by a twelfth so: a new one is in no cache.
   */
  private static final AtomicReference<byte @Nullable []> SPARE_BUFFER =
      new AtomicReference<>(new byte[SPARE]);

  /** Chars that are mostly added to the unique name. */
  private static final int DESCRIBED = 24;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final UniqueNames names;
  private final InstantSource clock;
  private final boolean force;

  EntryWriter(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.names = site.names();
    this.clock = site.clock();
    this.force = site.syncs().onEnqueue();
  }

  /**
   * A written job that is not published yet.
   *
   * @param file where it is in {@code tmp/}
   * @param name what it will be called
   * @param directory where it will be published
   * @param open the file, where it is still to be forced or asked where it went; else null
   */
  record Draft(Job job, Path file, EntryName name, Path directory, FileOps.@Nullable NewFile open) {

    JobId id() {
      return name.id();
    }

    Path target() {
      return FileNames.in(directory, name.text());
    }
  }

  /**
   * E1: writes the job; when this throws, nothing is left. The caller forces and closes what is
   * open then.
   */
  Draft write(Job job) throws IOException {
    String unique = names.next();
    Path file = FileNames.in(layout.tmp(), unique);
    StringBuilder base = new StringBuilder(unique.length() + DESCRIBED).append(unique);
    boolean made = false;
    FileOps.NewFile open = null;
    try {
      if (job.payload() instanceof AdoptedFile adopted) {
        link(adopted.file(), file);
        made = true;
        describe(base, checksum(file, adopted.file()), 0);
      } else {
        open = ops.create(file);
        made = true;
        if (force) {
          open = new ForcedAhead(open);
        }
        fill(open, file, job, base);
        if (!force && job.key().isEmpty()) {
          open.close();
          open = null;
        }
      }
      return draft(job, file, base, open);
    } catch (Throwable e) { // a payload may throw anything
      if (open != null) {
        close(open, e);
      }
      if (made) {
        ops.discard(file, e);
      }
      throw e;
    }
  }

  /**
   * What a file that stands elsewhere will be called; it is forced and read, and nothing is
   * written.
   */
  Draft inPlace(Path file) throws IOException {
    requireRegular(file);
    StringBuilder base = new StringBuilder(names.next());
    describe(base, checksum(file, file), 0);
    return draft(Job.of(file), file, base, null);
  }

  private Draft draft(Job job, Path file, StringBuilder base, FileOps.@Nullable NewFile open) {
    if (job.priority() != Job.DEFAULT_PRIORITY) {
      base.append(",P=").append(job.priority());
    }
    EntryName name = EntryName.parse(base.toString(), layout.separator());
    Instant now = clock.instant();
    Instant due = job.due(now).orElse(now);
    return due.isAfter(now)
        ? new Draft(job, file, name.scheduled(epochMillis(due)), layout.delayed(), open)
        : new Draft(job, file, name, layout.ready(), open);
  }

  /** A date beyond what milliseconds can say is as good as never. */
  private static long epochMillis(Instant due) {
    return due.isBefore(Instant.ofEpochMilli(Long.MAX_VALUE)) ? due.toEpochMilli() : Long.MAX_VALUE;
  }

  private void fill(FileOps.NewFile entry, Path file, Job job, StringBuilder base)
      throws IOException {
    byte[] header = AttributeHeader.of(job).encode();
    describe(base, copy(job, header, entry), header.length);
    if (layout.isDropBox()) {
      ops.setMode(file, SpoolLayout.GROUP_READS); // its worker may be another user than its owner
    }
  }

  private static void close(FileOps.NewFile file, Throwable cause) {
    try {
      file.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private record Sum(long bytes, long crc) {}

  private static void describe(StringBuilder base, Sum sum, int header) {
    UniqueNames.hex(base.append(",S=").append(sum.bytes).append(",C="), sum.crc, 8);
    if (header > 0) {
      base.append(",H=").append(header);
    }
  }

  /** E1: header and payload in as few writes as possible. */
  private Sum copy(Job job, byte[] header, FileOps.NewFile entry) throws IOException {
    long expected =
        header.length
            + job.payload().size().orElse(BUFFER)
            + 1; // one more: the end is seen in the same read
    int room = (int) Math.max(header.length + 1L, Math.min(BUFFER, expected));
    try (InputStream in = open(job)) {
      // Another's stream may keep the array, and write to it when it is a later job's.
      boolean harmless = in.getClass() == ByteArrayInputStream.class;
      byte[] spare = harmless && room <= SPARE ? SPARE_BUFFER.getAndSet(null) : null;
      try {
        return copy(header, in, spare == null ? new byte[room] : spare, entry);
      } finally {
        if (spare != null) {
          SPARE_BUFFER.setRelease(spare);
        }
      }
    }
  }

  private Sum copy(byte[] header, InputStream in, byte[] buffer, FileOps.NewFile entry)
      throws IOException {
    System.arraycopy(header, 0, buffer, 0, header.length);
    int filled = header.length;
    CRC32C crc = new CRC32C();
    long bytes = 0;
    for (int n = 0; n >= 0; ) {
      n = read(in, buffer, filled);
      filled += Math.max(n, 0);
      if (filled == buffer.length || (n < 0 && filled > 0)) {
        crc.update(buffer, 0, filled);
        entry.write(ByteBuffer.wrap(buffer, 0, filled));
        bytes += filled;
        filled = 0;
      }
    }
    return new Sum(bytes, crc.getValue());
  }

  private InputStream open(Job job) throws SpoolException {
    try {
      return requireNonNull(job.payload().open(), "no stream");
    } catch (Exception e) { // also what it does not declare
      throw unreadable(e);
    }
  }

  private int read(InputStream in, byte[] buffer, int from) throws SpoolException {
    try {
      return in.read(buffer, from, buffer.length - from);
    } catch (Exception e) { // also what it does not declare
      throw unreadable(e);
    }
  }

  private SpoolException unreadable(Exception e) {
    return refused(layout.root(), "the payload cannot be read: " + e, e);
  }

  private static SpoolException unreadable(Path file, IOException e) {
    return refused(file, "cannot be read: " + Diagnosis.reason(e), e);
  }

  private static SpoolException refused(Path what, String problem, @Nullable Exception cause) {
    Where where = new Where("enqueue", FileNames.escape(what), null, InSpool.NO);
    return new SpoolException(where, problem, false, cause);
  }

  /** A file can be linked or moved only within its file system. */
  static SpoolException tooFar(Path file, IOException e) {
    return refused(
        file, "is not on the file system of the spool: hand it in by Payload.of, which copies", e);
  }

  /**
   * A second name for the caller's file, so that it still stands in its place if anything fails.
   */
  private void link(Path from, Path to) throws IOException {
    requireRegular(from);
    try {
      ops.link(from, to);
    } catch (IOException e) {
      throw Diagnosis.isAcross(e) ? tooFar(from, e) : e;
    }
  }

  private void requireRegular(Path file) throws IOException {
    boolean regular;
    try {
      regular = ops.stat(file).regular();
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw unreadable(file, e);
    }
    if (!regular) {
      throw refused(file, "is no regular file", null);
    }
  }

  /**
   * E2 for a file that is there, and what its name will say.
   *
   * @param known its name, as the caller knows it
   */
  private Sum checksum(Path file, Path known) throws IOException {
    CRC32C crc = new CRC32C();
    long bytes = 0;
    try {
      if (force) {
        ops.force(file);
      }
      try (InputStream in = ops.read(file)) {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          crc.update(buffer, 0, n);
          bytes += n;
        }
      }
    } catch (AccessDeniedException e) {
      throw unreadable(known, e);
    }
    return new Sum(bytes, crc.getValue());
  }
}
