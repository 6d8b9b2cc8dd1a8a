package org.spooldir.fs;

import static org.spooldir.fs.EntryNameBase.fieldEnd;
import static org.spooldir.fs.EntryNameBase.number;

import org.jspecify.annotations.Nullable;
import org.spooldir.JobId;

/**
 * The file name of an entry, which carries all its state:
 *
 * <pre>
 * name = base [ ":2," flags *( "," key "=" value ) ]      base = unique *( "," KEY "=" value )
 * </pre>
 *
 * <p>The base never changes and names the job; the rest is its state, changed by renaming. Text is
 * one char per byte of the name on disk, so that names which are no valid text keep working; {@link
 * FileNames} turns paths into text and back.
 *
 * <p>Names are untrusted: parsing is total, what cannot be understood is as if it were not there.
 */
final class EntryName {

  /** Longest name of a file, in bytes. */
  static final int MAX_NAME = 255;

  /** Says "not in the name". */
  static final long NONE = -1;

  /** Chars of a state without flags, as a rule. */
  private static final int STATE = 75;

  private static final int MAX_FLAGS = 32;
  private static final int MAX_ATTEMPTS = 999_999;

  private final EntryNameBase base;
  private final char separator;
  private final String text;

  private String flags = "";
  private int attempts = (int) NONE;
  private long due = NONE;
  private long claimedAt = NONE;
  private @Nullable String claim;

  private EntryName(EntryNameBase base, char separator, String text) {
    this.base = base;
    this.separator = separator;
    this.text = text;
  }

  /** Understands a name, whatever it is. */
  // A listing may hold a million names: no object is made but these two and what is seldom there.
  static EntryName parse(String text, char separator) {
    int info = stateIndex(text, separator);
    EntryNameBase base = EntryNameBase.of(text, info < 0 ? text.length() : info);
    EntryName name = new EntryName(base, separator, text);
    if (info >= 0) {
      name.parseState(info + 3);
    }
    return name;
  }

  /**
   * Where the state begins: the first place, so that a base never holds one; -1 if there is none.
   */
  private static int stateIndex(String text, char separator) {
    int at = text.indexOf(separator, 1);
    while (at >= 0 && !text.startsWith("2,", at + 1)) {
      at = text.indexOf(separator, at + 1);
    }
    return at;
  }

  // ---- the state ----

  private void parseState(int start) {
    int end = fieldEnd(text, start, text.length());
    if (areFlags(start, end)) {
      flags = text.substring(start, end);
    }
    for (int from = end; from < text.length(); ) {
      int next = fieldEnd(text, from + 1, text.length());
      parseStateKey(from + 1, next);
      from = next;
    }
  }

  private void parseStateKey(int from, int end) {
    if (end - from < 3 || text.charAt(from + 1) != '=') {
      return;
    }
    int value = from + 2;
    switch (text.charAt(from)) {
      case 'a' -> attempts = (int) number(text, value, end, MAX_ATTEMPTS, NONE);
      case 'u' -> due = number(text, value, end, Long.MAX_VALUE, NONE);
      case 't' -> claimedAt = number(text, value, end, Long.MAX_VALUE, NONE);
      case 'w' ->
          claim = text.lastIndexOf('.', end - 1) > value ? text.substring(value, end) : null;
      default -> {} // not ours
    }
  }

  private boolean areFlags(int from, int end) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) {
        return false;
      }
    }
    return end - from <= MAX_FLAGS;
  }

  // ---- the next name ----

  /**
   * The name in {@code new/}, {@code held/}, {@code failed/} or {@code done/}: attempts are kept, a
   * claim is not.
   */
  EntryName unclaimed() {
    return next(base, attempts, NONE, NONE, null);
  }

  /** The name when it is given back with this many attempts counted. */
  EntryName withAttempts(int attempts) {
    return next(base, attempts, NONE, NONE, null);
  }

  /** The name in {@code delayed/} of a job that was never claimed. */
  EntryName scheduled(long due) {
    return next(base, attempts, due, NONE, null);
  }

  /** The name in {@code delayed/} with this many attempts counted. */
  EntryName delayed(int attempts, long due) {
    return next(base, attempts, due, NONE, null);
  }

  /**
   * The name under which a foreign entry goes on from its first move by us: other programs' names
   * need not be unique over time, and rename replaces silently. What has moved before, or was named
   * here, is unique already.
   *
   * @param salt what no other move ever has
   */
  EntryName adopted(String salt) {
    if (!isForeign() || hasHistory()) {
      return this;
    }
    return next(base.marked(salt), 0, due, NONE, null);
  }

  /** The name in {@code cur/}, which no other claim ever has. */
  EntryName claimed(long now, String claim) {
    return next(base, Math.min(attempts() + 1, MAX_ATTEMPTS), NONE, now, claim);
  }

  private EntryName next(
      EntryNameBase base, int attempts, long due, long claimedAt, @Nullable String claim) {
    StringBuilder name = new StringBuilder(base.length() + STATE);
    base.appendTo(name);
    name.append(separator).append("2,");
    int stateStart = name.length();
    name.append(flags);
    if (attempts >= 0) {
      name.append(",a=").append(attempts);
    }
    if (due >= 0) {
      name.append(",u=").append(due);
    }
    if (claimedAt >= 0) {
      name.append(",t=").append(claimedAt);
    }
    if (claim != null) {
      name.append(",w=").append(claim);
    }
    boolean roomForFlags = name.length() <= MAX_NAME;
    if (!roomForFlags) {
      name.delete(stateStart, stateStart + flags.length());
    }
    if (name.length() == stateStart) {
      name.setLength(base.length()); // no state, so nothing that begins one
    }
    EntryName next = new EntryName(base, separator, name.toString());
    next.flags = roomForFlags ? flags : "";
    next.attempts = attempts;
    next.due = Math.max(due, NONE);
    next.claimedAt = Math.max(claimedAt, NONE);
    next.claim = claim;
    return next;
  }

  // ---- what it says ----

  /** The name as it is on disk, one char per byte. */
  String text() {
    return text;
  }

  /** The part that never changes. */
  String base() {
    return base.toString();
  }

  /** The job's id: the unique name, or the escaped base if the entry is foreign. */
  JobId id() {
    return base.id();
  }

  /** Whether both name one job, though a foreign one may be {@link #adopted} in between. */
  boolean isOfJob(EntryName other) {
    return base.isOfJob(other.base);
  }

  /** What all names {@link #isOfJob of one job} have in common, and few others. */
  String stem() {
    return base.stem();
  }

  /**
   * The id of the job whose entry has this name, in a spool of whatever separator; of an id:
   * itself.
   *
   * @throws IllegalArgumentException if it can be neither
   */
  static JobId idIn(String text) {
    if (text.length() > MAX_NAME) {
      throw new IllegalArgumentException("too long for the name of a file");
    }
    for (int i = 1; i < text.length(); i++) {
      if (SpoolOptions.SEPARATORS.indexOf(text.charAt(i)) >= 0 && text.startsWith("2,", i + 1)) {
        return parse(text, text.charAt(i)).asId();
      }
    }
    return parse(text, ':').asId();
  }

  /** What is escaped already is not escaped again. */
  private JobId asId() {
    return isForeign() ? new JobId(base()) : id();
  }

  /** Whether it is nobody's business: a name that starts with a dot. */
  boolean isHidden() {
    return text.startsWith(".");
  }

  /** Whether another program's delivery wrote it. */
  boolean isForeign() {
    return base.isForeign();
  }

  /** When the producer made the name, seconds since the epoch; 0 if it does not say. */
  long seconds() {
    return base.seconds();
  }

  /** The microseconds of that second. */
  int micros() {
    return base.micros();
  }

  /** The host of the producer, escaped as stored; empty if foreign. */
  String host() {
    return base.host();
  }

  /** S: bytes of the file, or {@link #NONE}. */
  long size() {
    return base.size();
  }

  /** C: CRC32C of the file, or {@link #NONE}. */
  long checksum() {
    return base.checksum();
  }

  /** H: bytes of the attribute header before the body; 0 if there is none. */
  int headerSize() {
    return base.headerSize();
  }

  /** P: 0 to 9. */
  int priority() {
    return base.priority();
  }

  /** a: attempts so far, the present claim included. */
  int attempts() {
    return Math.max(attempts, 0);
  }

  /** Whether it was ever claimed: only then there can be a failure log. */
  boolean hasHistory() {
    return attempts >= 0;
  }

  /** u: due, epoch ms, or {@link #NONE}. */
  long due() {
    return due;
  }

  /** t: claimed at, epoch ms, or {@link #NONE}. */
  long claimedAt() {
    return claimedAt;
  }

  /** w: the worker of the claim, or null if the name tells of no claim. */
  @Nullable String worker() {
    return claim == null ? null : claim.substring(0, claim.lastIndexOf('.'));
  }

  /** w: the worker and the counter, which no other claim has, or null if it tells of no claim. */
  @Nullable String claim() {
    return claim;
  }

  /** Whether it is older, by what the names tell. */
  boolean isBefore(EntryName other) {
    return base.time() < other.base.time();
  }

  /** What a worker takes first has the least: priority, seconds and microseconds in one number. */
  long rank() {
    return (long) (9 - base.priority()) << 56 | base.time();
  }

  @Override
  public String toString() {
    return FileNames.escape(text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryName name && name.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
