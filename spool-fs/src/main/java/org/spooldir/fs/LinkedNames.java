package org.spooldir.fs;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of files that have more than one, as they are found. */
final class LinkedNames {

  /** Jobs may share an inode, many of them: somebody handed in hard links. */
  private record Place(Object inode, String stem) {}

  private record Name(EntryName name, Path file) {}

  private final ListMultimap<Place, Name> found = ArrayListMultimap.create();
  private final Map<Object, Path> first = new HashMap<>(); // of each inode

  void add(Object inode, EntryName name, Path file) {
    first.putIfAbsent(inode, file);
    found.put(new Place(inode, name.stem()), new Name(name, file));
  }

  /** The one of this inode that was found first, whatever it is a name of. */
  List<Path> of(Object inode) {
    Path file = first.get(inode);
    return file == null ? List.of() : List.of(file);
  }

  /** Those found by now of this inode that are names of the same job. */
  List<Path> of(Object inode, EntryName name) {
    return found.get(new Place(inode, name.stem())).stream()
        .filter(other -> other.name.isOfJob(name))
        .map(Name::file)
        .toList();
  }
}
