package org.spooldir.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.Failure;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;

/** Jobs as JSON, as {@code docs/json.md} describes it: once a field is there, it stays. */
final class JobJson {

  private JobJson() {}

  /** What a look at the spool tells of a job. */
  static JsonLine of(JobSnapshot job) {
    return new JsonLine()
        .add("id", job.id().value())
        .add("state", StateText.of(job.state()))
        .add("priority", job.priority())
        .add("attempts", job.attempts())
        .addNumber("size", job.size())
        .addTime("enqueuedAt", job.enqueuedAt())
        .addTime("due", job.due())
        .addTime("claimedAt", job.claimedAt())
        .addText("worker", job.worker())
        .addText("host", job.host())
        .add("foreign", job.foreign());
  }

  /**
   * All but the payload.
   *
   * @param record null if the entry may not be read
   * @param failures null if they may not be read
   */
  static JsonLine of(
      JobSnapshot job, @Nullable JobRecord record, @Nullable List<Failure> failures) {
    JsonLine json = of(job);
    if (record != null) {
      json.addNumber("payloadSize", record.payload().size())
          .addText("key", record.key())
          .add("attributes", record.attributes());
    }
    if (failures != null) {
      List<JsonLine> array = new ArrayList<>();
      for (Failure failure : failures) {
        array.add(of(failure));
      }
      json.add("failures", array);
    }
    return json;
  }

  /** A failed attempt; of one that was not understood only the reason is known. */
  static JsonLine of(Failure failure) {
    JsonLine json = new JsonLine();
    if (failure.isUnderstood()) {
      json.add("at", failure.at()).add("attempt", failure.attempt());
      if (!failure.worker().isEmpty()) {
        json.add("worker", failure.worker());
      }
    }
    return json.add("reason", failure.reason());
  }
}
