package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.examples.report.Pieces;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StoreOption;
import io.github.resnetensembles.run.StudyExecutor;
import io.github.resnetensembles.run.StudyTasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Running a study piece by piece, with a store of what is finished. */
final class StoreOptions {
  /** Without --max-cost, a study has about so many pieces: little is lost by an interruption. */
  private static final long USUAL_PIECES = 100;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "Keeps finished pieces of the study there, and takes those that are there: run the same"
              + " command again to go on. Several may work on one store at a time.")
  @Nullable Path store;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Processes that work on the pieces (default: this one alone). Needs --store, which a report"
              + " keeps by itself.")
  private @Nullable Integer processes;

  @Option(
      names = "--max-cost",
      paramLabel = "C",
      description =
          "What a piece may cost, in block evaluations (default: a hundredth of the study, and a batch"
              + " at least; a tenth in a report). Needs --store.")
  private @Nullable Long maxCost;

  @Option(
      names = "--worker",
      description =
          "Takes the next missing piece until none is left, and writes no result: for jobs on other"
              + " machines that share the store.")
  boolean worker;

  @Option(
      names = "--mixed",
      description =
          "Lets the store have pieces of different instruction sets, engines or devices, whose last"
              + " bits may differ.")
  private boolean mixed;

  /** What needs no file to be said, for a command that writes a result. */
  void check(OutputOptions outputs) {
    refuse(processes != null, "--processes");
    refuse(maxCost != null, "--max-cost");
    refuse(worker, "--worker");
    refuse(mixed, "--mixed");
    check();
    if (worker && (outputs.json != null || outputs.csv != null || outputs.plots.plot != null)) {
      throw new InvalidInputException(
          "--worker writes no result: leave out --json, --csv and --plot; the command without --worker"
              + " puts all pieces together");
    }
  }

  /** What needs no file to be said. */
  void check() {
    if (processes != null && processes < 1) {
      throw new InvalidInputException("--processes must be at least 1, got " + processes);
    }
    if (maxCost != null && maxCost < 1) {
      throw new InvalidInputException("--max-cost must be at least 1, got " + maxCost);
    }
    if (worker && processes != null) {
      throw new InvalidInputException("--worker is one process: leave out --processes");
    }
  }

  /** How a report, which keeps a store of its own unless told otherwise, is computed in pieces. */
  Pieces pieces(int givenThreads, CommonOptions common) {
    return new Pieces(
        Optional.ofNullable(store),
        mixed ? Set.of(StoreOption.MIXED) : Set.of(),
        Optional.ofNullable(processes).map(count -> processes(count, common)),
        maxCost == null ? OptionalLong.empty() : OptionalLong.of(maxCost),
        threads(givenThreads));
  }

  private void refuse(boolean given, String flag) {
    if (given && store == null) {
      throw new InvalidInputException(flag + " needs --store DIR");
    }
  }

  /** Whether the study is run in pieces. */
  boolean given() {
    return store != null;
  }

  /** What a piece may cost of a study that costs so much. */
  long maxCost(long whole, long batches, int threads) {
    if (maxCost != null) {
      return maxCost;
    }
    // A piece has a batch for each thread, or some would be idle.
    long batch = (whole - 1) / batches + 1;
    return Math.max(batch * threads(threads), whole / USUAL_PIECES);
  }

  /**
   * Runs what is missing.
   *
   * @return the store, which has all results then; empty for a worker, who writes none
   */
  Optional<ResultStore> execute(List<StudyTasks<?>> studies, CommonOptions common) {
    ResultStore opened = open();
    long pieces = studies.stream().mapToLong(study -> study.tasks().size()).sum();
    long missing = studies.stream().mapToLong(study -> opened.missing(study).size()).sum();
    long cost = studies.stream().mapToLong(StudyTasks::cost).sum();
    long whole = studies.stream().mapToLong(StudyTasks::wholeCost).sum();
    common
        .err()
        .println(
            String.format(
                Locale.ROOT,
                "pieces: %s, of which the store has %s; together %s block evaluations, %.1f %% more than"
                    + " in one piece",
                pieces,
                pieces - missing,
                cost,
                100 * ((double) cost / whole - 1)));
    try (ProgressReporter progress = ProgressReporter.of("pieces", common.quiet, common.err())) {
      executor(common).execute(studies, opened, progressOf(progress));
    }
    return worker ? Optional.empty() : Optional.of(opened);
  }

  private ResultStore open() {
    return mixed ? ResultStore.open(path(), StoreOption.MIXED) : ResultStore.open(path());
  }

  private static ProgressListener progressOf(ProgressReporter progress) {
    return done ->
        progress.show(
            done.done(),
            done.total(),
            "piece %s of %s".formatted(done.images(), done.totalImages()));
  }

  /**
   * Runs a study whose rounds are planned one after the other.
   *
   * @return its result; empty for a worker, who writes none
   */
  Optional<SequentialReport> execute(SequentialStudy study, ImageSet images, CommonOptions common) {
    try (ProgressReporter progress = ProgressReporter.of("pieces", common.quiet, common.err())) {
      SequentialReport result =
          StudyTasks.run(study, images, executor(common), open(), progressOf(progress));
      return worker ? Optional.empty() : Optional.of(result);
    }
  }

  private int threads(int given) {
    return given > 0
        ? given
        : Math.max(
            1, Runtime.getRuntime().availableProcessors() / (processes == null ? 1 : processes));
  }

  private Path path() {
    Path folder = store;
    if (folder == null) {
      throw new IllegalStateException("no store was given");
    }
    return folder;
  }

  private StudyExecutor executor(CommonOptions common) {
    return common
        .executor()
        .orElseGet(() -> processes == null ? StudyExecutor.here() : processes(processes, common));
  }

  private static StudyExecutor processes(int count, CommonOptions common) {
    return StudyExecutor.processes(count, common.asWorker(count));
  }
}
