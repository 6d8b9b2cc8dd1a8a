package org.spooldir.cli;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/** {@code spool put}: drops jobs. */
final class Put implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("put", "Drops jobs into a spool.")
        .detail(
            "Each FILE becomes a job; the files stay where they are. Prints the id of each job, one"
                + " a line, once it is in and safe. Stops at the first failure, and says how many"
                + " are in.")
        .operand("DIR", "The spool.")
        .operands("FILE", 0, "Files; -, or none: standard input.")
        .option("--priority", "N", "0 to 9; 9 is served first; 4 if not given.")
        .option("--delay", "D", "Not to be claimed before this time has passed, such as 5m.")
        .option("--at", "TIME", "Not to be claimed before this time: " + TimeText.EXPECTED + ".")
        .options("--attr", "NAME=VALUE", "An attribute that travels with the job.")
        .option(
            "--key", "K", "A dedup key: while a job with it is in the spool, its id is printed.")
        .flag("--each-line", "Every line is a job, without its line feed; empty ones are not.")
        .option(
            "--durability",
            "LEVEL",
            "What the job survives when its id is printed: full and enqueue, which is what holds if"
                + " not given: power loss; process: the death of processes.",
            "full",
            "enqueue",
            "process")
        .example("spool put jobs --attr size=128 42.png", "one job: the bytes of 42.png")
        .example("date | spool put jobs --delay 5m", "one job: what date prints, in five minutes")
        .example("find . -name '*.png' | spool put jobs --each-line", "one job for each name");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    boolean eachLine = arguments.has("--each-line");
    List<String> files = arguments.operands(1);
    if (files.isEmpty()) {
      files = List.of("-");
    }
    if (Collections.frequency(files, "-") > 1) {
      throw new UsageException("- is standard input, which there is once");
    }
    if (arguments.has("--key") && (eachLine || files.size() > 1)) {
      throw new UsageException("--key is for one job: with it a second one would not be stored");
    }
    JobTemplate template = new JobTemplate(arguments);
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(durability(arguments));
    try (Spool spool = DirectorySpool.open(arguments.directory(), options)) {
      Delivery delivery = new Delivery(spool, template, terminal, eachLine ? 0 : files.size());
      try {
        for (String file : files) {
          InputStream in = file.equals("-") ? terminal.input() : new FileInputStream(file);
          if (eachLine) {
            deliverLines(in, delivery);
          } else {
            delivery.add(in, file.equals("-") ? Delivery.UNKNOWN : new File(file).length());
          }
        }
        delivery.flush();
      } catch (IOException | RuntimeException e) {
        delivery.stop(e);
        throw e;
      }
      terminal.progress("");
    }
    return ExitCode.OK;
  }

  private static Durability durability(Arguments arguments) {
    return switch (arguments.text("--durability", "enqueue")) {
      case "full" -> Durability.FULL;
      case "enqueue" -> Durability.ENQUEUE;
      case "process" -> Durability.PROCESS;
      default ->
          throw Arguments.bad(
              "--durability", arguments.text("--durability", ""), "full, enqueue or process");
    };
  }

  private static void deliverLines(InputStream in, Delivery delivery) throws IOException {
    try (in) {
      Lines lines = new Lines(in);
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (line.length > 0) {
          delivery.add(new ByteArrayInputStream(line), line.length);
        }
        if (!lines.hasMore()) {
          delivery.flush(); // whoever writes a line now and then gets its id at once
        }
      }
    }
  }
}
