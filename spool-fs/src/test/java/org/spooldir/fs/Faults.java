package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.function.Executable;

/** The bad weather of {@link FaultyFileOps}: which calls fail, when the process dies. */
final class Faults {

  /** What a call leaves behind that death cuts off in the middle, if it is one that cannot be. */
  static final Step NOTHING = () -> {};

  /** The process died before this call; neither it nor any later one is executed. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death(String line) {
      super("died before: " + line);
    }
  }

  /** A call that may fail. */
  interface Step {
    void run() throws IOException;
  }

  /** A call that gives something. */
  interface Source<T> {
    T get() throws IOException;
  }

  private record Call(Thread by, String line) {}

  private enum Life {
    ALIVE,
    DEAD,
    BURIED
  }

  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private volatile Life life = Life.ALIVE;
  private volatile int owner = -1;
  private volatile long room = Long.MAX_VALUE;
  private volatile Thread doomed;
  private int callsToDeath;

  // ---- what was called ----

  /** The calls that this thread makes in the meantime. */
  List<String> during(Executable action) {
    int from = calls.size();
    try {
      action.execute();
    } catch (Throwable e) {
      throw new AssertionError("failed after " + callsOf(Thread.currentThread(), from), e);
    }
    return callsOf(Thread.currentThread(), from);
  }

  /** What was called until now is forgotten. */
  void forget() {
    calls.clear();
  }

  private List<String> callsOf(Thread thread, int from) {
    return all().stream()
        .skip(from)
        .filter(call -> call.by().equals(thread))
        .map(Call::line)
        .toList();
  }

  private List<Call> all() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** The last calls, for a message. */
  List<String> last() {
    List<Call> calls = all();
    return calls.subList(Math.max(0, calls.size() - 12), calls.size()).stream()
        .map(Call::line)
        .toList();
  }

  /** How often a call was made that this pattern matches as a whole, by whatever thread. */
  long count(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return all().stream().filter(call -> compiled.matcher(call.line()).matches()).count();
  }

  /** The calls that this pattern matches as a whole, by whatever thread. */
  List<String> matching(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return all().stream().map(Call::line).filter(l -> compiled.matcher(l).matches()).toList();
  }

  // ---- what goes wrong ----

  /** The process dies now, with all its threads. */
  void die() {
    life = Life.DEAD;
  }

  /** What happens to calls that a pattern matches as a whole. */
  final class Fault {
    private final Pattern pattern;
    private final AtomicInteger seen = new AtomicInteger();
    private volatile int only;
    private volatile Step before = NOTHING;
    private volatile Step after = NOTHING;

    private Fault(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }

    /** Only the nth such call, from 1. */
    Fault nth(int n) {
      only = n;
      return this;
    }

    /** The call is not made; this is thrown instead. */
    void fails(IOException with) {
      first(
          () -> {
            throw with;
          });
    }

    /** The call is made, and then this is thrown all the same. */
    void failsAfterwards(IOException with) {
      after =
          () -> {
            throw with;
          };
      faults.add(this);
    }

    /** The process dies instead. */
    void dies() {
      first(
          () -> {
            life = Life.DEAD;
            throw new Death(pattern.pattern());
          });
    }

    /** Something else happens just before the call: the other side of a race. */
    void first(Step step) {
      before = step;
      faults.add(this);
    }

    private boolean isFor(String line) {
      if (!pattern.matcher(line).matches()) {
        return false;
      }
      int n = seen.incrementAndGet();
      return only == 0 || n == only;
    }
  }

  /** Chooses calls by a regular expression over the whole line. */
  Fault on(String pattern) {
    return new Fault(pattern);
  }

  /** The weather is fine again. */
  void clear() {
    faults.clear();
  }

  /** The process dies before this thread's nth call from now on, from 1. */
  void dieAtCall(int n) {
    doomed = Thread.currentThread();
    callsToDeath = n;
  }

  boolean isAlive() {
    return life == Life.ALIVE;
  }

  /** The dead do nothing more, and nobody hears of it: so that a test can close what they had. */
  void bury() {
    life = Life.BURIED;
  }

  /** From now on every file belongs to this user. */
  void ownedBy(int user) {
    owner = user;
  }

  int ownerOf(int real) {
    return owner < 0 ? real : owner;
  }

  /** From now on the disk has room for so many bytes. */
  void roomFor(long bytes) {
    room = bytes;
  }

  long room() {
    return room;
  }

  // ---- the call ----

  void call(String line, Step step, Step cutOff) throws IOException {
    if (life == Life.BURIED) {
      return;
    }
    if (dies(line)) {
      cutOff.run();
      throw new Death(line);
    }
    make(line, step);
  }

  <T> T call(String line, Source<T> source) throws IOException {
    if (life == Life.BURIED) {
      throw new NoSuchFileException("buried");
    }
    if (dies(line)) {
      throw new Death(line);
    }
    List<T> result = new ArrayList<>();
    make(line, () -> result.add(source.get()));
    return result.get(0);
  }

  private void make(String line, Step step) throws IOException {
    calls.add(new Call(Thread.currentThread(), line));
    List<Fault> mine = faults.stream().filter(fault -> fault.isFor(line)).toList();
    for (Fault fault : mine) {
      fault.before.run();
    }
    step.run();
    for (Fault fault : mine) {
      fault.after.run();
    }
  }

  private boolean dies(String line) {
    if (life == Life.ALIVE && Thread.currentThread().equals(doomed) && --callsToDeath == 0) {
      life = Life.DEAD;
      calls.add(new Call(Thread.currentThread(), "DEATH before " + line));
      return true;
    }
    if (life == Life.DEAD) {
      throw new Death(line);
    }
    return false;
  }

  // ---- what the system says ----

  static IOException full() {
    return new FileSystemException("somewhere", null, "No space left on device");
  }

  static IOException broken() {
    return new FileSystemException("somewhere", null, "Input/output error");
  }
}
