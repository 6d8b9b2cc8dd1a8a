package org.spooldir.worker;

import static org.spooldir.SpoolFixture.eventually;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolListener;

/** A listener that forgets nothing. */
final class RecordedEvents implements SpoolListener {

  private final List<SpoolEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void on(SpoolEvent event) {
    events.add(event);
  }

  /** Everything that was heard, in order. */
  List<SpoolEvent> all() {
    return List.copyOf(events);
  }

  /** What was heard of one kind, in order. */
  <E extends SpoolEvent> List<E> of(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Waits until at least so many events of a kind were heard; returns those. */
  <E extends SpoolEvent> List<E> await(int count, Class<E> kind) {
    eventually().until(() -> of(kind).size() >= count);
    return of(kind);
  }

  /** Waits until one claim was settled; returns how. */
  Settled settled() {
    return await(1, Settled.class).get(0);
  }
}
