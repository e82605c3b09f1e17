package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.examples.TimeLeft;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar with the time left, on standard error: redrawn in place on a terminal, a line
 * every ten seconds in a log.
 */
final class ProgressReporter implements ProgressListener, AutoCloseable {
  private static final String WORK = "work";
  private static final int WIDTH = 100;
  private static final int TERMINAL_INTERVAL_MS = 250;
  private static final int LOG_INTERVAL_MS = 10_000;

  private final @Nullable ProgressBar bar;
  private final End end;
  private final TimeLeft time = new TimeLeft(System::nanoTime);

  /** What was done when that was told last; negative before. */
  private long before = -1;

  private ProgressReporter(@Nullable ProgressBar bar, End end) {
    this.bar = bar;
    this.end = end;
  }

  static ProgressReporter of(String task, boolean quiet, PrintWriter err) {
    End end = new End();
    return new ProgressReporter(quiet ? null : bar(task, err, isTerminal(), end), end);
  }

  /** When all is done, as was told last. The bar's own thread asks. */
  private static final class End {
    private volatile Optional<Instant> instant = Optional.empty();

    void in(Optional<Duration> left) {
      instant = left.map(Instant.now()::plus);
    }

    Optional<Duration> left() {
      return instant
          .map(end -> Duration.between(Instant.now(), end))
          .map(left -> left.isNegative() ? Duration.ZERO : left);
    }
  }

  // Main sets jdk.console to java.base, with which newer JVMs return null too.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  private static ProgressBar bar(String task, PrintWriter err, boolean terminal, End end) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)
        .setEtaFunction(state -> end.left())
        .setConsumer(new Lines(err, terminal))
        .build();
  }

  @Override
  public void onProgress(Progress progress) {
    show(
        progress.done(),
        progress.total(),
        "image " + progress.images() + " of " + progress.totalImages());
  }

  /** Shows how much is done of how much, with a few words. */
  void show(long done, long total, String words) {
    if (before < 0) {
      // What was done when it is told first may be an earlier run's.
      time.pause();
    } else {
      time.add(WORK, (double) Math.max(0, done - before));
    }
    before = done;
    show(done, total, words, time.of(Map.of(WORK, (double) (total - done))));
  }

  /** Shows the time left, too, where that is known better. */
  void show(long done, long total, String words, Optional<Duration> left) {
    if (bar != null) {
      end.in(left);
      bar.maxHint(Math.max(1, total));
      bar.stepTo(done);
      bar.setExtraMessage(" " + words);
    }
  }

  /** Draws the last state. The interrupt flag is down meanwhile, or that would come too late. */
  @Override
  public void close() {
    if (bar == null) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      bar.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record Lines(PrintWriter err, boolean terminal) implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
    }

    @Override
    public void accept(String line) {
      err.print(terminal ? "\r" + line : line.stripTrailing() + System.lineSeparator());
      err.flush();
    }

    @Override
    public void close() {
      if (terminal) {
        err.println();
      }
    }
  }
}
