package org.spooldir.fs.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.spooldir.Claim;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;

/**
 * A child that claims, verifies and settles.
 *
 * <p>Settings: {@code jobs} how many to produce before, see {@link ProducerMain}; {@code hold} how
 * many claims to hold at once, {@code linger} for how many ms at most; {@code idle} ends when
 * nothing came for so many ms, 0: when it is stopped; {@code mixed} whether to retry and release
 * now and then, {@code rejects} to reject too; {@code restless} whether to release 39 times out of
 * 40; {@code quiet} whether to write down what went wrong and no more; {@code markers} a directory
 * in which claims of jobs with a key leave a mark.
 */
final class WorkerMain {

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Child child;
  private final SplittableRandom random;
  private final int hold;
  private final int linger;
  private final boolean mixed;
  private final boolean rejects;
  private final boolean restless;
  private final Optional<Path> markers;

  private WorkerMain(Child child) {
    this.child = child;
    this.random = child.random();
    this.hold = child.number("hold", 1);
    this.linger = child.number("linger", 0);
    this.mixed = child.setting("mixed", "").equals("true");
    this.rejects = child.setting("rejects", "").equals("true");
    this.restless = child.setting("restless", "").equals("true");
    this.markers =
        Optional.of(child.setting("markers", "")).filter(s -> !s.isEmpty()).map(Path::of);
  }

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          child.heedParent();
          ProducerMain.produce(child, child.number("jobs", 0));
          new WorkerMain(child).work(child.number("idle", 0));
        });
  }

  private void work(int idle) throws IOException, InterruptedException {
    Duration wait = idle == 0 ? PATIENCE : Duration.ofMillis(idle);
    while (child.goesOnAfter(Duration.ZERO)) {
      Optional<Claim> claim = child.spool().claim(wait);
      if (claim.isEmpty() && idle > 0) {
        return;
      }
      List<Claim> held = new ArrayList<>();
      for (;
          claim.isPresent();
          claim = held.size() < hold ? child.spool().claim() : Optional.empty()) {
        take(claim.get());
        held.add(claim.get());
      }
      if (linger > 0) {
        child.goesOnAfter(Duration.ofMillis(random.nextInt(linger)));
      }
      for (Claim each : held) {
        settle(each);
      }
    }
  }

  private void take(Claim claim) throws IOException {
    child.note(Act.CLAIMED, claim.id(), claim.attempt());
    String name = child.verify(claim);
    if (markers.isPresent()) {
      mark(claim, markers.get().resolve(Telltale.keyOf(name)));
    }
  }

  /**
   * A mark stands only while its job lives: it is taken away before the job is completed. So if
   * another job's mark stands, there are two.
   */
  private void mark(Claim claim, Path marker) throws IOException {
    try {
      Files.createSymbolicLink(marker, Path.of(claim.id().value()));
    } catch (FileAlreadyExistsException e) {
      String other = read(marker);
      if (!other.equals(claim.id().value())) {
        child.write(Act.OVERLAP, claim.id(), other);
      }
    }
  }

  private static String read(Path marker) throws IOException {
    try {
      return Files.readSymbolicLink(marker).toString();
    } catch (NoSuchFileException e) {
      return "gone"; // by its holder, who was not this job's
    }
  }

  private void settle(Claim claim) throws IOException {
    Settlement how = how();
    if (markers.isPresent() && how == Settlement.COMPLETED) {
      Files.deleteIfExists(markers.get().resolve(Telltale.keyOf(Telltale.verify(claim.payload()))));
    }
    child.settle(claim, how);
  }

  private Settlement how() {
    if (restless) {
      return random.nextInt(40) > 0 ? Settlement.RELEASED : Settlement.COMPLETED;
    }
    int dice = mixed ? random.nextInt(20) : 20;
    return switch (dice) {
      case 0 -> Settlement.RETRIED;
      case 1 -> Settlement.RELEASED;
      case 2 -> rejects ? Settlement.REJECTED : Settlement.COMPLETED;
      default -> Settlement.COMPLETED;
    };
  }
}
