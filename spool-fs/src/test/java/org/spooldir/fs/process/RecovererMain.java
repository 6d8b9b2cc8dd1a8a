package org.spooldir.fs.process;

import java.time.Duration;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolException;

/** A child that recovers, again and again, and claims nothing. */
final class RecovererMain {

  private static final Duration PAUSE = Duration.ofMillis(10);

  private RecovererMain() {}

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          child.heedParent();
          do {
            RecoveryReport report = child.spool().maintenance().recover();
            child.write(Act.RECOVERED, report.recovered());
          } while (child.goesOnAfter(PAUSE));
        });
  }
}
