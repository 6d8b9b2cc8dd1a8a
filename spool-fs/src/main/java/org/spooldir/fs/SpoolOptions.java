package org.spooldir.fs;

import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import org.spooldir.SpoolListener;

/**
 * How a process uses a spool directory. Immutable; each method returns a changed copy, beginning
 * with {@link #DEFAULTS}.
 *
 * <p>A spool remembers the retention, reserve, separator and access that it was made with, where
 * they are not the defaults. For everyone who opens it these count, and not his own.
 *
 * @param durability what a returned call survives; {@link Durability#ENQUEUE}
 * @param lease how long this process is believed alive without a new sign of life; it gives one
 *     every third of that; 60 s, at least 1 s. Others use the lease that a worker states, not their
 *     own
 * @param poll how often to look when no arrival was heard of, and how often to recover; 1 s
 * @param retention how long completed jobs stay in {@code done/}; zero, the default: they are
 *     deleted at once. Counts where the spool was made with the default; remembered in whole
 *     seconds, rounded up
 * @param reserve bytes set aside so that workers can go on when the disk is full; 2 MB; zero: none.
 *     Counts where the spool was made with the default
 * @param keepFree bytes of the disk that producers leave free: with less, an enqueue throws {@link
 *     org.spooldir.SpoolFullException}; zero, the default: no limit
 * @param maxEntrySize bytes of the largest entry that this process takes; a larger one becomes a
 *     dead letter, and no handler sees it. Zero, the default: no limit, but in a drop box 1 GiB
 * @param owners whose entries this process takes, beside those of its own user; what belongs to
 *     others becomes a dead letter, and no handler sees it. Empty, the default: everyone's. A user
 *     of this name or number: {@link
 *     java.nio.file.attribute.UserPrincipalLookupService#lookupPrincipalByName}
 * @param separator stands between the two parts of an entry name; a colon as in Maildir, or one of
 *     {@code ; !} where the file system forbids colons. Counts at creation only
 * @param access who may use the spool. Counts at creation only
 * @param listener hears what this process does in the spool
 * @since 0.1
 */
public record SpoolOptions(
    Durability durability,
    Duration lease,
    Duration poll,
    Duration retention,
    long reserve,
    long keepFree,
    long maxEntrySize,
    Set<UserPrincipal> owners,
    char separator,
    Access access,
    SpoolListener listener) {

  /** A hundred years; beyond three hundred, nanoseconds do not fit into a number. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** What is used where nothing is said. */
  public static final SpoolOptions DEFAULTS =
      new SpoolOptions(
          Durability.ENQUEUE,
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ZERO,
          2 << 20,
          0,
          0,
          Set.of(),
          ':',
          Access.PRIVATE,
          SpoolListener.NONE);

  static final String SEPARATORS = ":;!";

  /**
   * Refuses what cannot work.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SpoolOptions {
    require(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease of at least 1 s, not " + lease);
    require(lease.compareTo(LONGEST) <= 0, "lease of at most " + LONGEST + ", not " + lease);
    require(poll.compareTo(Duration.ofMillis(10)) >= 0, "poll of at least 10 ms, not " + poll);
    require(poll.compareTo(lease) <= 0, "poll no longer than the lease, not " + poll);
    require(!retention.isNegative(), "retention of zero or more, not " + retention);
    require(
        reserve >= 0 && keepFree >= 0 && maxEntrySize >= 0,
        "reserve, keepFree and maxEntrySize of zero or more bytes");
    owners = Set.copyOf(owners);
    require(
        SEPARATORS.indexOf(separator) >= 0,
        "separator out of " + SEPARATORS + ", not " + separator);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("spool options need a " + what);
    }
  }

  /** Sets what a returned call survives. */
  public SpoolOptions durability(Durability durability) {
    Draft draft = new Draft(this);
    draft.durability = durability;
    return draft.options();
  }

  /** Sets how long this process is believed alive without a new sign of life. */
  public SpoolOptions lease(Duration lease) {
    Draft draft = new Draft(this);
    draft.lease = lease;
    return draft.options();
  }

  /** Sets how often to look when no arrival was heard of. */
  public SpoolOptions poll(Duration poll) {
    Draft draft = new Draft(this);
    draft.poll = poll;
    return draft.options();
  }

  /** Sets how long completed jobs are kept. */
  public SpoolOptions retention(Duration retention) {
    Draft draft = new Draft(this);
    draft.retention = retention;
    return draft.options();
  }

  /** Sets how many bytes are set aside for a full disk. */
  public SpoolOptions reserve(long reserve) {
    Draft draft = new Draft(this);
    draft.reserve = reserve;
    return draft.options();
  }

  /** Sets how many bytes of the disk producers leave free. */
  public SpoolOptions keepFree(long keepFree) {
    Draft draft = new Draft(this);
    draft.keepFree = keepFree;
    return draft.options();
  }

  /** Sets how many bytes an entry may have. */
  public SpoolOptions maxEntrySize(long maxEntrySize) {
    Draft draft = new Draft(this);
    draft.maxEntrySize = maxEntrySize;
    return draft.options();
  }

  /** Sets whose entries are taken. */
  public SpoolOptions owners(Set<UserPrincipal> owners) {
    Draft draft = new Draft(this);
    draft.owners = owners;
    return draft.options();
  }

  /** Sets what stands between the two parts of an entry name, at creation. */
  public SpoolOptions separator(char separator) {
    Draft draft = new Draft(this);
    draft.separator = separator;
    return draft.options();
  }

  /** Sets who may use the spool, at creation. */
  public SpoolOptions access(Access access) {
    Draft draft = new Draft(this);
    draft.access = access;
    return draft.options();
  }

  /** Sets who hears what this process does in the spool. */
  public SpoolOptions listener(SpoolListener listener) {
    Draft draft = new Draft(this);
    draft.listener = listener;
    return draft.options();
  }

  /** A copy on its way: one component is about to be another. */
  private static final class Draft {
    private Durability durability;
    private Duration lease;
    private Duration poll;
    private Duration retention;
    private long reserve;
    private long keepFree;
    private long maxEntrySize;
    private Set<UserPrincipal> owners;
    private char separator;
    private Access access;
    private SpoolListener listener;

    Draft(SpoolOptions from) {
      this.durability = from.durability;
      this.lease = from.lease;
      this.poll = from.poll;
      this.retention = from.retention;
      this.reserve = from.reserve;
      this.keepFree = from.keepFree;
      this.maxEntrySize = from.maxEntrySize;
      this.owners = from.owners;
      this.separator = from.separator;
      this.access = from.access;
      this.listener = from.listener;
    }

    SpoolOptions options() {
      return new SpoolOptions(
          durability,
          lease,
          poll,
          retention,
          reserve,
          keepFree,
          maxEntrySize,
          owners,
          separator,
          access,
          listener);
    }
  }
}
