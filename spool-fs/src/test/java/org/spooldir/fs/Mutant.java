package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Builds of spool that break one rule each. A harness in which one of them passes proves nothing.
 */
enum Mutant {
  /** The file is not forced before it is renamed. */
  WITHOUT_E2 {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public NewFile create(Path file) throws IOException {
          return new Forced(real.create(file)) {
            @Override
            public void force() {}
          };
        }

        @Override
        public void force(Path file) {} // of an adopted one
      };
    }
  },

  /** The commit point is not durable. */
  WITHOUT_E5 {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public void forceDirectory(Path directory) throws IOException {
          if (!directory.endsWith("new") && !directory.endsWith("delayed")) {
            real.forceDirectory(directory);
          }
        }
      };
    }
  },

  /**
   * A claimed entry keeps its name, which tells neither the worker nor which claim it is: no fence.
   */
  WITHOUT_UNIQUE_CLAIM {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public void rename(Path from, Path to) throws IOException {
          real.rename(common(from), common(to));
        }

        @Override
        public void delete(Path file) throws IOException {
          real.delete(common(file));
        }

        @Override
        public Stat stat(Path file) throws IOException {
          return real.stat(common(file));
        }

        @Override
        public Inode inode(Path file) throws IOException {
          return real.inode(common(file));
        }

        @Override
        public InputStream read(Path file) throws IOException {
          return real.read(common(file));
        }
      };
    }

    private Path common(Path file) {
      Path directory = file.getParent();
      return directory != null && directory.endsWith("cur")
          ? file.resolveSibling(CLAIM.matcher(FileNames.textOf(file)).replaceFirst(""))
          : file;
    }
  },

  /** Every second job that is discarded is said to have moved on. */
  UNTOLD_DISCARD {
    @Override
    FileOps on(FileOps real) {
      AtomicInteger discards = new AtomicInteger();
      return new ForwardingFileOps(real) {
        @Override
        public void delete(Path file) throws IOException {
          real.delete(file);
          if ((isIn("held", file) || isIn("failed", file)) && discards.incrementAndGet() % 2 == 0) {
            throw new NoSuchFileException(file.toString());
          }
        }
      };
    }
  },

  /** A job that is completed is not removed. */
  WITHOUT_D1 {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public void delete(Path file) throws IOException {
          if (!isIn("cur", file)) {
            real.delete(file);
          }
        }
      };
    }
  },

  /** When a name was given is told by the time of the last write, which no rename changes. */
  RECOVERY_BY_MTIME {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public Inode inode(Path file) throws IOException {
          Inode inode = real.inode(file);
          return new Inode(inode.key(), inode.links(), stat(file).modified(), inode.owner());
        }
      };
    }
  },

  /** An fsync that failed is asked again. */
  RETRIED_FSYNC {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public NewFile create(Path file) throws IOException {
          return new Forced(real.create(file)) {
            @Override
            public void force() throws IOException {
              twice(super::force);
            }
          };
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
          twice(() -> real.forceDirectory(directory));
        }

        @Override
        public void force(Path file) throws IOException {
          twice(() -> real.force(file));
        }
      };
    }

    private void twice(Faults.Step force) throws IOException {
      try {
        force.run();
      } catch (IOException e) {
        force.run();
      }
    }
  },

  /** A move is a new name and the old one deleted first. */
  DELETE_BEFORE_RENAME {
    @Override
    FileOps on(FileOps real) {
      return new ForwardingFileOps(real) {
        @Override
        public void rename(Path from, Path to) throws IOException {
          if (!real.stat(from).regular()) {
            real.rename(from, to); // a dedup key
            return;
          }
          byte[] bytes;
          try (var in = real.read(from)) {
            bytes = in.readAllBytes();
          }
          real.delete(from);
          try (NewFile file = real.create(to)) {
            file.write(ByteBuffer.wrap(bytes));
            file.force();
          }
        }
      };
    }
  };

  private static final Pattern CLAIM = Pattern.compile(":2,.*$");

  private static boolean isIn(String directory, Path file) {
    Path parent = file.getParent();
    return parent != null && parent.endsWith(directory);
  }

  /** The file system as this build uses it. */
  abstract FileOps on(FileOps real);

  private abstract static class Forced implements FileOps.NewFile {
    private final FileOps.NewFile file;

    Forced(FileOps.NewFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
