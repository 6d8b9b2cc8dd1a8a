package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFormatException;

/**
 * Looks through a whole spool for what is not as it should be, as fsck does with a file system.
 * Producers and workers may be active: what has moved on meanwhile is no finding.
 *
 * <p>Findings are told one by one, while it looks. Memory does not grow with the number of entries,
 * but for those whose file has more than one name.
 *
 * @since 0.1
 */
public final class SpoolCheck {

  private final Path root;
  private final Ground ground;
  private final boolean payloads;

  SpoolCheck(Path root, Ground ground, boolean payloads) {
    this.root = root;
    this.ground = ground;
    this.payloads = payloads;
  }

  /** A check of all there is to check. */
  public static SpoolCheck of(Path directory) {
    return new SpoolCheck(directory, Ground.of(directory), true);
  }

  /** The same, but payloads are not read: sizes are compared, checksums are not. */
  public SpoolCheck withoutPayloads() {
    return new SpoolCheck(root, ground, false);
  }

  /**
   * Looks, and changes nothing. Ages are told by the clock of this machine, because the one of the
   * file system can be read by writing only.
   *
   * @throws SpoolFormatException if there is no spool, or one of a newer version
   * @throws SpoolException if it cannot be read
   */
  public void check(Consumer<Finding> listener) throws SpoolException {
    run(listener, false);
  }

  /**
   * Puts right what is safe to put right, and tells what it did and what it left: makes missing
   * directories and the reserve, recovers, moves damaged jobs from {@code new/} and {@code
   * delayed/} to {@code failed/}, takes permissions from others. Claims of workers that gave a sign
   * of life within their lease are not touched, and nothing is deleted that recovery would not
   * delete. Without its marker a spool is only looked at.
   *
   * @throws SpoolFormatException if there is no spool, or one of a newer version
   * @throws SpoolException if it cannot be read, or belongs to another user: what a repair makes
   *     would belong to the wrong one
   */
  public void repair(Consumer<Finding> listener) throws SpoolException {
    run(listener, true);
  }

  private void run(Consumer<Finding> listener, boolean repair) throws SpoolException {
    FileOps ops = ground.ops();
    try {
      Path real = real(root);
      FileOps.Lstat facts = ops.lstat(real);
      if (repair && facts.owner() != Machine.user()) {
        throw notAllowed(
            real, "belongs to another user, so would what a repair makes: run it as its owner");
      }
      ops.list(real).close(); // or else nothing can be told
      boolean mend = repair && SpoolLayout.exists(ops, real); // what is none is only looked at
      Findings findings = new Findings(ops, real, mend, listener);
      SpoolLayout layout = layout(ops, real, findings);
      if (layout != null) {
        check(layout, facts, findings, mend);
      }
    } catch (UnsupportedOperationException e) {
      throw Diagnosis.of(
          "check", root, null, InSpool.UNKNOWN, new IOException("no inodes on this system", e));
    } catch (IOException e) {
      throw Diagnosis.of("check", root, null, InSpool.UNKNOWN, e);
    }
  }

  private static Path real(Path directory) throws IOException {
    try {
      return directory.toRealPath();
    } catch (NoSuchFileException e) {
      throw SpoolLayout.malformed(directory, "is no spool: there is no such directory", e);
    }
  }

  private static SpoolException notAllowed(Path path, String problem) {
    return new SpoolException(
        new Where("repair", FileNames.escape(path), null, InSpool.UNKNOWN),
        problem,
        false,
        new AccessDeniedException(path.toString()));
  }

  /** Null if the marker is damaged: then nothing else can be judged. */
  private static @Nullable SpoolLayout layout(FileOps ops, Path root, Findings findings)
      throws IOException {
    Path format = root.resolve("spool.format");
    try {
      SpoolLayout layout = SpoolLayout.look(ops, root);
      if (!SpoolLayout.exists(ops, root)) {
        if (!ops.exists(layout.workers())) { // no Maildir has that
          throw SpoolLayout.malformed(
              root, "is no spool but a plain Maildir: adopt it (spool init --maildir)", null);
        }
        findings.tellMissing(Finding.Kind.BAD_FORMAT, format, "is missing");
      }
      return layout;
    } catch (SpoolFormatException e) {
      if (!ops.exists(format) || isOfNewerVersion(ops, format)) {
        throw e;
      }
      findings.tell(Finding.Kind.BAD_FORMAT, format, "does not say \"spool 1\"");
      return null;
    }
  }

  private static boolean isOfNewerVersion(FileOps ops, Path format) throws IOException {
    try (InputStream in = ops.read(format)) {
      byte[] start = in.readNBytes(7);
      return start.length == 7
          && new String(start, 0, 6, US_ASCII).equals("spool ")
          && Character.isDigit(start[6]);
    }
  }

  private void check(SpoolLayout layout, FileOps.Lstat facts, Findings findings, boolean repair)
      throws IOException {
    SpoolOptions options = layout.format().applyTo(SpoolOptions.DEFAULTS);
    Site site = Site.of(layout, options, ground);
    new StructureCheck(site, facts, findings).check();
    if (repair) {
      recover(layout, options, findings);
    }
    WorkerCheck workers =
        new WorkerCheck(site, findings, WorkerIdentity.ofThisProcess(options.lease()));
    workers.check();
    new EntryCheck(site, facts, findings, new ClaimCheck(site, findings, workers), payloads)
        .check();
    new KeyCheck(site, findings).check();
    new LogCheck(site, findings).check();
  }

  private void recover(SpoolLayout layout, SpoolOptions options, Findings findings) {
    try (DirectorySpool spool = DirectorySpool.open(layout.root(), options, ground)) {
      RecoveryReport report = spool.maintenance().recover();
      if (!report.isEmpty()) {
        findings.tellMended(
            Finding.Kind.RECOVERED,
            layout.root(),
            "recovery declared %s workers dead, brought back %s claims and %s that nobody had claimed, made %s due jobs ready, cleared away %s things"
                .formatted(
                    report.deadWorkers().size(),
                    report.recovered(),
                    report.returned(),
                    report.promoted(),
                    report.swept()));
      }
    } catch (SpoolException e) {
      findings.tellMissing(Finding.Kind.NO_RECOVERY, layout.root(), Findings.reason(e));
    }
  }
}
