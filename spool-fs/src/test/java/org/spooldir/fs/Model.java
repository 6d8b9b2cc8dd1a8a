package org.spooldir.fs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The world of the crash model: where its spool is, how it begins. */
final class Model {

  static final Path TOP = Path.of("/model");
  static final Path ROOT = TOP.resolve("spool");

  /** A file that is there to be adopted. */
  static final Path FILE = TOP.resolve("file");

  static final Duration LEASE = Duration.ofHours(1);

  /** Nothing happens by itself. */
  static final SpoolOptions OPTIONS = Lab.OPTIONS.lease(LEASE);

  /** Troubles are made on purpose here. */
  private static final Logger LOG = Logger.getLogger("org.spooldir.fs");

  static {
    LOG.setLevel(Level.OFF);
  }

  private Model() {}

  /** A disk with a new spool on it, durable. */
  static ModelDisk newDisk(SpoolOptions options) throws Exception {
    ModelDisk disk = new ModelDisk(TOP, new ModelTime());
    SpoolCreation.create(new ModelFileOps(disk, 0), ROOT, SpoolFormat.of(options));
    disk.sync();
    return disk;
  }

  /** Another disk that holds the same. */
  static ModelDisk copy(ModelDisk disk) {
    Journal journal = disk.journal(CrashProfile.KILL);
    return ModelDisk.leftBy(disk, journal.with(journal.pending()), Map.of());
  }

  /** What a job says that has this name, of three letters. */
  static String payload(String text) {
    return text + " is what this job says";
  }
}
