package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spooldir.fs.Trait.Fitness;

/**
 * Tries out whether the file system under a directory is fit for a spool. Works in a scratch
 * directory of its own, which it removes, and changes nothing else.
 *
 * @since 0.1
 */
public final class FileSystemExam {

  private static final Set<String> MEASURED = Set.of("ext4", "xfs", "btrfs", "f2fs");
  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "9p",
          "ceph",
          "glusterfs",
          "lustre",
          "afs",
          "virtiofs");

  /** Less room than that is soon gone. */
  private static final long LITTLE_ROOM = 64L << 20;

  private final Path directory;
  private final Ground ground;
  private final FileOps ops;
  private final Consumer<Trait> listener;

  private FileSystemExam(Path directory, Ground ground, Consumer<Trait> listener) {
    this.directory = directory;
    this.ground = ground;
    this.ops = ground.ops();
    this.listener = listener;
  }

  /**
   * Examines; tells each trait as soon as it is known. Takes a few seconds where the file system
   * tells times in seconds.
   *
   * @param directory a spool, or any directory that can be written to
   * @throws NoSuchFileException if there is no such directory
   * @throws IOException if the file system fails
   */
  public static void run(Path directory, Consumer<Trait> listener) throws IOException {
    Path real = directory.toRealPath();
    FileSystemExam exam = new FileSystemExam(real, Ground.of(real), listener);
    if (!exam.ops.lstat(real).isDirectory()) {
      throw new NotDirectoryException(real.toString());
    }
    exam.run();
  }

  private void tell(String name, String value, String meaning, Fitness fitness) {
    listener.accept(new Trait(name, value, meaning, fitness));
  }

  private void run() throws IOException {
    Optional<Mount> mount = Mount.of(directory);
    mount.ifPresent(this::tellType);
    mount.ifPresent(this::tellOptions);
    SpoolLayout spool =
        SpoolLayout.exists(ops, directory) ? SpoolLayout.look(ops, directory) : null;
    tellDevices(spool);
    tellRoom();
    Path home = spool == null ? directory : spool.tmp();
    Path scratch = FileNames.in(home, ".spool-doctor-" + ground.names().next());
    try {
      ops.createDirectory(scratch);
    } catch (IOException e) {
      tell(
          "writing",
          "not possible: " + Findings.reason(e),
          "nobody can hand in or claim a job here as this user",
          Fitness.UNFIT);
      return;
    }
    try {
      new FileSystemProbes(ground, scratch, spool, listener).run();
    } finally {
      remove(scratch);
    }
  }

  private void remove(Path scratch) throws IOException {
    ops.forEach(
        scratch,
        file -> {
          if (ops.lstat(file).isDirectory()) {
            remove(file);
          } else {
            ops.delete(file);
          }
          return true;
        });
    ops.delete(scratch);
  }

  private void tellType(Mount mount) {
    String type = mount.type();
    String value = FileNames.escape(type) + ", mounted at " + mount.point();
    if (NETWORK.contains(type)) {
      tell(
          "type",
          value + ", a network file system",
          "should work by the protocol; events of other machines do not arrive, so they are found by polling; the clocks of the machines may differ",
          Fitness.LIMITED);
    } else if (type.startsWith("fuse")) {
      tell(
          "type",
          value + ", a file system in a user process",
          "depends on the program behind it: trust what is tried out below, and mistrust fsync",
          Fitness.LIMITED);
    } else if (type.equals("overlay") || type.equals("aufs")) {
      tell(
          "type",
          value + ", layers as of a container",
          "the jobs go with the container: put the spool on a volume",
          Fitness.LIMITED);
    } else if (type.equals("tmpfs") || type.equals("ramfs")) {
      tell(
          "type",
          value + ", memory",
          "jobs survive the death of processes, but no power loss and no reboot",
          Fitness.LIMITED);
    } else if (FileSystemCheck.isWeak(directory)) {
      tell(
          "type",
          value + ", without a journal",
          "a rename that was not forced can lose the job in a power cut, so FULL is used at all times, which costs an fsync or two more for each claim and each settlement; use ext4 with a journal, xfs or btrfs",
          Fitness.LIMITED);
    } else if (MEASURED.contains(type)) {
      tell("type", value, "measured: keeps all promises", Fitness.FIT);
    } else {
      tell(
          "type",
          value,
          "nobody has cut its power yet to see what it keeps: trust what is tried out below",
          Fitness.LIMITED);
    }
  }

  private void tellOptions(Mount mount) {
    boolean plain = true;
    for (String option : mount.options()) {
      String meaning =
          switch (option) {
            case "ro" -> "nothing can be written";
            case "nobarrier", "barrier=0", "barrier=off" ->
                "the disk may lose what fsync has promised: only with a battery behind it";
            case "data=writeback" ->
                "fine for jobs that were forced; those of level PROCESS may hold old bytes after a power loss";
            case "sync", "dirsync" -> "every step waits for the disk, not only those that must";
            case "noatime" -> "saves a write for each job that is read";
            case "lazytime" -> "fine: the times that a spool looks at are kept in memory as well";
            default -> null;
          };
      if (meaning != null) {
        plain = false;
        tell("mount option", option, meaning, fitnessOf(option));
      }
    }
    if (plain) {
      tell("mount options", "nothing of note", "fine", Fitness.FIT);
    }
  }

  private static Fitness fitnessOf(String option) {
    return switch (option) {
      case "ro" -> Fitness.UNFIT;
      case "noatime", "lazytime" -> Fitness.FIT;
      default -> Fitness.LIMITED;
    };
  }

  private void tellDevices(@Nullable SpoolLayout spool) throws IOException {
    if (spool == null) {
      return; // all directories will be made in this one
    }
    try {
      FileSystemCheck.requireOneFileSystem(ops, spool.root(), present(spool));
      tell("directories", "on one file system", "a rename reaches all of them", Fitness.FIT);
    } catch (IOException e) {
      tell(
          "directories",
          "on several file systems",
          "a rename does not cross, so no program opens the spool: " + Findings.reason(e),
          Fitness.UNFIT);
    }
  }

  private List<String> present(SpoolLayout spool) throws IOException {
    List<String> present = new ArrayList<>();
    for (String name : SpoolLayout.DIRECTORIES) {
      if (ops.exists(spool.root().resolve(name))) {
        present.add(name);
      }
    }
    return present;
  }

  private void tellRoom() throws IOException {
    long bytes = ops.usableSpace(directory);
    boolean little = bytes < LITTLE_ROOM;
    tell(
        "free space",
        bytes / (1 << 20) + " MiB",
        little ? "soon full: producers are refused then" : "fine",
        little ? Fitness.LIMITED : Fitness.FIT);
  }
}
