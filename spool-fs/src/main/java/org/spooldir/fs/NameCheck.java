package org.spooldir.fs;

import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;

/** Checks the name of an entry of ours more strictly than the parser, which takes anything. */
final class NameCheck {

  private NameCheck() {}

  /** The first field that cannot be read; null if all can. */
  static @Nullable String unreadable(EntryName name) {
    if (name.isForeign()) {
      return null; // other programs name their files as they like
    }
    String base = name.base();
    int end = base.indexOf(',');
    String problem = end < 0 ? null : unreadable(name, base.substring(end + 1));
    if (problem == null && name.text().length() > base.length() + 3) {
      String state = name.text().substring(base.length() + 3); // behind ":2,"
      int flags = state.indexOf(',');
      problem = flags < 0 ? null : unreadable(name, state.substring(flags + 1));
    }
    return problem;
  }

  private static @Nullable String unreadable(EntryName name, String fields) {
    for (String field : fields.split(",", -1)) {
      if (field.length() < 3 || field.charAt(1) != '=' || !isRead(name, field)) {
        return "cannot read \"" + FileNames.escape(field) + "\" in its name";
      }
    }
    return null;
  }

  private static boolean isRead(EntryName name, String field) {
    return switch (field.charAt(0)) {
      case 'S' -> name.size() != EntryName.NONE;
      case 'C' -> name.checksum() != EntryName.NONE;
      case 'H' -> name.headerSize() > 0;
      case 'P' -> field.length() == 3 && Character.isDigit(field.charAt(2));
      case 'a' -> name.hasHistory();
      case 'u' -> name.due() != EntryName.NONE;
      case 't' -> name.claimedAt() != EntryName.NONE;
      case 'w' -> name.worker() != null;
      default -> true; // a later version's key: travels along
    };
  }

  /** What the name says of a state that the entry is not in; null if nothing. */
  static @Nullable String misplaced(EntryName name, JobState state) {
    if (name.isForeign()) {
      return null;
    }
    if (name.worker() != null && state != JobState.CLAIMED) {
      return "its name tells of a claim, w=";
    }
    boolean waits = state == JobState.DELAYED || state == JobState.HELD;
    if (name.due() != EntryName.NONE && !waits) {
      return "its name tells of a time to wait for, u=";
    }
    return name.due() == EntryName.NONE && state == JobState.DELAYED
        ? "its name tells no time to wait for, u="
        : null;
  }
}
