package org.spooldir.fs;

import java.util.Locale;

/**
 * One thing in a spool that is not as it should be.
 *
 * @param kind what is wrong
 * @param where the file, from the spool on; printable ASCII, whatever its name is
 * @param what the facts of this case; printable ASCII
 * @param mended whether the repair has put it right
 * @since 0.1
 */
public record Finding(Kind kind, String where, String what, boolean mended) {

  /** How bad it is. */
  public enum Severity {
    /** Jobs cannot run as they should, or are lost already. */
    ERROR,
    /** No job is lost by it, but somebody should put it right. */
    WARNING,
    /** Good to know; nothing needs to be done. */
    NOTE
  }

  /** What can be wrong, what that means, and what can be done about it. */
  public enum Kind {
    /** The marker is missing or damaged. */
    BAD_FORMAT(
        Severity.ERROR,
        "Without it no program takes this directory for a spool",
        "write it again; it is one line, \"spool 1\" (or \"spool 1 separator=;\", as the names in it show)"),
    /** A directory is missing. */
    MISSING_DIRECTORY(
        Severity.ERROR,
        "No program can open the spool; what stood in it is gone",
        "--repair makes it again, empty"),
    /** A file, or a link to nowhere, stands where a directory should be. */
    NO_DIRECTORY(
        Severity.ERROR, "No program can open the spool", "move it away, then run --repair"),
    /** A directory is on another file system. */
    OTHER_FILE_SYSTEM(
        Severity.ERROR,
        "Nothing can be renamed into it, so no program opens the spool",
        "move it back onto the file system of the spool"),
    /** A directory belongs to somebody else. */
    OTHER_OWNER(
        Severity.WARNING,
        "Workers may not be able to move jobs through it",
        "give it to the owner of the spool with chown"),
    /** Others may write to a directory. */
    OPEN_DIRECTORY(
        Severity.WARNING,
        "Whoever can write to it can delete and forge jobs",
        "--repair takes that permission away, if you own it"),
    /** Others may list a directory. */
    READABLE_DIRECTORY(
        Severity.NOTE,
        "Others can see the names of the jobs, and some of their contents",
        "chmod 700, unless it is meant so"),
    /** Its owner may not use a directory. */
    CLOSED_DIRECTORY(Severity.ERROR, "Workers cannot work", "chmod u+rwx"),
    /** There is nothing set aside for a full disk. */
    NO_RESERVE(
        Severity.WARNING,
        "When the disk is full, workers cannot claim or finish jobs; it is given up on a full disk and made again when there is room",
        "--repair makes it again; check --reserve 0 if there shall be none"),
    /** The reserve is not as large as it should be. */
    WRONG_RESERVE(
        Severity.WARNING,
        "When the disk is full, less room than expected can be given up",
        "--repair makes it again"),
    /** Not a regular file, where only regular files belong. */
    STRANGER(
        Severity.WARNING,
        "It is no job: under a name of another program nobody touches it, under one of ours a worker makes it a dead letter",
        "look who put it there, and remove it by hand"),
    /** Jobs of another queue that are not in yet. */
    IMPORT(
        Severity.WARNING,
        "Jobs of another queue are on their way into the spool; if no import is running, one was cut off",
        "run that import again, from the same place: it goes on with them"),
    /** A name that no spool makes. */
    UNKNOWN_FILE(
        Severity.NOTE, "The spool did not make it and does not use it", "move it out of the spool"),
    /** Jobs of other programs. */
    DELIVERED(
        Severity.NOTE,
        "Other programs delivered them; their names tell neither size nor checksum, so nothing can be compared",
        "nothing"),
    /** A name that starts with a dot. */
    HIDDEN(
        Severity.NOTE,
        "The spool ignores names that start with a dot; .nfs files go when the last one closes them",
        "nothing, or move it out of the spool"),
    /** A name that is almost one of ours. */
    BAD_NAME(
        Severity.WARNING,
        "What cannot be read in a name is as if it were not there: a damaged S= or C= is never compared",
        "find out who wrote it, and rename it by hand"),
    /** A name that tells of another state. */
    MISPLACED_NAME(
        Severity.NOTE,
        "It was moved by hand: its directory counts, not what its name says of its state",
        "nothing"),
    /** An entry is not what its producer wrote. */
    DAMAGED(
        Severity.ERROR,
        "It is not what its producer wrote, so no handler will see it",
        "--repair moves it to failed/ from new/ and delayed/; hand the job in again, discard this one"),
    /** A dead letter, or a completed job, is not what its producer wrote. */
    DAMAGED_KEPT(
        Severity.NOTE,
        "It is not what its producer wrote: offered again it would only fail again",
        "discard it, or keep it to find out why"),
    /** The owner of the spool may not read an entry. */
    UNREADABLE(
        Severity.ERROR,
        "The worker cannot read it, and makes it a dead letter",
        "let the owner of the spool read it, with chown or chmod"),
    /** Others may write to an entry. */
    OPEN_FILE(
        Severity.WARNING,
        "Others can change the job after it was handed in",
        "--repair takes that permission away, if you own it"),
    /** The disk does not give it back. */
    READ_FAILED(
        Severity.ERROR,
        "The file system could not read it",
        "look into the kernel's log for errors of the disk"),
    /** The one who checks may not look. */
    CANNOT_LOOK(
        Severity.WARNING,
        "It was not checked, because you may not read it",
        "run the check as the owner of the spool"),
    /** One file under two names. */
    TWO_NAMES(
        Severity.WARNING,
        "A power cut on a file system without a journal leaves that; the job would run twice",
        "--repair removes the name that is less far on its way"),
    /** A producer did not finish. */
    OLD_TMP(
        Severity.WARNING,
        "Its producer died before it handed the job in: nobody was told that it is in",
        "--repair removes it, as any worker does; is there no worker?"),
    /** A claim without a worker. */
    DEAD_CLAIM(
        Severity.WARNING,
        "Its worker is dead; any other worker would have brought it back within seconds",
        "--repair brings it back to new/; is there no worker?"),
    /** A job in cur/ that nobody claimed. */
    NO_CLAIM(
        Severity.WARNING,
        "No worker has claimed it: a mail reader, or somebody, moved it there",
        "--repair brings it back to new/ when it has been there for a minute"),
    /** A presence without a process. */
    DEAD_WORKER(
        Severity.WARNING,
        "Its process is gone without a farewell; any other worker would have declared it dead within seconds",
        "--repair declares it dead, and brings its jobs back"),
    /** A presence without a beat. */
    SILENT_WORKER(
        Severity.WARNING,
        "It gave no sign of life for longer than its lease: it is stopped, hangs, or its machine is down",
        "--repair declares it dead, and brings its jobs back"),
    /** A dedup key without a job. */
    STALE_KEY(
        Severity.WARNING,
        "Its job is gone, or was never handed in; the key can be taken all the same",
        "--repair removes it: at once if its job is gone, after 36 hours if a producer did not finish"),
    /** A failure log without a job. */
    ORPHAN_LOG(
        Severity.NOTE,
        "Its job is gone",
        "nothing; --repair and workers remove it when nobody has written to it for 36 hours"),
    /** Recovery has done something. */
    RECOVERED(Severity.NOTE, "That is what any worker does all the time", "nothing"),
    /** Recovery has failed. */
    NO_RECOVERY(
        Severity.ERROR,
        "What recovery would have put right is still as it was",
        "mend what is told here, then run it again");

    private final Severity severity;
    private final String meaning;
    private final String remedy;

    Kind(Severity severity, String meaning, String remedy) {
      this.severity = severity;
      this.meaning = meaning;
      this.remedy = remedy;
    }

    /** How bad it is. */
    public Severity severity() {
      return severity;
    }

    /** What it means, in half a sentence. */
    public String meaning() {
      return meaning;
    }

    /** What the repair does about it, or what the operator should do. */
    public String remedy() {
      return remedy;
    }

    /** The name for programs: {@code dead-claim}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Whether somebody has to do something about it: no note, and not mended. */
  public boolean isLeft() {
    return kind.severity() != Severity.NOTE && !mended;
  }
}
