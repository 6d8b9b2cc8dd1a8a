package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.CorruptEntryException;

/**
 * C3 under the rules of this process: whose entries it takes, how large, and which of them it has
 * to copy first. Comes after the claim, in the private directory, where nobody can swap anything.
 */
final class Admission {

  private final FileOps ops;
  private final EntryReader reader;
  private final Copies copies;
  private final boolean isDropBox;
  private final long maxSize;
  private final Set<UserPrincipal> owners;

  Admission(Site site) {
    this.ops = site.ops();
    this.reader = new EntryReader(site.ops());
    this.copies = new Copies(site);
    this.isDropBox = site.layout().isDropBox();
    this.maxSize = site.options().maxEntrySize();
    this.owners = site.options().owners();
  }

  /**
   * What a handler may see of a claimed entry.
   *
   * @throws CorruptEntryException if he may see none of it; says why
   */
  EntryReader.Content admit(FileOps.NamedFile named, EntryName held) throws IOException {
    if (!isDropBox && maxSize == 0 && owners.isEmpty()) {
      return reader.verified(named, held); // one trust domain, no rules: nothing more to look at
    }
    Path file = named.path();
    FileOps.Lstat facts = ops.lstat(file);
    boolean own = facts.owner() == Machine.user();
    String refusal = facts.isRegular() ? refusal(file, held, facts, own) : null;
    if (refusal != null) {
      throw EntryReader.corrupt(file, refusal);
    }
    return isDropBox && !own && facts.isRegular()
        ? copies.verified(file, held, facts.size())
        : reader.verified(named, held);
  }

  private @Nullable String refusal(Path file, EntryName held, FileOps.Lstat facts, boolean own)
      throws IOException {
    if (maxSize > 0 && facts.size() > maxSize) {
      return "has %s bytes, and more than %s are not taken".formatted(facts.size(), maxSize);
    }
    if (!own && !owners.isEmpty() && !owners.contains(ops.owner(file))) {
      String owner = FileNames.escape(ops.owner(file).getName());
      return "belongs to user " + owner + ", whose entries are not taken";
    }
    // A link can be planted to a file that the one who links it may not read. What the own user
    // enqueues can have a key or an old name for its second name, but then it has a checksum too,
    // and who could state that of a file had read it before.
    if (isDropBox && facts.links() > 1 && !(own && held.checksum() != EntryName.NONE)) {
      return "is a file with %s names: hard links are not taken".formatted(facts.links());
    }
    return null;
  }
}
