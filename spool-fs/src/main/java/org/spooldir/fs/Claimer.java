package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.spooldir.ClaimLostException;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;

/** C2 and C3: takes a candidate by one rename, and hands out only what is whole. */
final class Claimer {

  /** An entry that could not be read for a reason that may pass is offered again after this. */
  private static final Duration UNREADABLE = Duration.ofSeconds(60);

  /** So many entries that may not be renamed mean that none may. */
  private static final int DENIALS = 16;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final FileOps.BusyDirectory ready;
  private final FileOps.BusyDirectory claimed;
  private final Syncs syncs;
  private final Reserve reserve;
  private final Candidates candidates;
  private final Presence presence;
  private final Admission admission;
  private final Settler settler;
  private final Events events;
  private final InstantSource clock;

  Claimer(Site site, Candidates candidates, Presence presence, Settler settler) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.ready = site.ready();
    this.claimed = site.claimed();
    this.syncs = site.syncs();
    this.reserve = site.reserve();
    this.candidates = candidates;
    this.presence = presence;
    this.admission = new Admission(site);
    this.settler = settler;
    this.events = site.events();
    this.clock = site.clock();
  }

  /** Goes through the candidates until one is won and whole; empty if none is left. */
  Optional<DirectoryClaim> claim() throws SpoolException {
    try {
      DeniedException denied = null;
      for (int denials = 0; denials < DENIALS; ) {
        Optional<EntryName> candidate = candidates.next(); // C1
        if (candidate.isEmpty() || presence.hasLeft()) {
          break;
        }
        try {
          Optional<DirectoryClaim> claim = claim(candidate.get());
          if (claim.isPresent()) {
            return claim;
          }
        } catch (DeniedException e) {
          denied = e;
          denials++;
        }
      }
      if (denied != null) {
        throw denied.cause;
      }
      return Optional.empty();
    } catch (IOException e) {
      throw Diagnosis.of("claim", layout.ready(), JobState.READY, InSpool.YES, e);
    }
  }

  /**
   * This entry may not be renamed. The next one may, unless it is the directory that is closed to
   * us.
   */
  private static final class DeniedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final AccessDeniedException cause;

    DeniedException(AccessDeniedException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private Optional<DirectoryClaim> claim(EntryName candidate) throws IOException {
    String unique = presence.newClaim();
    if (unique == null) {
      return Optional.empty();
    }
    ClaimedEntry held =
        ClaimedEntry.in(claimed, candidate.adopted(unique).claimed(clock.millis(), unique));
    try {
      return take(candidate, held) ? verify(held, candidate.hasHistory()) : Optional.empty();
    } catch (RuntimeException | Error e) {
      // Out of memory, for instance: it is claimed by then, and nobody holds it.
      try {
        refuse(held, DirectoryClaim::release);
      } catch (IOException | RuntimeException | Error again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** C3. */
  private Optional<DirectoryClaim> verify(ClaimedEntry held, boolean hasHistory)
      throws IOException {
    EntryReader.Content content;
    try {
      syncs.moved(layout.claimed(), layout.ready());
    } catch (IOException e) {
      refuse(held, DirectoryClaim::release);
      throw e;
    }
    try {
      content = admission.admit(held.file(), held.name()); // C3
    } catch (NoSuchFileException e) {
      return Optional.empty(); // RACE: believed dead, or an operator took it, within this moment
    } catch (CorruptEntryException e) {
      refuse(held, claim -> claim.reject(String.valueOf(e.getMessage())));
      return Optional.empty();
    } catch (AccessDeniedException e) {
      refuse(held, claim -> claim.reject("cannot be read: permission denied"));
      return Optional.empty();
    } catch (IOException e) {
      if (Diagnosis.isFull(e)) { // no room for a copy, which is no fault of the entry's
        refuse(held, claim -> claim.release(UNREADABLE));
      } else {
        refuse(held, claim -> claim.retry(UNREADABLE, "cannot be read: " + Diagnosis.reason(e)));
      }
      throw e;
    }
    DirectoryClaim claim = claimOn(held, hasHistory, content);
    if (events.areHeard()) {
      events.tell(new SpoolEvent.Claimed(claim.id(), claim.attempt())); // before it can be lost
    }
    presence.hold(claim);
    // RACE: the spool was closed while it was read, or this process was believed dead.
    return claim.isHeld() ? Optional.of(claim) : Optional.empty();
  }

  private DirectoryClaim claimOn(
      ClaimedEntry held, boolean hasHistory, EntryReader.Content content) {
    return new DirectoryClaim(held, hasHistory, content, settler, presence, events);
  }

  private interface Refusal {
    void settle(DirectoryClaim claim) throws SpoolException;
  }

  /** What is no job, or not what its producer wrote, never reaches a handler. */
  private void refuse(ClaimedEntry held, Refusal refusal) throws IOException {
    DirectoryClaim claim = claimOn(held, true, EntryReader.Content.NONE);
    presence.hold(claim);
    try {
      synchronized (claim) {
        if (claim.isHeld()) { // RACE: or else released because the spool was closed
          refusal.settle(claim);
        }
      }
    } catch (ClaimLostException e) {
      // RACE: believed dead, or moved by an operator, within this moment.
    } catch (SpoolException e) {
      claim.abandon();
      throw e;
    }
  }

  /** C2: the rename that is the compare-and-swap. */
  private boolean take(EntryName candidate, ClaimedEntry held) throws IOException {
    FileOps.NamedFile from = ready.file(candidate.text());
    Path to = held.path();
    try {
      reserve.spend(() -> from.rename(to));
    } catch (NoSuchFileException e) {
      if (!isDoneInSpiteOf(e, held)) {
        if (!ops.isDirectory(layout.claimed())) {
          throw e; // it is cur/ that is gone
        }
        // RACE: another worker renamed it first; if released since, it stands there again by now.
        candidates.lostRace(candidate);
        return false;
      }
      // A network file system did it and lost the reply: we have won.
    } catch (AccessDeniedException e) {
      candidates.shun(candidate);
      if (layout.isDropBox() && !isFile(from)) {
        return false; // RACE: a directory since it was listed, or gone; let its owner keep it
      }
      throw new DeniedException(e);
    } catch (IOException e) {
      if (!isDoneInSpiteOf(e, held)) {
        candidates.shun(candidate);
        throw e;
      }
    }
    candidates.wonRace(candidate);
    return true;
  }

  /** Nobody else ever makes this very name: if it is there, the claim is ours. */
  private boolean isDoneInSpiteOf(IOException failure, ClaimedEntry held) throws IOException {
    try {
      return ops.exists(held.path());
    } catch (IOException e) {
      failure.addSuppressed(e);
      DirectoryClaim perhaps = claimOn(held, true, EntryReader.Content.NONE);
      presence.hold(perhaps);
      perhaps.abandon(); // or it would be claimed, and held by nobody, for as long as we live
      return false;
    }
  }

  private boolean isFile(FileOps.NamedFile file) throws IOException {
    try {
      return file.stat().regular();
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
