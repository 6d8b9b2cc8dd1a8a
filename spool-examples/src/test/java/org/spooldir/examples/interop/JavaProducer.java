package org.spooldir.examples.interop;

import java.nio.file.Path;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** Hands in one telltale after the other, as a process, and prints their ids. */
final class JavaProducer {

  private JavaProducer() {}

  /**
   * Takes the spool, and how many milliseconds to wait in between; ends with its standard input.
   */
  public static void main(String[] args) throws Exception {
    try (Spool spool = DirectorySpool.open(Path.of(args[0]), Telltale.OPTIONS)) {
      long pause = Long.parseLong(args[1]);
      for (int i = 0; Telltale.goesOnAfter(pause); i++) {
        Telltale telltale = new Telltale("java-" + ProcessHandle.current().pid() + "-" + i);
        Job job = Job.of(telltale.payload()).attribute("name", telltale.name()).priority(i % 10);
        System.out.println(spool.enqueue(job));
      }
    }
  }
}
