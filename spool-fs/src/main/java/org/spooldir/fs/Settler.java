package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.spooldir.Failure;
import org.spooldir.JobId;

/**
 * D1 to D4: each names the exact file of a claim, which no other claim ever has. A missing one is a
 * {@link java.nio.file.NoSuchFileException}, and nothing else is touched.
 */
final class Settler {

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final Reserve reserve;
  private final FailureLog log;
  private final DedupKeys keys;
  private final Copies copies;
  private final Events events;
  private final InstantSource clock;
  private final boolean retain;

  Settler(Site site, FailureLog log, DedupKeys keys) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.reserve = site.reserve();
    this.log = log;
    this.keys = keys;
    this.copies = new Copies(site);
    this.events = site.events();
    this.clock = site.clock();
    this.retain = !site.options().retention().isZero();
  }

  /** The step that decides, and what makes it durable after that. */
  record Settling(Reserve.Step decide, Reserve.Step force) {}

  /** D1: unlinks the entry, or moves it to {@code done/}. */
  Settling complete(ClaimedEntry entry, Optional<String> key, boolean hasHistory) {
    if (retain) {
      return new Settling(
          () -> move(entry, layout.done(), entry.name().unclaimed()),
          () -> syncs.kept(layout.done(), layout.claimed()));
    }
    return new Settling(
        () -> entry.file().delete(),
        () -> {
          syncs.removed(layout.claimed());
          if (hasHistory) {
            log.delete(entry.name().id());
          }
          if (key.isPresent()) {
            keys.giveBack(key.get(), entry.name());
          }
        });
  }

  /**
   * D2: notes why, and moves the entry to {@code delayed/}, or {@code new/} if there is no delay.
   */
  Settling retry(ClaimedEntry entry, Duration delay, String reason) {
    Settling moving = offerAgain(entry, entry.name().attempts(), delay);
    return new Settling(
        () -> {
          note(entry, reason);
          moving.decide().run();
        },
        () -> {
          if (syncs.level() == Durability.FULL) {
            log.force(entry.name().id());
          }
          moving.force().run();
        });
  }

  /** D3: gives the entry back, its attempt not counted. */
  Settling release(ClaimedEntry entry, Duration delay) {
    return offerAgain(entry, entry.name().attempts() - 1, delay);
  }

  private Settling offerAgain(ClaimedEntry entry, int attempts, Duration delay) {
    boolean now = delay.isZero() || delay.isNegative();
    Path directory = now ? layout.ready() : layout.delayed();
    return new Settling(
        () ->
            move(
                entry,
                directory,
                now
                    ? entry.name().withAttempts(attempts)
                    : entry.name().delayed(attempts, dueAfter(delay))),
        () -> syncs.moved(directory, layout.claimed()));
  }

  private long dueAfter(Duration delay) {
    long now = clock.millis();
    long millis =
        delay.compareTo(Duration.ofMillis(Long.MAX_VALUE - now)) < 0
            ? delay.toMillis()
            : Long.MAX_VALUE - now;
    return now + millis;
  }

  /** D4: notes why, and moves the entry to {@code failed/}. */
  Settling reject(ClaimedEntry entry, String reason) {
    return new Settling(
        () -> {
          note(entry, reason);
          move(entry, layout.failed(), entry.name().unclaimed());
        },
        () -> {
          if (syncs.onEnqueue()) {
            log.force(entry.name().id());
          }
          syncs.kept(layout.failed(), layout.claimed());
        });
  }

  /** The entry is in our hands no more: what was copied for them goes. */
  void removeCopy(ClaimedEntry entry) {
    try {
      copies.remove(entry.name());
    } catch (IOException e) {
      events.trouble("cannot remove the copy of job " + entry.name().id(), e); // swept later: R5
    }
  }

  /** Whether there is a directory of claims at all. */
  boolean isClaimedThere() throws IOException {
    return ops.isDirectory(layout.claimed());
  }

  private void move(ClaimedEntry from, Path directory, EntryName to) throws IOException {
    try {
      reserve.spend(() -> from.file().rename(FileNames.in(directory, to.text())));
    } catch (NoSuchFileException e) {
      if (ops.exists(from.path())) {
        throw new FileSystemException(
            directory.toString(), null, "is gone; make it again with mkdir -m 700");
      }
      throw e;
    }
  }

  /**
   * The note comes before the move, so that nobody sees the one without the other; but not for a
   * claim that is lost.
   */
  private void note(ClaimedEntry entry, String reason) throws IOException {
    entry.file().stat();
    String worker = Optional.ofNullable(entry.name().worker()).orElse("");
    JobId id = entry.name().id();
    try {
      reserve.spend(
          () ->
              log.append(
                  id,
                  new Failure(
                      clock.instant().truncatedTo(ChronoUnit.MILLIS),
                      entry.name().attempts(),
                      worker,
                      reason)));
    } catch (IOException e) {
      events.trouble(
          "cannot note why job " + id + " failed: " + reason,
          e); // the job matters more than the note
    }
  }
}
