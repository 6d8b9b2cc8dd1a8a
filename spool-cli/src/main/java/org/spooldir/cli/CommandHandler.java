package org.spooldir.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.worker.JobHandler;
import org.spooldir.worker.RejectException;
import org.spooldir.worker.RetryLaterException;

/** Runs the user's command on one job; its exit status says what becomes of the job. */
final class CommandHandler implements JobHandler {

  /** What a command prints on standard error after it has ended is no more its last words. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  /** E2BIG. */
  private static final String TOO_LONG = "error=7,";

  private static final List<String> SIGNALS =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM");

  /** The command failed; the text is what an operator should read, and no more. */
  @SuppressWarnings("OverrideThrowableToString") // a worker notes that, and a class is no news
  private static final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    CommandFailedException(String reason) {
      super(reason);
      this.reason = reason;
    }

    @Override
    public String toString() {
      return reason;
    }
  }

  private final Program program;
  private final ProcessGroup.Starter starter = new ProcessGroup.Starter();
  private final Ending ending;
  private final boolean inheritsOutput;
  private final @Nullable Terminal terminal;

  /**
   * A handler.
   *
   * @param ending told if the command cannot be started any more
   * @param inheritsOutput whether the command's standard output is ours; or else it goes to
   *     standard error
   * @param terminal where its standard error goes; null if nowhere
   */
  CommandHandler(
      Program program, Ending ending, boolean inheritsOutput, @Nullable Terminal terminal) {
    this.program = program;
    this.ending = ending;
    this.inheritsOutput = inheritsOutput;
    this.terminal = terminal;
  }

  @Override
  public void handle(Claim claim) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(starter.words(program.words()));
    if (inheritsOutput) {
      builder.redirectOutput(Redirect.INHERIT);
    }
    JobVariables.set(builder.environment(), claim);
    Process process = start(builder);
    CommandOutput errors = new CommandOutput(process.getErrorStream(), terminal);
    int status = run(process, claim, errors);
    String tail = errors.tail();
    if ((status == 126 || status == 127) && tail.startsWith("setsid: ")) {
      throw cannotStart(
          new NoSuchFileException(program.words().get(0), null, "cannot be started: " + tail));
    }
    if (status == ExitCode.DATA) {
      throw new RejectException(reason("exit status " + status, tail));
    }
    if (status != ExitCode.OK) {
      throw new CommandFailedException(reason(describe(status), tail));
    }
  }

  /** It is not the job's fault: the job is given back, and no other one is tried. */
  private RetryLaterException cannotStart(IOException problem) {
    ending.because(problem);
    return new RetryLaterException(Duration.ZERO);
  }

  private Process start(ProcessBuilder builder) throws CommandFailedException {
    try {
      program.check();
      return builder.start();
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains(TOO_LONG)) {
        throw new CommandFailedException("the attributes are too long for an environment");
      }
      throw cannotStart(e);
    }
  }

  private int run(Process process, Claim claim, CommandOutput errors)
      throws IOException, CommandFailedException {
    ProcessGroup group = starter.of(process);
    CommandInput input =
        new CommandInput(claim.payload(), process.getOutputStream(), group::terminate);
    CommandOutput output = new CommandOutput(process.getInputStream(), terminal);
    try {
      errors.start();
      output.start();
      input.start();
      int status = process.waitFor();
      // Not for ever: it may have left a child behind that holds them open.
      errors.await(LAST_WORDS);
      output.await(LAST_WORDS);
      input.check();
      return status;
    } catch (InterruptedException e) {
      if (!process.isAlive()) {
        input.check();
        return process.exitValue();
      }
      group.terminate();
      throw new CommandFailedException(reason("terminated", errors.tail()));
    } catch (OutOfMemoryError e) { // no more threads
      group.terminate();
      throw e;
    }
  }

  private static String describe(int status) {
    int signal = status - 128;
    if (signal <= 0 || signal > 64) {
      return "exit status " + status;
    }
    return "killed by signal "
        + signal
        + (signal < SIGNALS.size() ? " (" + SIGNALS.get(signal) + ")" : "");
  }

  private static String reason(String what, String tail) {
    return tail.isEmpty() ? what : what + ": " + tail;
  }
}
