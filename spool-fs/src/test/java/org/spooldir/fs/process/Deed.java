package org.spooldir.fs.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.Settlement;

/** One step of a job's life, in the course of which a process may be killed. */
enum Deed {
  ENQUEUE {
    @Override
    void happen(Stage stage) throws IOException {
      stage.enqueue(job(PLAIN));
    }
  },
  ENQUEUE_WITH_A_KEY {
    @Override
    void happen(Stage stage) throws IOException {
      stage.enqueue(job(KEYED).key(KEY).attribute("Color", "red"));
    }
  },
  ENQUEUE_WITH_A_TAKEN_KEY {
    @Override
    void given(Spool spool) throws IOException {
      spool.enqueue(job(KEYED).key(KEY));
    }

    @Override
    void happen(Stage stage) throws IOException {
      stage.spool.enqueue(job(RIVAL).key(KEY));
    }
  },
  ENQUEUE_DELAYED {
    @Override
    void happen(Stage stage) throws IOException {
      stage.enqueue(job(KEYED).key(KEY).delay(LATER));
    }
  },
  ENQUEUE_ALL {
    @Override
    void happen(Stage stage) throws IOException {
      stage.enqueue(job(PLAIN), job(KEYED).key(KEY), job(OTHER).delay(LATER));
    }
  },
  ADOPT {
    @Override
    void happen(Stage stage) throws IOException {
      stage.enqueue(Job.of(Payload.adopt(stage.file)));
    }
  },
  CLAIM {
    @Override
    void given(Spool spool) throws IOException {
      spool.enqueue(job(KEYED).key(KEY));
    }

    @Override
    void happen(Stage stage) throws IOException {
      stage.claim();
    }
  },
  COMPLETE(Settlement.COMPLETED, "PT0S"),
  COMPLETE_AND_KEEP(Settlement.COMPLETED, "P1D"),
  RETRY(Settlement.RETRIED, "PT0S"),
  RELEASE(Settlement.RELEASED, "PT0S") {
    @Override
    void given(Spool spool) throws IOException {
      spool.enqueue(job(PLAIN));
    }
  },
  REJECT(Settlement.REJECTED, "PT0S"),

  /** After the death of a worker that held all that was given. */
  RECOVER {
    @Override
    void given(Spool spool) throws IOException {
      spool.enqueueAll(List.of(job(PLAIN), job(KEYED).key(KEY)));
    }

    @Override
    boolean followsADeath() {
      return true;
    }

    @Override
    void happen(Stage stage) throws IOException {
      stage.spool.maintenance().recover();
    }
  };

  static final String KEY = "key";

  private static final Telltale PLAIN = new Telltale("plain", 100_000); // several writes
  private static final Telltale KEYED = new Telltale(KEY + ".first", 100);
  private static final Telltale RIVAL = new Telltale(KEY + ".rival", 100);
  private static final Telltale OTHER = new Telltale("other", 1_000);
  private static final Duration LATER = Duration.ofHours(1);

  private final @Nullable Settlement settlement;
  final String retention;

  Deed() {
    this.settlement = null;
    this.retention = "PT0S";
  }

  Deed(Settlement settlement, String retention) {
    this.settlement = settlement;
    this.retention = retention;
  }

  private static Job job(Telltale payload) {
    return Job.of(payload);
  }

  /** Where it happens: a spool, a file to adopt, and the journal. */
  static final class Stage {
    final Spool spool;
    final Path file;
    private final Child child;
    private @Nullable Claim claim;

    Stage(Child child, Spool spool, Path file) throws IOException {
      this.child = child;
      this.spool = spool;
      this.file = file;
      try (InputStream in = PLAIN.open();
          OutputStream out = Files.newOutputStream(file)) {
        in.transferTo(out);
      }
    }

    private void enqueue(Job... jobs) throws IOException {
      List<JobId> ids =
          jobs.length == 1 ? List.of(spool.enqueue(jobs[0])) : spool.enqueueAll(List.of(jobs));
      List<String> names = new ArrayList<>();
      for (Job job : jobs) {
        names.add(job.payload() instanceof Telltale payload ? payload.name() : PLAIN.name());
      }
      for (int i = 0; i < names.size(); i++) {
        child.write(Act.ENQUEUED, ids.get(i), names.get(i));
      }
    }

    private void claim() throws IOException {
      Optional<Claim> claimed = spool.claim();
      claim = claimed.orElseThrow(() -> new AssertionError("no job is ready"));
      child.write(Act.CLAIMED, claim.id(), claim.attempt());
    }

    private void settle(Settlement how) throws IOException {
      child.settle(requireNonNull(claim), how);
    }
  }

  /** What must be there before, whoever brings it. */
  void given(Spool spool) throws IOException {
    if (settlement != null) {
      spool.enqueue(job(KEYED).key(KEY));
    }
  }

  /** Whether what was given is in the hands of a worker that was killed. */
  boolean followsADeath() {
    return false;
  }

  /** What the process itself must have done before. */
  final void prepare(Stage stage) throws IOException {
    if (settlement != null) {
      stage.claim();
    }
  }

  /** It happens, and is acknowledged in the journal. */
  void happen(Stage stage) throws IOException {
    stage.settle(requireNonNull(settlement));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
