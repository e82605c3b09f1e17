package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import java.io.PrintWriter;
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
  private static final int WIDTH = 100;
  private static final int TERMINAL_INTERVAL_MS = 250;
  private static final int LOG_INTERVAL_MS = 10_000;

  private final @Nullable ProgressBar bar;

  private ProgressReporter(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  static ProgressReporter of(String task, boolean quiet, PrintWriter err) {
    return quiet ? new ProgressReporter(null) : new ProgressReporter(bar(task, err, isTerminal()));
  }

  // Main sets jdk.console to java.base, with which newer JVMs return null too.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  private static ProgressBar bar(String task, PrintWriter err, boolean terminal) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)
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
    if (bar != null) {
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
