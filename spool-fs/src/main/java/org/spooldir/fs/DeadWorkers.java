package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * R0 to R2: declares dead the workers that are gone by proof (R1) or silent for a lease (R2). To
 * declare dead is to unlink the presence: one act, which the worker will notice if it lives after
 * all.
 */
final class DeadWorkers {

  /** Clocks may drift by this part of the lease between two beats before it counts as a jump. */
  private static final int JUMP_PART = 4;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final WorkerIdentity self;

  private Presence.@Nullable Beat lastBeat;
  private long trustedFrom;
  private boolean distrusted;

  DeadWorkers(Site site, WorkerIdentity self) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.self = self;
  }

  /** R1: declares dead whose process is proven to be gone. */
  List<String> declareGone() throws IOException {
    return declare(this::isProvenGone);
  }

  /**
   * R2: declares dead who gave no sign of life for a lease: his own, as his presence states it.
   *
   * @param own a beat given just now: ages are told by the clock of the file system, never by a
   *     clock of this host against one of another
   */
  List<String> declareSilent(Presence.Beat own, boolean asked) throws IOException {
    if (isDistrusted(own, asked)) {
      return List.of();
    }
    return declare(
        (file, identity) -> {
          Duration believed = identity.map(WorkerIdentity::lease).orElse(self.lease());
          return ops.stat(file).modified().plus(believed).isBefore(own.time());
        });
  }

  /**
   * Whether the wall clock was stepped against the monotonic clock: then for one lease its word is
   * worth nothing. At the first beat nobody can tell, so that counts as a step, unless somebody
   * asked for it.
   */
  private boolean isDistrusted(Presence.Beat own, boolean asked) {
    if (lastBeat == null ? !asked : hasJumped(lastBeat, own)) {
      distrusted = true;
      trustedFrom = own.nano() + self.lease().toNanos();
    }
    lastBeat = own;
    distrusted = distrusted && own.nano() - trustedFrom < 0;
    return distrusted;
  }

  private boolean hasJumped(Presence.Beat last, Presence.Beat own) {
    Duration drift =
        Duration.between(last.time(), own.time()).minusNanos(own.nano() - last.nano()).abs();
    return drift.compareTo(self.lease().dividedBy(JUMP_PART)) > 0;
  }

  private boolean isProvenGone(Path file, Optional<WorkerIdentity> identity) throws IOException {
    if (identity.isEmpty()) {
      return false;
    }
    try {
      return identity.get().isProvenGone(self, ops.inode(file).owner());
    } catch (UnsupportedOperationException e) {
      return false; // no owners, no proof
    }
  }

  private interface Test {
    boolean isDead(Path file, Optional<WorkerIdentity> identity) throws IOException;
  }

  private List<String> declare(Test test) throws IOException {
    List<String> dead = new ArrayList<>();
    try {
      ops.forEach(
          layout.workers(),
          presence -> {
            boolean isDead =
                ops.stat(presence).regular() && test.isDead(presence, identity(presence));
            if (isDead) {
              // RACE: if it left, or another recoverer was faster, this finds nothing, and the
              // other one goes on.
              ops.delete(presence); // R0
              dead.add(FileNames.textOf(presence));
            }
            return isDead;
          });
    } catch (NoSuchFileException e) {
      return dead; // workers/ was removed by hand: all are dead already
    }
    return dead;
  }

  /** Whose presence it is; empty if that cannot be read, and then only its silence tells. */
  private Optional<WorkerIdentity> identity(Path presence) throws IOException {
    try (InputStream in = ops.read(presence)) {
      return WorkerIdentity.parse(new String(in.readNBytes(WorkerIdentity.MAX_BYTES), US_ASCII));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
