package org.spooldir.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.spooldir.fs.BlockLog.Request;

/**
 * What a power cut may leave on a disk, out of the record of its requests: all up to any one of
 * them; and as a disk has a cache, of those after the last flush also any others.
 */
final class BlockStates {

  private final BlockLog log;
  private final Path flushed;
  private final SplittableRandom random;
  private int subsets;

  /** Looks at one state, and says whether to go on. */
  interface Visitor {
    boolean visit(int prefix, Path image) throws IOException;
  }

  /**
   * The states.
   *
   * @param base what was on the disk before the first request; will be written to
   */
  BlockStates(BlockLog log, Path base, SplittableRandom random) {
    this.log = log;
    this.flushed = base;
    this.random = random;
  }

  /** How many states were shown that lack a write made before one that they have, or the last. */
  int subsets() {
    return subsets;
  }

  /** Shows each state, in a new image; the visitor clears its place away. */
  void visit(CutRoom room, Visitor visitor) throws IOException {
    List<Request> cached = new ArrayList<>();
    int prefix = 0;
    boolean goesOn = visitor.visit(prefix, image(room, cached));
    for (Request request : log.requests()) {
      if (!goesOn) {
        return;
      }
      prefix++;
      if (request.flush()) {
        apply(cached, flushed);
        cached.clear();
      }
      if (!request.data().hasRemaining()) {
        continue; // the disk is as it was
      }
      cached.add(request);
      goesOn = visitor.visit(prefix, image(room, cached));
      if (goesOn && cached.size() > 1) {
        List<Request> some = someOf(cached);
        subsets += some.size() < cached.size() ? 1 : 0;
        goesOn = visitor.visit(prefix, image(room, some));
      }
    }
  }

  private List<Request> someOf(List<Request> cached) {
    return cached.stream().filter(request -> request.forced() || random.nextBoolean()).toList();
  }

  private Path image(CutRoom room, List<Request> cached) throws IOException {
    Path image = room.place().resolve("image");
    CutDisk.copySparse(flushed, image);
    apply(cached, image);
    return image;
  }

  private static void apply(List<Request> requests, Path image) throws IOException {
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      for (Request request : requests) {
        request.applyTo(file);
      }
    }
  }
}
