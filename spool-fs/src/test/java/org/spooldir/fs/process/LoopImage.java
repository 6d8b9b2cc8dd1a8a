package org.spooldir.fs.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/** A file system in an image in memory, on a loop device. Needs root. */
final class LoopImage {

  private static final Path MEMORY = Path.of("/dev/shm");

  private final List<String> mkfs;
  private Path directory = Path.of("");
  private boolean mounted;

  /** One that this command makes. */
  LoopImage(String... mkfs) {
    this.mkfs = List.of(mkfs);
  }

  /** Makes it and mounts it; gives up where that is not possible, and says why. */
  Path mount() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    directory =
        Files.createTempDirectory(
            Files.isWritable(MEMORY) ? MEMORY : Path.of("target").toAbsolutePath(), "image-");
    Path image = directory.resolve("image");
    List<String> make = new ArrayList<>(mkfs);
    make.add(image.toString());
    Path mountPoint = Files.createDirectory(directory.resolve("mount"));
    Optional<String> problem =
        problem(List.of("truncate", "-s", "320M", image.toString()))
            .or(() -> problem(make))
            .or(() -> problem(List.of("mount", "-o", "loop", image + "", mountPoint + "")));
    mounted = problem.isEmpty();
    if (!mounted) {
      unmount();
    }
    assumeTrue(mounted, problem::toString);
    return mountPoint;
  }

  private static Optional<String> problem(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(command + ": " + said);
    } catch (IOException e) {
      return Optional.of(command + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** Unmounts it, if it is mounted, and removes it. */
  void unmount() throws IOException {
    if (mounted) {
      Optional<String> problem = problem(List.of("umount", directory.resolve("mount").toString()));
      if (problem.isPresent()) {
        throw new IOException(problem.get());
      }
      mounted = false;
    }
    if (Files.exists(directory.resolve("mount"))) {
      PathUtils.deleteDirectory(directory);
    }
  }
}
