package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Listings as a kernel may give them: in any order, and what is renamed meanwhile comes twice, or
 * under neither name.
 */
final class UneasyListings extends ForwardingFileOps {

  private final Random random;

  UneasyListings(FileOps real, Random random) {
    super(real);
    this.random = random;
  }

  @Override
  public DirectoryStream<Path> list(Path directory) throws IOException {
    List<Path> before = names(directory);
    List<Path> after = names(directory); // others may have had their turn
    List<Path> moved = new ArrayList<>(before);
    moved.removeAll(after);
    List<Path> arrived = new ArrayList<>(after);
    arrived.removeAll(before);
    List<Path> seen = new ArrayList<>(after);
    seen.removeAll(arrived);
    moved.stream().filter(name -> random.nextBoolean()).forEach(seen::add);
    arrived.stream().filter(name -> random.nextBoolean()).forEach(seen::add);
    Collections.shuffle(seen, random);
    return new ModelFileOps.Listed(seen);
  }

  private List<Path> names(Path directory) throws IOException {
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> listing = real.list(directory)) {
      listing.forEach(names::add);
    }
    return names;
  }
}
