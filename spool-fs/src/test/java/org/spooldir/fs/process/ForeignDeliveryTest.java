package org.spooldir.fs.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Other programs deliver into a spool as into any Maildir, while workers are at work. */
@Timeout(60)
class ForeignDeliveryTest {

  private static final int JOBS = 50;

  @RegisterExtension final Processes processes = Processes.onDisk();

  @Test
  void filesThatAShellMovesInAreClaimedWhole() throws IOException, InterruptedException {
    deliver(
        """
        for file in "$0"/in/*; do
          cp "$file" "$0/spool/tmp/${file##*/}" && mv "$0/spool/tmp/${file##*/}" "$0/spool/new/"
        done
        """,
        "sh",
        "-c");
  }

  @Test
  void mailThatPythonDeliversIsClaimedWhole() throws IOException, InterruptedException {
    deliver(
        """
        import mailbox, os, sys
        box = mailbox.Maildir(sys.argv[1] + "/spool", factory=None, create=False)
        for name in os.listdir(sys.argv[1] + "/in"):
            with open(sys.argv[1] + "/in/" + name, "rb") as file:
                box.add(file.read())
        """,
        "python3",
        "-c");
  }

  @Test
  void whatSafecatDeliversIsClaimedWhole() throws IOException, InterruptedException {
    assumeTrue(
        run("sh", "-c", "command -v safecat") == 0, "no safecat here: apt-get install safecat");
    deliver(
        """
        for file in "$0"/in/*; do safecat "$0/spool/tmp" "$0/spool/new" < "$file"; done
        """,
        "sh",
        "-c");
  }

  /** Has a program deliver telltales of all sizes into the spool, and two workers handle them. */
  private void deliver(String script, String... program) throws IOException, InterruptedException {
    Path in = Files.createDirectory(processes.scratch("in"));
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < JOBS; i++) {
      Telltale payload =
          new Telltale("foreign-" + i, processes.random().nextInt(i % 10 == 0 ? 600_000 : 5_000));
      try (InputStream bytes = payload.open()) {
        Files.copy(bytes, in.resolve(payload.name()));
      }
      names.add(payload.name());
    }
    List<ChildProcess> workers =
        List.of(
            processes.start(WorkerMain.class, "hold=2"),
            processes.start(WorkerMain.class, "hold=2"));
    workers.forEach(worker -> worker.next(Act.READY));

    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(script, processes.scratch("").toString()));
    assertEquals(0, run(command.toArray(String[]::new)), "exit code of " + program[0]);
    await("all are settled")
        .atMost(ChildProcess.PATIENCE)
        .until(() -> workers.stream().mapToLong(each -> each.count(Act.SETTLED)).sum() == JOBS);

    Ledger ledger = new Ledger(workers);
    ledger.requireNoComplaints();
    ledger.requireEachClaimedOnce();
    assertEquals(names, ledger.verifiedPayloads());
    processes.files().requireNoJobs();
  }

  private int run(String... command) throws IOException, InterruptedException {
    Path output = processes.scratch("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int code = process.waitFor();
    if (code != 0) {
      processes.print(command[0] + " said: " + Files.readString(output));
    }
    return code;
  }
}
