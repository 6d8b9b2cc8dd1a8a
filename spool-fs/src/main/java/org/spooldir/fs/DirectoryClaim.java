package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/**
 * One entry of {@code cur/} in this process' hands: the state of the claim, and who is told when it
 * changes.
 */
final class DirectoryClaim implements Claim {

  private enum End {
    SETTLED,
    LOST
  }

  private final ClaimedEntry entry;
  private final boolean hasHistory;
  private final EntryReader.Content content;
  private final Settler settler;
  private final Presence presence;
  private final Events events;

  /** Null while it is held. */
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  private volatile boolean abandoned;

  DirectoryClaim(
      ClaimedEntry entry,
      boolean hasHistory,
      EntryReader.Content content,
      Settler settler,
      Presence presence,
      Events events) {
    this.entry = entry;
    this.hasHistory = hasHistory;
    this.content = content;
    this.settler = settler;
    this.presence = presence;
    this.events = events;
  }

  // ---- what it is ----

  @Override
  public JobId id() {
    return entry.name().id();
  }

  @Override
  public int attempt() {
    return entry.name().attempts();
  }

  @Override
  public int priority() {
    return entry.name().priority();
  }

  @Override
  public Optional<Instant> enqueuedAt() {
    return JobSnapshots.enqueuedAt(entry.name());
  }

  @Override
  public Map<String, String> attributes() {
    return content.header().attributes();
  }

  @Override
  public Payload payload() {
    return content.payload();
  }

  /** Its w=, which no other claim has. */
  String key() {
    return Optional.ofNullable(entry.name().claim()).orElseThrow();
  }

  /** The worker id under which it was claimed. */
  String worker() {
    return Optional.ofNullable(entry.name().worker()).orElseThrow();
  }

  // ---- whether it is held ----

  @Override
  public boolean isHeld() {
    return end.get() == null;
  }

  /**
   * Gives up on it: it is released in the background, or it would stay claimed for as long as this
   * process lives.
   */
  void abandon() {
    abandoned = true;
  }

  /** Whether its holder gave up on it. */
  boolean isAbandoned() {
    return abandoned;
  }

  /**
   * C4: the process was declared dead. Not synchronized: a settlement under way finds out by
   * itself.
   */
  void lose() {
    if (end.compareAndSet(null, End.LOST)) {
      presence.forget(this);
      settler.removeCopy(entry);
      events.tell(new SpoolEvent.ClaimLost(id(), attempt()));
    }
  }

  // ---- how it ends ----

  @Override
  public void complete() throws SpoolException {
    settle(
        "complete",
        Settlement.COMPLETED,
        "",
        settler.complete(entry, content.header().key(), hasHistory));
  }

  @Override
  public void retry(Duration delay, String reason) throws SpoolException {
    String said = said(reason);
    settle("retry", Settlement.RETRIED, said, settler.retry(entry, delay, said));
  }

  @Override
  public void release(Duration delay) throws SpoolException {
    settle("release", Settlement.RELEASED, "", settler.release(entry, delay));
  }

  @Override
  public void reject(String reason) throws SpoolException {
    String said = said(reason);
    settle("reject", Settlement.REJECTED, said, settler.reject(entry, said));
  }

  /** The message that an exception does not have must not keep a job from ever being settled. */
  private static String said(@Nullable String reason) {
    return reason == null ? "no reason given" : reason;
  }

  @Override
  public synchronized void close() throws SpoolException {
    if (isHeld()) {
      try {
        release();
      } catch (ClaimLostException e) {
        // RACE: lost a moment ago, so there is nothing left to release.
      } catch (SpoolException e) {
        abandon();
        throw e;
      }
    }
  }

  private synchronized void settle(
      String operation, Settlement how, String reason, Settler.Settling settling)
      throws SpoolException {
    if (end.get() == End.SETTLED) {
      throw new IllegalStateException("the claim on job " + id() + " is settled already");
    }
    if (end.get() == End.LOST) {
      throw lost(operation, null);
    }
    try {
      decide(settling);
    } catch (NoSuchFileException e) {
      // RACE: recovered by somebody who believed this process dead, or moved by an operator.
      lose();
      presence.suspect();
      throw lost(operation, e);
    } catch (IOException e) {
      throw Diagnosis.of(operation, entry.path(), JobState.CLAIMED, InSpool.YES, e);
    }
    end.set(End.SETTLED);
    presence.forget(this);
    settler.removeCopy(entry);
    if (events.areHeard()) {
      events.tell(new SpoolEvent.Settled(id(), attempt(), how, reason));
    }
    try {
      settling.force().run();
    } catch (IOException e) {
      throw new SpoolException(
          where(operation, InSpool.UNKNOWN),
          "done, but it may not survive a power cut, and something may be left to be swept: "
              + e.getMessage(),
          false,
          e);
    }
  }

  /** A whole directory that is away, unmounted for instance, takes no claim from anybody. */
  private void decide(Settler.Settling settling) throws IOException {
    try {
      settling.decide().run();
    } catch (NoSuchFileException e) {
      if (!settler.isClaimedThere()) {
        throw new FileSystemException(String.valueOf(e.getFile()), null, "cur/ is gone");
      }
      throw e;
    }
  }

  private ClaimLostException lost(String operation, @Nullable IOException cause) {
    return new ClaimLostException(
        where(operation, InSpool.UNKNOWN),
        "this claim was lost: its process was believed dead, or somebody moved the job; stop working on it",
        cause);
  }

  private Where where(String operation, InSpool jobIn) {
    return new Where(operation, FileNames.escape(entry.path()), JobState.CLAIMED, jobIn);
  }
}
