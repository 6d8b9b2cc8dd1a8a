package org.spooldir.examples;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import org.spooldir.examples.Report.Verb;
import org.spooldir.examples.Verifier.Fate;

/**
 * What came of it all.
 *
 * @param tally what the processes reported: exact where producers speak; workers may have been
 *     killed before they spoke
 * @param fates what became of the jobs, by what stands on the disk
 * @param taken how many claims were taken out of workers' hands
 * @param sabotaged whether one worker was killed and one was stopped
 */
record Verdict(Tally tally, Map<Fate, Long> fates, long taken, boolean sabotaged) {

  /** Whether each job was completed, and each claim came back that was taken from a worker. */
  boolean isGood() {
    return of(Fate.COMPLETED) == tally.of(Verb.DROPPED) && allCameBack();
  }

  private boolean allCameBack() {
    return tally.of(Verb.RECOVERED) >= taken;
  }

  private long of(Fate fate) {
    return fates.getOrDefault(fate, 0L);
  }

  /** Prints it, one count a line. */
  void print(PrintStream out) {
    tally.printReasons(out);
    line(out, "skipped", tally.of(Verb.SKIPPED), "files that cannot be archived");
    line(out, "dropped", tally.of(Verb.DROPPED), "files, each a job");
    line(out, "retried", tally.of(Verb.RETRIED), "attempts that failed, as far as workers said");
    line(out, "recovered", tally.of(Verb.RECOVERED), "claims that came back from dead workers");
    line(out, "late", tally.of(Verb.LATE), "claims found lost by a worker believed dead");
    line(out, "completed", of(Fate.COMPLETED), "and the output is what was dropped");
    line(out, "dead-lettered", of(Fate.DEAD_LETTERED), "");
    line(out, "unfinished", of(Fate.UNFINISHED), "");
    line(out, "damaged", of(Fate.DAMAGED), "");
    line(out, "lost", of(Fate.LOST), "");
    if (!sabotaged) {
      out.println("too little work to kill and stop a worker in the middle: try --weight 100");
    }
    if (!allCameBack()) {
      out.println("but " + taken + " claims were taken out of workers' hands");
    }
  }

  private static void line(PrintStream out, String what, long count, String remark) {
    out.println(String.format(Locale.ROOT, "%-14s %6d  %s", what, count, remark).stripTrailing());
  }
}
