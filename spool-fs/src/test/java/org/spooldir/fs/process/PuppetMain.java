package org.spooldir.fs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;

/**
 * A child that does what it is told, one line after the other:
 *
 * <pre>
 * enqueue NAME LENGTH [KEY]     delay NAME LENGTH MS     adopt PATH     claim WAIT_MS
 * verify ID     time     retry ID MS
 * COMPLETED ID    RETRIED ID    RELEASED ID    REJECTED ID    close
 * </pre>
 *
 * <p>Told to terminate (by SIGTERM) it closes its spool, with all claims out.
 */
final class PuppetMain {

  private final Child child;
  private final Map<String, Claim> held = new LinkedHashMap<>();

  private PuppetMain(Child child) {
    this.child = child;
  }

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> close(child), "at exit"));
          PuppetMain puppet = new PuppetMain(child);
          for (String order = child.nextOrder();
              !order.equals("close");
              order = child.nextOrder()) {
            puppet.obey(order.split(" "));
          }
        });
  }

  private static void close(Child child) {
    try {
      child.spool().close();
    } catch (SpoolException e) {
      child.write(Act.FAILED, e);
    }
  }

  private void obey(String[] words) throws IOException, InterruptedException {
    switch (words[0]) {
      case "enqueue" -> {
        Telltale payload = new Telltale(words[1], Long.parseLong(words[2]));
        Job job = words.length > 3 ? Job.of(payload).key(words[3]) : Job.of(payload);
        child.write(Act.ENQUEUED, child.spool().enqueue(job), payload.name());
      }
      case "delay" -> {
        Telltale payload = new Telltale(words[1], Long.parseLong(words[2]));
        Job job = Job.of(payload).delay(Duration.ofMillis(Long.parseLong(words[3])));
        child.write(Act.ENQUEUED, child.spool().enqueue(job), payload.name());
      }
      case "time" -> child.write(Act.TIME, child.millis());
      case "adopt" -> {
        JobId id = child.spool().enqueue(Job.of(Payload.adopt(Path.of(words[1]))));
        child.write(Act.ENQUEUED, id, words[1]);
      }
      case "claim" -> claim(Duration.ofMillis(Long.parseLong(words[1])));
      case "retry" -> {
        Claim claim = held.get(words[1]);
        claim.retry(Duration.ofMillis(Long.parseLong(words[2])), "as told");
        child.write(Act.SETTLED, claim.id(), claim.attempt(), Settlement.RETRIED);
      }
      case "verify" -> child.verify(held.get(words[1]));
      default -> child.settle(held.get(words[1]), Settlement.valueOf(words[0]));
    }
  }

  private void claim(Duration wait) throws IOException, InterruptedException {
    Optional<Claim> claim = child.spool().claim(wait);
    if (claim.isEmpty()) {
      child.write(Act.NOTHING);
      return;
    }
    held.put(claim.get().id().value(), claim.get());
    child.write(Act.CLAIMED, claim.get().id(), claim.get().attempt());
  }
}
