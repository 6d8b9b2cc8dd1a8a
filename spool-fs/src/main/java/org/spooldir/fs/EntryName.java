package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.hash.Hashing;
import java.util.Comparator;
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

  /** Oldest first, by what the names tell. */
  static final Comparator<EntryName> BY_TIME =
      Comparator.comparingLong((EntryName name) -> name.seconds)
          .thenComparingInt(name -> name.micros)
          .thenComparing(EntryName::text);

  /** Priority first, then time: what a worker takes first. */
  static final Comparator<EntryName> ORDER =
      Comparator.comparingInt((EntryName name) -> -name.priority).thenComparing(BY_TIME);

  /** Stands in foreign names only, once we have shortened them or made them unique. */
  static final char MARK = '~';

  private static final int MAX_FLAGS = 32;
  private static final int MAX_ATTEMPTS = 999_999;

  private final String text;
  private final char separator;
  private final String base;
  private final String unique;

  private long seconds;
  private int micros;
  private String host = "";
  private long size = NONE;
  private long checksum = NONE;
  private int headerSize;
  private int priority = Job.DEFAULT_PRIORITY;

  private String flags = "";
  private int attempts = (int) NONE;
  private long due = NONE;
  private long claimedAt = NONE;
  private @Nullable String claim;

  private EntryName(String text, char separator) {
    this.text = text;
    this.separator = separator;
    int info = text.indexOf(separator + "2,", 1); // the first one, so that a base never holds one
    String immutable = info > 0 ? text.substring(0, info) : text;
    this.base = immutable.length() <= MAX_BASE ? immutable : shortened(immutable);
    this.unique = parseUnique();
    if (info > 0) {
      parseState(text.substring(info + 3));
    }
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

  /** The unique name, or an empty one if the base is foreign. */
  private String parseUnique() {
    int end = base.indexOf(',');
    String head = end < 0 ? base : base.substring(0, end);
    int dot = head.indexOf('.');
    seconds = dot > 0 ? number(head.substring(0, dot), Long.MAX_VALUE, 0) : 0;
    int host = base.indexOf(MARK) >= 0 ? -1 : UniqueNames.hostIndex(head);
    if (host < 0) {
      return "";
    }
    this.host = head.substring(host);
    micros = (int) number(head.substring(12, 18), 999_999, 0);
    for (int from = head.length(); from < base.length(); ) {
      int next = fieldEnd(base, from + 1);
      parseKey(base.substring(from + 1, next));
      from = next;
    }
    return head;
  }

  private void parseKey(String field) {
    if (field.length() < 3 || field.charAt(1) != '=') {
      return;
    }
    String value = field.substring(2);
    switch (field.charAt(0)) {
      case 'S' -> size = number(value, Long.MAX_VALUE, NONE);
      case 'C' -> checksum = hex(value);
      case 'H' -> headerSize = (int) number(value, AttributeHeader.MAX_BYTES, 0);
      case 'P' -> priority = (int) number(value, 9, Job.DEFAULT_PRIORITY);
      default -> {} // a later version's key: travels along
    }
  }

  // ---- the state ----

  private void parseState(String state) {
    int end = fieldEnd(state, 0);
    if (end <= MAX_FLAGS && state.chars().limit(end).allMatch(EntryName::isFlag)) {
      flags = state.substring(0, end);
    }
    for (int from = end; from < state.length(); ) {
      int next = fieldEnd(state, from + 1);
      parseStateKey(state.substring(from + 1, next));
      from = next;
    }
  }

  private void parseStateKey(String field) {
    if (field.length() < 3 || field.charAt(1) != '=') {
      return;
    }
    String value = field.substring(2);
    switch (field.charAt(0)) {
      case 'a' -> attempts = (int) number(value, MAX_ATTEMPTS, NONE);
      case 'u' -> due = number(value, Long.MAX_VALUE, NONE);
      case 't' -> claimedAt = number(value, Long.MAX_VALUE, NONE);
      case 'w' -> claim = value.lastIndexOf('.') > 0 ? value : null;
      default -> {} // not ours
    }
  }

  private static boolean isFlag(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static int fieldEnd(String text, int from) {
    int end = text.indexOf(',', from);
    return end < 0 ? text.length() : end;
  }

  /** A decimal number without sign, 0 to max; what is none is the fallback. */
  private static long number(String digits, long max, long fallback) {
    if (digits.isEmpty() || digits.length() > 19) {
      return fallback;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (max - digit) / 10) {
        return fallback;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static long hex(String digits) {
    boolean valid =
        digits.length() == 8
            && digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return valid ? Long.parseLong(digits, 16) : NONE;
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
    String room = base.substring(0, Math.min(base.length(), MAX_BASE - mark.length()));
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
    boolean roomForFlags = base.length() + 3 + flags.length() + state.length() <= MAX_NAME;
    String kept = roomForFlags ? flags : "";
    if (kept.isEmpty() && state.length() == 0) {
      return parse(base, separator);
    }
    return parse(base + separator + "2," + kept + state, separator);
  }

  // ---- what it says ----

  /** The name as it is on disk, one char per byte. */
  String text() {
    return text;
  }

  /** The part that never changes. */
  String base() {
    return base;
  }

  /** The job's id: the unique name, or the escaped base if the entry is foreign. */
  JobId id() {
    if (!isForeign()) {
      return new JobId(unique);
    }
    String escaped = FileNames.escape(base).replaceFirst("^\\.", "\\\\056");
    return new JobId(escaped.length() <= MAX_BASE ? escaped : shortened(escaped));
  }

  /** Whether it is nobody's business: a name that starts with a dot. */
  boolean isHidden() {
    return text.startsWith(".");
  }

  /** Whether another program's delivery wrote it. */
  boolean isForeign() {
    return unique.isEmpty();
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
    return host;
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
