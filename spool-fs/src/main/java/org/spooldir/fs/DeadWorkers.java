package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * R0 to R2: declares dead the workers that are gone by proof (R1) or silent for a lease (R2). To
 * declare dead is to unlink the presence: one act, which the worker will notice if it lives after
 * all.
 */
final class DeadWorkers {

  /** Clocks may drift by this part of the lease between two looks before it counts as a jump. */
  private static final int JUMP_PART = 4;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final WorkerIdentity self;
  private final Presence presence;

  private final LongSupplier nanoTime;

  /** The own beat of the last look that saw everybody. */
  private Presence.@Nullable Beat lastLook;

  private final Map<String, Sighting> sightings = new HashMap<>();

  DeadWorkers(Site site, WorkerIdentity self, Presence presence) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.self = self;
    this.presence = presence;
    this.nanoTime = site.nanoTime();
  }

  /** R1: declares dead whose process is proven to be gone. */
  List<String> declareGone() throws IOException {
    return declare(this::isProvenGone);
  }

  /**
   * R2: declares dead who gave no sign of life for a lease: his own, as his presence states it. The
   * clock of the file system may be set at any time. So his silence is measured by the monotonic
   * clock, from when his last sign of life was first seen; only for somebody who asks, and cannot
   * wait, by its date.
   *
   * @param own a beat given just now: the clock of the file system, never one of this host against
   *     one of another
   */
  List<String> declareSilent(Presence.Beat own, boolean asked) throws IOException {
    Set<String> present = new HashSet<>();
    List<String> dead =
        declare(
            (file, identity) -> {
              String worker = FileNames.textOf(file);
              present.add(worker);
              return isSilent(worker, ops.stat(file).modified(), lease(identity), own, asked);
            });
    sightings.keySet().retainAll(present);
    lastLook = own; // not before its end: whom it did not see may have beaten before a jump
    return dead;
  }

  /**
   * When a presence was first seen with this date.
   *
   * @param nano when, by the monotonic clock
   * @param datable whether its age can be told: the clock was not set since, as far as is known
   */
  private record Sighting(Instant modified, long nano, boolean datable) {}

  private boolean isSilent(
      String worker, Instant modified, Duration lease, Presence.Beat own, boolean asked)
      throws IOException {
    Sighting first = sight(worker, modified, asked);
    if (lastLook != null && hasJumped(lastLook, own, lease)) {
      first = new Sighting(modified, first.nano(), false);
    }
    sightings.put(worker, first);

    boolean ahead = modified.isAfter(own.time()); // the clock was put back since
    if (!ahead && !modified.plus(lease).isBefore(own.time())) {
      return false;
    }
    return Duration.ofNanos(own.nano() - first.nano()).compareTo(lease) > 0
        // RACE: if the clock was put back after the own beat, all who beat since seem silent.
        || (first.datable() && !ahead && !hasJumped(own, presence.now(), lease));
  }

  private Sighting sight(String worker, Instant modified, boolean asked) {
    Sighting first = sightings.get(worker);
    return first != null && first.modified().equals(modified)
        ? first
        : new Sighting(modified, nanoTime.getAsLong(), asked);
  }

  /**
   * Whether the wall clock was stepped against the monotonic clock between two beats, by more than
   * somebody with this lease may be late.
   */
  private static boolean hasJumped(Presence.Beat earlier, Presence.Beat later, Duration lease) {
    Duration drift =
        Duration.between(earlier.time(), later.time())
            .minusNanos(later.nano() - earlier.nano())
            .abs();
    return drift.compareTo(lease.dividedBy(JUMP_PART)) > 0;
  }

  /** What an unreadable presence states is taken to be as here. */
  private Duration lease(Optional<WorkerIdentity> identity) {
    return identity.map(WorkerIdentity::lease).orElse(self.lease());
  }

  // ---- looking only ----

  /** R1: whether the process of this presence is proven to be gone. */
  boolean isProvenGone(Path file) throws IOException {
    return isProvenGone(file, identity(file));
  }

  /** R2: until when its worker is believed alive without another beat. */
  Instant believedUntil(Path file) throws IOException {
    return ops.stat(file).modified().plus(lease(identity(file)));
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
          file -> {
            if (FileNames.textOf(file).equals(presence.id())) {
              return false; // whoever asks is alive, and asks every second
            }
            boolean isDead = ops.stat(file).regular() && test.isDead(file, identity(file));
            if (isDead) {
              // RACE: if it left, or another recoverer was faster, this finds nothing, and the
              // other one goes on.
              ops.delete(file); // R0
              dead.add(FileNames.textOf(file));
            }
            return isDead;
          });
    } catch (NoSuchFileException e) {
      // workers/ was removed by hand: all are dead already
    }
    return dead;
  }

  /** Whose presence it is; empty if that cannot be read, and then only its silence tells. */
  private Optional<WorkerIdentity> identity(Path file) throws IOException {
    try (InputStream in = ops.read(file)) {
      return WorkerIdentity.parse(new String(in.readNBytes(WorkerIdentity.MAX_BYTES), US_ASCII));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
