package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.hash.Hashing;
import org.jspecify.annotations.Nullable;
import org.spooldir.Job;
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
 * <p>Names are untrusted: parsing is total, what cannot be understood is as if it were not there. A
 * base that does not begin with a unique name of ours was written by another program (it is
 * foreign): only its leading seconds mean something.
 */
final class EntryName {

  /** Longest base; leaves room for all state within the 255 bytes of a file name. */
  static final int MAX_BASE = 180;

  /** Longest name of a file, in bytes. */
  static final int MAX_NAME = 255;

  /** Says "not in the name". */
  static final long NONE = -1;

  /** Stands in foreign names only, once we have shortened them or made them unique. */
  static final char MARK = '~';

  private static final int MAX_FLAGS = 32;
  private static final int MAX_ATTEMPTS = 999_999;
  private static final long MAX_RANKED = (1L << 36) - 1;

  private final String text;
  private final char separator;

  /** What begins with the base: the text, or what a text that is too long was shortened to. */
  private final String named;

  private final int baseEnd;

  private int uniqueEnd; // 0 if foreign
  private int hostStart;
  private long seconds;
  private int micros;
  private long size = NONE;
  private long checksum = NONE;
  private int headerSize;
  private int priority = Job.DEFAULT_PRIORITY;

  private String flags = "";
  private int attempts = (int) NONE;
  private long due = NONE;
  private long claimedAt = NONE;
  private @Nullable String claim;

  // A listing may hold a million names: parsing makes no objects but for what is seldom there.

  private EntryName(String text, char separator) {
    this.text = text;
    this.separator = separator;
    int info = stateIndex(text, separator);
    int end = info < 0 ? text.length() : info;
    this.named = end <= MAX_BASE ? text : shortened(text.substring(0, end));
    this.baseEnd = end <= MAX_BASE ? end : named.length();
    parseBase();
    if (info >= 0) {
      parseState(info + 3);
    }
  }

  /** The next name of the same job: what comes from the base is understood already. */
  private EntryName(
      EntryName before,
      String text,
      String flags,
      int attempts,
      long due,
      long claimedAt,
      @Nullable String claim) {
    this.text = text;
    this.separator = before.separator;
    this.named = text;
    this.baseEnd = before.baseEnd;
    this.uniqueEnd = before.uniqueEnd;
    this.hostStart = before.hostStart;
    this.seconds = before.seconds;
    this.micros = before.micros;
    this.size = before.size;
    this.checksum = before.checksum;
    this.headerSize = before.headerSize;
    this.priority = before.priority;
    this.flags = flags;
    this.attempts = attempts;
    this.due = due;
    this.claimedAt = claimedAt;
    this.claim = claim;
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

  /** Understands a name, whatever it is. */
  static EntryName parse(String text, char separator) {
    return new EntryName(text, separator);
  }

  /** A foreign name too long to carry state goes on under a shorter one, always the same. */
  private static String shortened(String base) {
    return base.substring(0, MAX_BASE - 40)
        + MARK
        + Hashing.sha256().hashString(base, ISO_8859_1).toString().substring(0, 32);
  }

  // ---- the immutable part ----

  private void parseBase() {
    int end = fieldEnd(named, 0, baseEnd);
    int dot = named.indexOf('.');
    seconds = dot > 0 && dot < end ? number(named, 0, dot, Long.MAX_VALUE, 0) : 0;
    int mark = named.indexOf(MARK);
    int host = mark >= 0 && mark < baseEnd ? -1 : UniqueNames.hostIndex(named, end);
    if (host < 0) {
      return;
    }
    uniqueEnd = end;
    hostStart = host;
    micros = (int) number(named, 12, 18, 999_999, 0);
    for (int from = end; from < baseEnd; ) {
      int next = fieldEnd(named, from + 1, baseEnd);
      parseKey(from + 1, next);
      from = next;
    }
  }

  private void parseKey(int from, int end) {
    if (end - from < 3 || named.charAt(from + 1) != '=') {
      return;
    }
    int value = from + 2;
    switch (named.charAt(from)) {
      case 'S' -> size = number(named, value, end, Long.MAX_VALUE, NONE);
      case 'C' -> checksum = hex(named, value, end);
      case 'H' -> headerSize = (int) number(named, value, end, AttributeHeader.MAX_BYTES, 0);
      case 'P' -> priority = (int) number(named, value, end, 9, Job.DEFAULT_PRIORITY);
      default -> {} // a later version's key: travels along
    }
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

  private static int fieldEnd(String text, int from, int end) {
    int comma = text.indexOf(',', from);
    return comma < 0 || comma > end ? end : comma;
  }

  /** A decimal number without sign, 0 to max; what is none is the fallback. */
  private static long number(String text, int from, int end, long max, long fallback) {
    if (from == end || end - from > 19) {
      return fallback;
    }
    long value = 0;
    for (int i = from; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return fallback;
      }
      value = value * 10 + digit;
    }
    return value < 0 || value > max ? fallback : value; // 19 digits overflow to a negative one
  }

  private static long hex(String text, int from, int end) {
    long value = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return NONE;
      }
      value = value << 4 | Character.digit(c, 16);
    }
    return end - from == 8 ? value : NONE;
  }

  // ---- the next name ----

  /**
   * The name in {@code new/}, {@code held/}, {@code failed/} or {@code done/}: attempts are kept, a
   * claim is not.
   */
  EntryName unclaimed() {
    return next(attempts, NONE, NONE, null);
  }

  /** The name when it is given back with this many attempts counted. */
  EntryName withAttempts(int attempts) {
    return next(attempts, NONE, NONE, null);
  }

  /** The name in {@code delayed/} of a job that was never claimed. */
  EntryName scheduled(long due) {
    return next(attempts, due, NONE, null);
  }

  /** The name in {@code delayed/} with this many attempts counted. */
  EntryName delayed(int attempts, long due) {
    return next(attempts, due, NONE, null);
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
    String mark = MARK + Hashing.sha256().hashString(salt, ISO_8859_1).toString().substring(0, 16);
    String room = named.substring(0, Math.min(baseEnd, MAX_BASE - mark.length()));
    return parse(room + mark + separator + "2," + flags, separator).next(0, due, NONE, null);
  }

  /** The name in {@code cur/}, which no other claim ever has. */
  EntryName claimed(long now, String claim) {
    return next(Math.min(attempts() + 1, MAX_ATTEMPTS), NONE, now, claim);
  }

  private EntryName next(int attempts, long due, long claimedAt, @Nullable String claim) {
    StringBuilder state = new StringBuilder(80);
    if (attempts >= 0) {
      state.append(",a=").append(attempts);
    }
    if (due >= 0) {
      state.append(",u=").append(due);
    }
    if (claimedAt >= 0) {
      state.append(",t=").append(claimedAt);
    }
    if (claim != null) {
      state.append(",w=").append(claim);
    }
    boolean roomForFlags = baseEnd + 3 + flags.length() + state.length() <= MAX_NAME;
    String kept = roomForFlags ? flags : "";
    String next =
        kept.isEmpty() && state.length() == 0 ? base() : base() + separator + "2," + kept + state;
    return new EntryName(
        this, next, kept, attempts, Math.max(due, NONE), Math.max(claimedAt, NONE), claim);
  }

  // ---- what it says ----

  /** The name as it is on disk, one char per byte. */
  String text() {
    return text;
  }

  /** The part that never changes. */
  String base() {
    return named.substring(0, baseEnd);
  }

  /** The job's id: the unique name, or the escaped base if the entry is foreign. */
  JobId id() {
    if (!isForeign()) {
      return new JobId(named.substring(0, uniqueEnd));
    }
    String escaped = FileNames.escape(base()).replaceFirst("^\\.", "\\\\056");
    return new JobId(escaped.length() <= MAX_BASE ? escaped : shortened(escaped));
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
    return uniqueEnd == 0;
  }

  /** When the producer made the name, seconds since the epoch; 0 if it does not say. */
  long seconds() {
    return seconds;
  }

  /** The microseconds of that second. */
  int micros() {
    return micros;
  }

  /** The host of the producer, escaped as stored; empty if foreign. */
  String host() {
    return named.substring(hostStart, uniqueEnd);
  }

  /** S: bytes of the file, or {@link #NONE}. */
  long size() {
    return size;
  }

  /** C: CRC32C of the file, or {@link #NONE}. */
  long checksum() {
    return checksum;
  }

  /** H: bytes of the attribute header before the body; 0 if there is none. */
  int headerSize() {
    return headerSize;
  }

  /** P: 0 to 9. */
  int priority() {
    return priority;
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
    return time() < other.time();
  }

  /**
   * What a worker takes first has the least: priority, seconds and microseconds in one number.
   * Seconds beyond the year 4000, which only other programs write, count as one.
   */
  long rank() {
    return (long) (9 - priority) << 56 | time();
  }

  private long time() {
    return Math.min(seconds, MAX_RANKED) << 20 | micros;
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
