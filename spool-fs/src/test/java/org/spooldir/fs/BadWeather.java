package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** One call of a run fails. */
final class BadWeather implements Weather {

  /** How it fails. */
  enum Outcome {
    BROKEN("an input or output error", false),
    FULL("no space", false),
    DENIED("permission denied", false),
    MISSING("no such file", false),
    /** It was made all the same. */
    MADE_BUT_BROKEN("made, and reported as an input or output error", true),
    /** It was made, as on a network file system that loses the reply and asks again. */
    MADE_BUT_MISSING("made, and reported as no such file", true);

    private final String text;
    private final boolean lie;

    Outcome(String text, boolean lie) {
      this.text = text;
      this.lie = lie;
    }

    /** How it is told. */
    String text() {
      return text;
    }

    /**
     * Whether a call can fail so: nothing can stand on a file system that does not find what is
     * there when it is asked for it.
     */
    private boolean strikes(String call) {
      return switch (this) {
        case BROKEN, FULL, DENIED -> true;
        case MISSING, MADE_BUT_MISSING -> call.matches("(rename|delete|link|mkdir) .*");
        case MADE_BUT_BROKEN ->
            call.matches("(rename|delete|link|mkdir|create|write|append|overwrite|force\\w*) .*");
      };
    }

    /** Whether the call was made. */
    boolean isLie() {
      return lie;
    }

    IOException exception(String call) {
      return switch (this) {
        case BROKEN, MADE_BUT_BROKEN -> Faults.broken();
        case FULL -> Faults.full();
        case DENIED -> new AccessDeniedException(call);
        case MISSING, MADE_BUT_MISSING -> new NoSuchFileException(call);
      };
    }
  }

  private final int nth;
  private final Outcome outcome;
  private int calls;

  /** The nth call of all actors together that can fail so fails, from 1. */
  BadWeather(int nth, Outcome outcome) {
    this.nth = nth;
    this.outcome = outcome;
  }

  /** Whether there were so many calls. */
  boolean hasCome() {
    return calls >= nth;
  }

  @Override
  public void before(String call, List<String> steps) throws IOException {
    calls += outcome.strikes(call) ? 1 : 0;
    if (calls == nth && !outcome.isLie() && outcome.strikes(call)) {
      fail(call, steps);
    }
  }

  @Override
  public void after(String call, List<String> steps) throws IOException {
    if (calls == nth && outcome.isLie() && outcome.strikes(call)) {
      fail(call, steps);
    }
  }

  private void fail(String call, List<String> steps) throws IOException {
    steps.set(steps.size() - 1, steps.get(steps.size() - 1) + "  FAILS: " + outcome);
    throw outcome.exception(call);
  }
}
