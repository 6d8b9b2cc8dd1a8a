package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.spooldir.fs.EntryName.NONE;

import com.google.common.hash.Hashing;
import org.spooldir.Job;
import org.spooldir.JobId;

/**
 * The part of an entry's name that never changes, and names the job:
 *
 * <pre>
 * base = unique *( "," KEY "=" value )
 * </pre>
 *
 * <p>Parsing is total, as for all of an {@link EntryName}. A base that does not begin with a unique
 * name of ours was written by another program (it is foreign): only its leading seconds mean
 * something.
 */
final class EntryNameBase {

  /** Longest base; leaves room for all state within the 255 bytes of a file name. */
  static final int MAX_LENGTH = 180;

  /** Stands in foreign names only, once we have shortened them or made them unique. */
  static final char MARK = '~';

  private static final int DIGITS_OF_MARK = 16;
  private static final long MAX_RANKED = (1L << 36) - 1;

  // What begins with the base, so that it need not be cut off for each name that a listing finds.
  private final String text;
  private final int length;

  private int uniqueEnd; // 0 if foreign
  private int hostStart;
  private long seconds;
  private int micros;

  // Where the values begin, 0 if there is none: a listing asks a million names for their rank only.
  private int sizeAt;
  private int checksumAt;
  private int headerSizeAt;
  private int priority = Job.DEFAULT_PRIORITY;

  private EntryNameBase(String text, int length) {
    this.text = text;
    this.length = length;
    parse();
  }

  /** Understands what a text begins with; what is too long is shortened. */
  static EntryNameBase of(String text, int length) {
    String named = length <= MAX_LENGTH ? text : shortened(text.substring(0, length));
    return new EntryNameBase(named, Math.min(length, named.length()));
  }

  /** A foreign name too long to carry state goes on under a shorter one, always the same. */
  private static String shortened(String base) {
    return base.substring(0, MAX_LENGTH - 40)
        + MARK
        + Hashing.sha256().hashString(base, ISO_8859_1).toString().substring(0, 32);
  }

  private void parse() {
    int end = fieldEnd(text, 0, length);
    int dot = text.indexOf('.');
    seconds = dot > 0 && dot < end ? number(text, 0, dot, Long.MAX_VALUE, 0) : 0;
    int mark = text.indexOf(MARK);
    int host = mark >= 0 && mark < length ? -1 : UniqueNames.hostIndex(text, end);
    if (host < 0) {
      return;
    }
    uniqueEnd = end;
    hostStart = host;
    micros = (int) number(text, 12, 18, 999_999, 0);
    for (int from = end; from < length; ) {
      int next = fieldEnd(text, from + 1, length);
      parseKey(from + 1, next);
      from = next;
    }
  }

  private void parseKey(int from, int end) {
    if (end - from < 3 || text.charAt(from + 1) != '=') {
      return;
    }
    int value = from + 2;
    switch (text.charAt(from)) {
      case 'S' -> sizeAt = value;
      case 'C' -> checksumAt = value;
      case 'H' -> headerSizeAt = value;
      case 'P' -> priority = (int) number(text, value, end, 9, Job.DEFAULT_PRIORITY);
      default -> {} // a later version's key: travels along
    }
  }

  /** Where the field ends that begins here: at the next comma, or where all ends. */
  static int fieldEnd(String text, int from, int limit) {
    int comma = text.indexOf(',', from);
    return comma < 0 || comma > limit ? limit : comma;
  }

  /** A decimal number without sign, 0 to max; what is none is the fallback. */
  static long number(String text, int from, int end, long max, long fallback) {
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

  /**
   * The base under which a foreign entry goes on: marked as no other is.
   *
   * @param salt what no other move ever has
   */
  EntryNameBase marked(String salt) {
    String hash = Hashing.sha256().hashString(salt, ISO_8859_1).toString();
    String longer = text.substring(0, lengthToMark()) + MARK + hash.substring(0, DIGITS_OF_MARK);
    return new EntryNameBase(longer, longer.length());
  }

  /** How much of it stays in front of the mark. */
  private int lengthToMark() {
    return Math.min(length, MAX_LENGTH - DIGITS_OF_MARK - 1);
  }

  /** Whether both name one job; a foreign one may be marked in the one and not in the other. */
  boolean isOfJob(EntryNameBase other) {
    return id().equals(other.id()) || isMarked(other) || other.isMarked(this);
  }

  /** Whether this is what the other became when it was marked. */
  private boolean isMarked(EntryNameBase other) {
    return hasMark() && other.isForeign() && other.lengthToMark() == markAt() && sameStem(other);
  }

  private boolean sameStem(EntryNameBase other) {
    return text.startsWith(other.text.substring(0, markAt()));
  }

  /** Where a mark begins that stands at the end. */
  private int markAt() {
    return length - DIGITS_OF_MARK - 1;
  }

  private boolean hasMark() {
    return markAt() > 0 && text.charAt(markAt()) == MARK;
  }

  /** What all names of one job have in common, marked or not. */
  String stem() {
    return isForeign()
        ? text.substring(0, hasMark() ? markAt() : lengthToMark())
        : text.substring(0, uniqueEnd);
  }

  /** Appends it to a name that begins with it. */
  void appendTo(StringBuilder name) {
    name.append(text, 0, length);
  }

  int length() {
    return length;
  }

  @Override
  public String toString() {
    return text.substring(0, length);
  }

  /** The job's id: the unique name, or the escaped base if it is foreign. */
  JobId id() {
    if (!isForeign()) {
      return new JobId(text.substring(0, uniqueEnd));
    }
    String escaped = FileNames.escape(toString()).replaceFirst("^\\.", "\\\\056");
    return new JobId(escaped.length() <= MAX_LENGTH ? escaped : shortened(escaped));
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

  /**
   * Seconds and microseconds in one number. Seconds beyond the year 4000, which only other programs
   * write, count as one.
   */
  long time() {
    return Math.min(seconds, MAX_RANKED) << 20 | micros;
  }

  /** The host of the producer, escaped as stored; empty if foreign. */
  String host() {
    return text.substring(hostStart, uniqueEnd);
  }

  /** S: bytes of the file, or {@link EntryName#NONE}. */
  long size() {
    return value(sizeAt, Long.MAX_VALUE, NONE);
  }

  /** C: CRC32C of the file, or {@link EntryName#NONE}. */
  long checksum() {
    return checksumAt == 0 ? NONE : hex(text, checksumAt, fieldEnd(text, checksumAt, length));
  }

  /** H: bytes of the attribute header before the body; 0 if there is none. */
  int headerSize() {
    return (int) value(headerSizeAt, AttributeHeader.MAX_BYTES, 0);
  }

  private long value(int at, long max, long fallback) {
    return at == 0 ? fallback : number(text, at, fieldEnd(text, at, length), max, fallback);
  }

  /** P: 0 to 9. */
  int priority() {
    return priority;
  }
}
