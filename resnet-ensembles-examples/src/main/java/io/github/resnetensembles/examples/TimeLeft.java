package io.github.resnetensembles.examples;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long work will take, learned from the work that is done: what a unit takes, for each kind of
 * work apart. What was long ago counts little, so that a slow start is forgotten. A kind that was
 * not seen yet takes what all work takes. Not for use by several threads.
 */
public final class TimeLeft {
  /**
   * What is as long ago as this share of all that was measured counts a third (1/e). So the weight
   * of a moment grows with the square of the time since the start, and a third of the time has 0.7
   * of the weight.
   */
  private static final double MEMORY = 1 / 3.0;

  /** In seconds: a change of pace is noticed after so long, however long the work is. */
  private static final double LONGEST_MEMORY = 120;

  /** Nothing is said before so many seconds were measured. */
  private static final double BASIS = 10;

  /** The pace of all work counts as so many seconds of each kind. */
  private static final double PRIOR = 2;

  private final LongSupplier nanoTime;
  private final Pace all = new Pace();
  private final Map<Object, Pace> kinds = new HashMap<>();
  private long last;

  /**
   * Creates a clock that runs from now on.
   *
   * @param nanoTime the time in nanoseconds, such as {@link System#nanoTime}
   */
  public TimeLeft(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** Seconds and units of work, the older the less. */
  private static final class Pace {
    private double measured;
    private double seconds;
    private double work;

    void add(double moreSeconds, double moreWork) {
      measured += moreSeconds;
      double memory = Math.min(LONGEST_MEMORY, MEMORY * measured);
      double kept = moreSeconds == 0 ? 1 : Math.exp(-moreSeconds / memory);
      // As if the work had been done evenly: its older part counts less, too.
      double fresh = moreSeconds == 0 ? 1 : memory * (1 - kept) / moreSeconds;
      seconds = seconds * kept + moreSeconds * fresh;
      work = work * kept + moreWork * fresh;
    }
  }

  /** Begins to measure anew: the time since the last call was no work. */
  public void pause() {
    last = nanoTime.getAsLong();
  }

  /**
   * Says what was done since the last call.
   *
   * @param kind of the work
   * @param work in any units, which are about the same for all kinds
   */
  public void add(Object kind, double work) {
    long now = nanoTime.getAsLong();
    double seconds = Math.max(0, (now - last) / 1e9);
    last = now;
    all.add(seconds, work);
    kinds.computeIfAbsent(kind, unused -> new Pace()).add(seconds, work);
  }

  /**
   * How long the rest takes.
   *
   * @param rest the work that is left, by kind
   * @return empty as long as too little was measured
   */
  public Optional<Duration> of(Map<?, Double> rest) {
    if (all.measured < BASIS || all.work <= 0) {
      return Optional.empty();
    }
    double unit = all.seconds / all.work;
    double seconds = 0;
    for (Map.Entry<?, Double> entry : rest.entrySet()) {
      Pace pace = kinds.getOrDefault(entry.getKey(), new Pace());
      double own = (pace.seconds + PRIOR) / (pace.work + PRIOR / unit);
      seconds += Math.max(0, entry.getValue()) * own;
    }
    return Optional.of(Duration.ofMillis(Math.round(1000 * seconds)));
  }
}
