package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;

/** One run of an export: writes what is not there yet, and counts. */
final class Exporting {

  /** Files that share their wait for the disk. */
  private static final int BATCH = 64;

  private final Path directory;
  private final boolean json;
  private final Terminal terminal;
  private final List<String> written = new ArrayList<>();
  private long count;
  private long there;
  private long damaged;
  private long inTheWay;
  private long unreadable;
  private boolean denied;

  /**
   * Nothing written yet.
   *
   * @param json whether to write what there is beside the payload
   */
  Exporting(Path directory, boolean json, Terminal terminal) {
    this.directory = directory;
    this.json = json;
    this.terminal = terminal;
  }

  /** Writes a job, unless an earlier run has. */
  void write(JobRecord job) throws IOException {
    String id = job.snapshot().id().value();
    try (InputStream payload = open(job)) {
      if (payload == null) {
        return;
      }
      boolean isThere = isThere(job, payload);
      if (json) { // first, so that who finds the payload finds both
        writeJson(job);
      }
      if (isThere) {
        there++;
        return;
      }
      write(payload, id);
    } catch (FileAlreadyExistsException e) {
      inTheWay++;
      note(e.getFile() + ": another file stands there");
      return;
    } catch (CorruptEntryException e) {
      damaged++;
      note(e.getMessage());
      return;
    }
    written.add(id);
    if (written.size() == BATCH) {
      flush();
    }
  }

  /** Null if the job has left the spool, or cannot be read, which is told. */
  private @Nullable InputStream open(JobRecord job) throws CorruptEntryException {
    try {
      return job.payload().open();
    } catch (CorruptEntryException e) {
      throw e;
    } catch (NoSuchFileException e) {
      return null; // RACE: settled since it was listed
    } catch (IOException e) {
      unreadable++;
      denied |= Denial.is(e);
      note(job.snapshot().id() + ": cannot be read: " + e.getMessage());
      return null;
    }
  }

  private void note(@Nullable String problem) {
    terminal.note("spool export: " + Printable.of(String.valueOf(problem)));
  }

  /**
   * What has the name of a job of ours is that job: no other one ever has it. But it may be no
   * export. Other programs use their names again, so of theirs the bytes tell.
   */
  private boolean isThere(JobRecord job, InputStream payload) throws IOException {
    JobSnapshot snapshot = job.snapshot();
    Path file = directory.resolve(snapshot.id().value());
    if (!Files.exists(file, NOFOLLOW_LINKS)) {
      return false;
    }
    OptionalLong size = job.payload().size();
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)
        || (size.isPresent() && size.getAsLong() != Files.size(file))
        || (snapshot.foreign() && !WholeFile.holds(file, payload))) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return true;
  }

  /** That of an earlier run stays, be the state another by now. */
  private void writeJson(JobRecord job) throws IOException {
    String id = job.snapshot().id().value();
    Path file = directory.resolve(id + ".json");
    if (!Files.exists(file, NOFOLLOW_LINKS)) {
      String line = JobJson.of(job.snapshot(), job, job.failures()) + "\n";
      write(new ByteArrayInputStream(line.getBytes(US_ASCII)), id + ".json");
      return;
    }
    byte[] start =
        new JsonLine().add("id", id).toString().replaceFirst("}$", ",").getBytes(US_ASCII);
    if (!WholeFile.begins(file, start)) { // the payload of a job called x.json, and this one is x
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  private void write(InputStream bytes, String name) throws IOException {
    WholeFile.write(bytes, directory.resolve("." + name + ".part"), directory.resolve(name));
  }

  private void flush() throws IOException {
    List<String> ids = List.copyOf(written);
    written.clear(); // or else a second try would force in hope what the first one could not
    WholeFile.force(directory);
    count += ids.size();
    for (String id : ids) {
      terminal.line(id);
    }
    terminal.flush();
    terminal.progress(count + " jobs");
  }

  /** After a failure: makes durable and tells what was written before it. */
  void stop(Exception failure) {
    try {
      if (!written.isEmpty()) {
        flush();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    summary();
  }

  /** The count, and what it means. */
  int finish() throws IOException {
    flush(); // without a new one, too: an earlier run may have been killed before it did
    summary();
    if (damaged > 0) {
      return ExitCode.DATA;
    }
    if (inTheWay > 0 || (unreadable > 0 && !denied)) {
      return ExitCode.IO;
    }
    return denied ? ExitCode.NO_PERMISSION : ExitCode.OK;
  }

  private void summary() {
    terminal.progress("");
    terminal.note(
        count
            + " exported"
            + (there == 0 ? "" : ", " + there + " there already")
            + (damaged == 0 ? "" : ", " + damaged + " damaged")
            + (inTheWay == 0 ? "" : ", " + inTheWay + " whose place is taken")
            + (unreadable == 0 ? "" : ", " + unreadable + " that cannot be read"));
  }
}
