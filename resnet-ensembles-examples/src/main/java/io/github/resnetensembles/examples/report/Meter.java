package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.examples.TimeLeft;
import java.util.HashMap;
import java.util.Map;

/**
 * How far all parts are together, and how long the rest takes. What an earlier run has done counts
 * nothing.
 */
final class Meter {
  private final ReportListener listener;
  private final TimeLeft time;
  private final int parts;

  /** Work that is left, by kind; that of the part under way in full. */
  private final Map<Class<?>, Double> rest;

  private double total;
  private double done;
  private int part;
  private String title = "";
  private Class<?> kind = Void.class;
  private double work;
  private double skipped;
  private double reached;

  /**
   * Creates a meter.
   *
   * @param work of all parts, by kind
   */
  Meter(ReportListener listener, TimeLeft time, int parts, Map<Class<?>, Double> work) {
    this.listener = listener;
    this.time = time;
    this.parts = parts;
    this.rest = new HashMap<>(work);
    this.total = work.values().stream().mapToDouble(w -> w).sum();
  }

  /**
   * Begins the next part.
   *
   * @param kind of work: what comes out of it
   */
  void begin(String title, Class<?> kind, double work) {
    this.part++;
    this.title = title;
    this.kind = kind;
    this.work = work;
    this.skipped = 0;
    this.reached = 0;
    time.pause();
    tell();
  }

  /** Says that an earlier run has done this share of the part. */
  void skip(double share) {
    total -= work * (share - skipped);
    skipped = share;
    reached = share;
    time.pause();
  }

  /**
   * Told of the part under way; what is done when that is told first was done by an earlier run.
   */
  ProgressListener ofPart() {
    boolean[] begun = new boolean[1];
    return progress -> {
      double share = (double) progress.done() / Math.max(1, progress.total());
      if (begun[0]) {
        reach(share);
      } else {
        begun[0] = true;
        skip(share);
      }
    };
  }

  /** Says that this share of the part is done. */
  void reach(double share) {
    double now = Math.max(reached, share);
    time.add(kind, work * (now - reached));
    reached = now;
    tell();
  }

  /** Ends the part. */
  void end() {
    reach(1);
    done += work * (1 - skipped);
    rest.merge(kind, -work, Double::sum);
    work = 0;
    tell();
  }

  private void tell() {
    Map<Class<?>, Double> left = new HashMap<>(rest);
    left.merge(kind, -work * reached, Double::sum);
    listener.onProgress(
        part, parts, title, done + work * (reached - skipped), total, time.of(left));
  }
}
