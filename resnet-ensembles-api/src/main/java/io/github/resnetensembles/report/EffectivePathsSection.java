package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathLengths;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Training with the effective paths only, against all. */
final class EffectivePathsSection {
  private static final String PAPER =
      "In the paper, training 23 of 54 blocks in each batch gave an error of 5.96 %, against 6.10 %"
          + " with all blocks, no significant difference by the authors' own account (section 5).";

  private EffectivePathsSection() {}

  static void write(Networks networks, Draft draft) {
    Map<String, List<TrainingHistory>> sides = sides(networks);
    List<TrainingHistory> full = new ArrayList<>();
    List<List<TrainingHistory>> effective = new ArrayList<>();
    for (List<TrainingHistory> side : sides.values()) {
      if (Trainings.full(side.get(0))) {
        full.addAll(side);
      } else {
        effective.add(side);
      }
    }
    if (effective.isEmpty()) {
      return;
    }
    for (List<TrainingHistory> side : sides.values()) {
      draft.say(errors(side));
    }
    List<List<Cell>> pairs = new ArrayList<>();
    for (List<TrainingHistory> side : effective) {
      compare(networks, full, side, pairs, draft);
    }
    draft.say(PAPER);
    draft.add(figure(sides));
    draft.add(table(sides));
    if (!pairs.isEmpty()) {
      draft.add(
          new ReportTable(
              "effective-paths-pairs",
              "Effective paths against all, on the same images",
              List.of("trained with", "seed", "seed with all blocks", "lost", "won"),
              pairs));
    }
  }

  /** Trainings with all or with the effective paths, by what they trained, all first. */
  private static Map<String, List<TrainingHistory>> sides(Networks networks) {
    Map<String, List<TrainingHistory>> sides = new LinkedHashMap<>();
    List<TrainingHistory> trainings =
        networks.results(TrainingHistory.class).stream()
            .map(Of::result)
            .filter(training -> comparable(networks, training))
            .toList();
    trainings.stream().filter(Trainings::full).forEach(training -> add(sides, training));
    trainings.stream().filter(Trainings::effectivePaths).forEach(training -> add(sides, training));
    return sides;
  }

  private static void add(Map<String, List<TrainingHistory>> sides, TrainingHistory training) {
    sides.computeIfAbsent(Trainings.paths(training), paths -> new ArrayList<>()).add(training);
  }

  /** The same network but for the gains that training gives it. */
  private static boolean comparable(Networks networks, TrainingHistory training) {
    return withoutGains(networks.main().architecture())
        .equals(withoutGains(training.provenance().architecture()));
  }

  private static Architecture withoutGains(Architecture architecture) {
    return architecture.toBuilder().mapBlocks(block -> block.withGain(1)).build();
  }

  private static double[] errorRates(List<TrainingHistory> side) {
    return side.stream().mapToDouble(training -> training.last().errorRate()).toArray();
  }

  private static String errors(List<TrainingHistory> side) {
    List<String> errors =
        side.stream()
            .map(
                training ->
                    Say.percent(
                            NetworkResults.errorRate(
                                training.last().wrong(), training.last().total()))
                        + " (seed %s, %s steps)"
                            .formatted(training.recipe().seed(), training.last().steps()))
            .toList();
    String text =
        "Trained with " + Trainings.paths(side.get(0)) + ": error " + Say.list(errors) + ".";
    if (side.get(0).recipe().wiring() instanceof TrainingWiring.ExactlyKept exactly) {
      PathCounts lengths = PathLengths.keeping(exactly.blocks());
      text +=
          " The paths of a batch then have the mean length %s and at most %s."
              .formatted(Say.number(lengths.mean()), lengths.longest());
    }
    return text;
  }

  private static void compare(
      Networks networks,
      List<TrainingHistory> full,
      List<TrainingHistory> side,
      List<List<Cell>> pairs,
      Draft draft) {
    String paths = Trainings.paths(side.get(0));
    if (full.isEmpty()) {
      draft.say(
          ("No training with all blocks is in this report, so that there is nothing to"
                  + " compare %s with.")
              .formatted(paths));
      return;
    }
    Set<Long> steps =
        Stream.concat(full.stream(), side.stream())
            .map(training -> training.last().steps())
            .collect(Collectors.toCollection(TreeSet::new));
    if (steps.size() > 1) {
      draft.say(
          ("The trainings are not equally long: %s steps with all blocks, %s with %s. Their errors"
                  + " differ by that, too, so that they are not compared.")
              .formatted(steps(full), steps(side), paths));
      return;
    }
    if (full.size() >= 2 && side.size() >= 2) {
      Welch welch = Welch.of(errorRates(side), errorRates(full), Interval.DEFAULT_LEVEL);
      draft.say(
          ("Over the seeds, after %s steps each, %s less all blocks is %s points of error [%s, %s];"
                  + " Welch's t-test says %s.")
              .formatted(
                  steps(full),
                  paths,
                  Say.points(welch.difference().value()),
                  Say.points(welch.difference().interval().low()),
                  Say.points(welch.difference().interval().high()),
                  Say.pValue(welch.pValue())));
    } else {
      draft.say(
          "There is a single training on one side, so that what the seed of a training does to the"
              + " error is not known: no test of the trainings can be made.");
    }
    for (TrainingHistory training : side) {
      TrainingHistory partner = partner(training, side, full);
      pair(networks, partner, training)
          .ifPresent(
              pair -> {
                pairs.add(
                    List.of(
                        Cells.words(paths),
                        Cells.integer(training.recipe().seed()),
                        Cells.integer(partner.recipe().seed()),
                        Cells.integer(pair.lost()),
                        Cells.integer(pair.won())));
                draft.say(
                    ("On the same images, %s (seed %s) lost %s that all blocks got right and won"
                            + " %s: this is of two networks, not of two ways to train.")
                        .formatted(paths, training.recipe().seed(), pair.lost(), pair.won()));
              });
    }
  }

  private static String steps(List<TrainingHistory> side) {
    return Say.list(
        side.stream().map(training -> training.last().steps()).distinct().sorted().toList());
  }

  /** The training with all blocks of the same seed, or else of the same place. */
  private static TrainingHistory partner(
      TrainingHistory training, List<TrainingHistory> side, List<TrainingHistory> full) {
    return full.stream()
        .filter(other -> other.recipe().seed() == training.recipe().seed())
        .findFirst()
        .orElse(full.get(side.indexOf(training) % full.size()));
  }

  /** Empty unless both networks were evaluated on the same images. */
  private static Optional<PairedTest> pair(
      Networks networks, TrainingHistory full, TrainingHistory effective) {
    for (Result one : intactResults(networks, full)) {
      for (Result other : intactResults(networks, effective)) {
        Optional<PairedTest> test =
            PairedTest.of(
                ResultKind.intactRow(one).orElseThrow(), ResultKind.intactRow(other).orElseThrow());
        if (test.isPresent() && data(one).equals(data(other))) {
          return test;
        }
      }
    }
    return Optional.empty();
  }

  /** By their weights, or by their label where it stands for one training. */
  private static List<Result> intactResults(Networks networks, TrainingHistory training) {
    return networks.results(Result.class).stream()
        .filter(of -> ResultKind.intactRow(of.result()).isPresent())
        .filter(
            of ->
                of.network().all(TrainingHistory.class).equals(List.of(training))
                    || of.result()
                        .provenance()
                        .weightsSha256()
                        .equals(training.provenance().weightsSha256()))
        .map(Of::result)
        .toList();
  }

  private static String data(Result result) {
    return result.provenance().dataSha256();
  }

  private static Figure figure(Map<String, List<TrainingHistory>> sides) {
    List<String> categories = List.copyOf(sides.keySet());
    Map<Long, List<Point>> bySeed = new LinkedHashMap<>();
    List<String> descriptions = new ArrayList<>();
    for (int i = 0; i < categories.size(); i++) {
      List<TrainingHistory> side = sides.getOrDefault(categories.get(i), List.of());
      for (TrainingHistory training : side) {
        bySeed
            .computeIfAbsent(training.recipe().seed(), seed -> new ArrayList<>())
            .add(
                Points.percent(
                    i + 1,
                    NetworkResults.errorRate(training.last().wrong(), training.last().total())));
      }
      descriptions.add(
          categories.get(i)
              + ": "
              + Say.list(
                  side.stream().map(training -> Say.percent(training.last().errorRate())).toList())
              + ".");
    }
    List<Series> series = new ArrayList<>();
    bySeed.forEach((seed, points) -> series.add(new Series("seed " + seed, Mark.POINTS, points)));
    return new Figure(
        "effective-paths",
        "Error after training with some paths",
        "Points of the error after training, one for each seed, with 95 % intervals. "
            + String.join(" ", descriptions),
        Axis.of("trained with", categories),
        Points.errorAxis(),
        series,
        sides.values().stream()
            .limit(1)
            .map(side -> Points.chance(side.get(0).provenance()))
            .toList());
  }

  private static ReportTable table(Map<String, List<TrainingHistory>> sides) {
    List<List<Cell>> rows = new ArrayList<>();
    sides.forEach(
        (paths, side) ->
            side.forEach(
                training -> {
                  List<Cell> row = new ArrayList<>();
                  row.add(Cells.words(paths));
                  row.add(Cells.integer(training.recipe().seed()));
                  row.add(Cells.integer(training.recipe().epochs()));
                  row.add(Cells.integer(training.last().steps()));
                  row.add(Cells.integer(training.last().wrong()));
                  row.add(Cells.integer(training.last().total()));
                  row.addAll(
                      Cells.percents(
                          NetworkResults.errorRate(
                              training.last().wrong(), training.last().total())));
                  rows.add(row);
                }));
    return new ReportTable(
        "effective-paths-errors",
        "Error after training",
        List.of(
            "trained with",
            "seed",
            "epochs",
            "steps",
            "wrong",
            "images",
            "error (%)",
            "low",
            "high"),
        rows);
  }
}
