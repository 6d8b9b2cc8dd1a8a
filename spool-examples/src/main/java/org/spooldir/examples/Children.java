package org.spooldir.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The processes of {@link Archive}; none of them outlives it. */
final class Children implements AutoCloseable {

  private final ArchiveOptions options;
  private final Consumer<Report> listener;
  private final List<Child> producers = new ArrayList<>();
  private final List<Child> workers = new ArrayList<>();
  private final Thread hook = new Thread(this::killAll);

  Children(ArchiveOptions options, Consumer<Report> listener) {
    this.options = options;
    this.listener = listener;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts all; nobody begins before the last worker is ready, so that there is a middle. */
  void start() throws IOException, InterruptedException {
    for (int i = 0; i < options.workers(); i++) {
      addWorker();
    }
    for (Child worker : workers) {
      worker.awaitReady();
    }
    for (int i = 0; i < options.producers(); i++) {
      addProducer(i);
    }
    for (Child worker : workers) {
      worker.go();
    }
  }

  private void addProducer(int index) throws IOException {
    producers.add(
        Child.start(
            "producer " + (index + 1),
            ArchiveProducer.class,
            List.of(options.spool(), options.tree(), options.limit(), index, options.producers()),
            options.log(),
            listener));
  }

  private Child addWorker() throws IOException {
    Child worker =
        Child.start(
            "worker " + (workers.size() + 1),
            ArchiveWorker.class,
            List.of(
                options.spool(),
                options.lease().toMillis(),
                options.output().root(),
                options.weight().toMillis(),
                options.flaky()),
            options.log(),
            listener);
    workers.add(worker);
    return worker;
  }

  /** The i-th worker, from 0. */
  Child worker(int i) {
    return workers.get(i);
  }

  /** Starts one more worker, in place of one that died. */
  Child replaceWorker() throws IOException {
    Child worker = addWorker();
    worker.go();
    return worker;
  }

  /**
   * Looks after them.
   *
   * @throws IllegalStateException if one has ended that should not have
   */
  void requireWell() {
    all().forEach(Child::requireWell);
  }

  boolean producersHaveEnded() {
    return producers.stream().allMatch(Child::hasEnded);
  }

  /** Lets all end in good order, and waits for it. */
  void letGo() throws InterruptedException {
    all().forEach(Child::letGo);
    for (Child child : all().toList()) {
      child.awaitEnd();
    }
  }

  private Stream<Child> all() {
    return Stream.concat(producers.stream(), workers.stream());
  }

  private void killAll() {
    all().forEach(Child::kill);
  }

  /** Kills what is left. */
  @Override
  public void close() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
    }
  }
}
