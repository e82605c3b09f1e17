package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The network: its blocks, its training, its error. */
final class NetworkSection {
  private static final int SHOWN_HASH_DIGITS = 12;

  private NetworkSection() {}

  static void write(Networks networks, Draft draft) {
    describe(networks, networks.main().provenance(), draft);
    writeTrainings(networks, draft);
    table(networks, draft);
  }

  private static void describe(Networks networks, Provenance provenance, Draft draft) {
    NetworkResults main = networks.main();
    draft.say(blocks(main.label(), provenance.architecture()));
    if (!main.trained()) {
      draft.say(
          "It is untrained: its weights are random. Its numbers show the method and say nothing of"
              + " trained networks.");
    }
    if (!(main.base() instanceof Lesion.Intact)) {
      draft.say(
          ("What is studied is this network with %s done to it; \"intact\" means without"
                  + " further damage.")
              .formatted(main.base()));
    }
    main.intact()
        .ifPresent(
            intact ->
                draft.say(
                    ("Its error is %s on %s of %s. Intervals in this report are at 95 %% and"
                            + " account for the choice of images and draws, never for the training of the"
                            + " network.")
                        .formatted(
                            Say.percent(intact.errorRate()),
                            Say.count(intact.total(), "image"),
                            intact.provenance().data())));
    if (!networks.controls().isEmpty()) {
      draft.say(
          "Its controls are %s."
              .formatted(
                  Say.list(networks.controls().stream().map(NetworkResults::label).toList())));
    }
  }

  private static String blocks(String label, Architecture architecture) {
    StringBuilder text = new StringBuilder(label);
    if (!label.equals(architecture.name())) {
      text.append(" is a ").append(architecture.name()).append(". It");
    }
    text.append(
        " has %s in %s: "
            .formatted(
                Say.count(
                    architecture.size(), architecture.plain() ? "plain block" : "residual block"),
                Say.count(architecture.stages().size(), "stage")));
    List<String> stages = new ArrayList<>();
    for (List<Integer> stage : architecture.stages()) {
      Block first = architecture.block(stage.get(0));
      stages.add(Say.count(stage.size(), "block") + " of shape " + first.output());
    }
    text.append(Say.list(stages)).append(". ");
    text.append(
        architecture.transitions().isEmpty()
            ? "No block changes the shape"
            : "The shape changes in the transition "
                + Say.blocks(architecture.transitions().stream().sorted().toList()));
    text.append(". ");
    text.append(
        architecture.opaque()
            ? "Some blocks are the user's own, so that the library cannot count its parameters."
            : "It has %s trainable parameters and needs %s multiplications for an image."
                .formatted(architecture.parameterCount(), architecture.multiplyAccumulates()));
    return text.toString();
  }

  /** The first training of each network. */
  static void writeTrainings(Networks networks, Draft draft) {
    List<Series> errors = new ArrayList<>();
    List<Series> losses = new ArrayList<>();
    for (NetworkResults network : networks.all()) {
      Optional<TrainingHistory> first = network.all(TrainingHistory.class).stream().findFirst();
      if (first.isEmpty()) {
        continue;
      }
      TrainingHistory training = first.get();
      draft.say(
          ("%s was trained on %s: %s in batches of %s, %s, seed %s. Its error on the"
                      + " test images after the last epoch is ")
                  .formatted(
                      network.label(),
                      training.trainingSet(),
                      Say.count(training.recipe().epochs(), "epoch"),
                      training.recipe().batchSize(),
                      Trainings.paths(training),
                      training.recipe().seed())
              + Say.percent(
                  NetworkResults.errorRate(training.last().wrong(), training.last().total()))
              + ".");
      errors.add(
          byEpoch(
              network.label() + ", test images",
              training,
              epoch -> Say.toPercent(epoch.errorRate())));
      errors.add(
          byEpoch(
              network.label() + ", training images",
              training,
              epoch -> Say.toPercent(epoch.trainingErrorRate())));
      losses.add(
          byEpoch(
              network.label() + ", test images",
              training,
              epoch -> epoch.loss().orElse(Double.NaN)));
      losses.add(
          byEpoch(network.label() + ", training images", training, EpochRecord::trainingLoss));
    }
    figure("training-error", "Error by epoch", Points.ERROR, errors).ifPresent(draft::add);
    figure("training-loss", "Loss by epoch", "mean cross-entropy (nats)", losses)
        .ifPresent(draft::add);
  }

  private static Series byEpoch(
      String label, TrainingHistory training, ToDoubleFunction<EpochRecord> value) {
    return new Series(
        label,
        Mark.LINE,
        training.epochs().stream()
            .map(epoch -> Point.of(epoch.epoch(), value.applyAsDouble(epoch)))
            .filter(point -> Double.isFinite(point.y()))
            .toList());
  }

  /** Empty if no value is finite. */
  private static Optional<Figure> figure(String name, String title, String axis, List<Series> all) {
    List<Series> series = all.stream().filter(one -> !one.points().isEmpty()).toList();
    if (series.isEmpty()) {
      return Optional.empty();
    }
    List<String> descriptions = new ArrayList<>();
    for (Series one : series) {
      Point first = one.points().get(0);
      Point last = one.points().get(one.points().size() - 1);
      Point least = one.points().stream().min(Comparator.comparingDouble(Point::y)).orElseThrow();
      descriptions.add(
          "%s: from %s after epoch %s to %s after epoch %s, least %s after epoch %s."
              .formatted(
                  one.label(),
                  Say.number(first.y()),
                  Say.number(first.x()),
                  Say.number(last.y()),
                  Say.number(last.x()),
                  Say.number(least.y()),
                  Say.number(least.x())));
    }
    return Optional.of(
        new Figure(
            name,
            title,
            "Lines of the " + axis + " over the epochs. " + String.join(" ", descriptions),
            Axis.linear("epoch"),
            Axis.linear(axis),
            series,
            List.of()));
  }

  private static void table(Networks networks, Draft draft) {
    List<List<Cell>> rows = new ArrayList<>();
    for (NetworkResults network : networks.all()) {
      rows.add(row(network, network.provenance()));
    }
    if (!rows.isEmpty()) {
      draft.add(
          new ReportTable(
              "networks",
              "The networks",
              List.of(
                  "network",
                  "architecture",
                  "blocks",
                  "parameters",
                  "trained",
                  "error (%)",
                  "low",
                  "high",
                  "images",
                  "data",
                  "SHA-256 of the values of the weights"),
              rows));
    }
  }

  private static List<Cell> row(NetworkResults network, Provenance provenance) {
    Architecture architecture = provenance.architecture();
    Optional<NetworkResults.Intact> intact = network.intact();
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(network.label()));
    row.add(Cells.words(architecture.name()));
    row.add(Cells.integer(architecture.size()));
    row.add(architecture.opaque() ? Cells.NONE : Cells.integer(architecture.parameterCount()));
    row.add(Cells.words(provenance.trained() ? "yes" : "no"));
    row.addAll(
        intact
            .map(found -> Cells.percents(found.errorRate()))
            .orElse(List.of(Cells.NONE, Cells.NONE, Cells.NONE)));
    row.add(intact.map(found -> Cells.integer(found.total())).orElse(Cells.NONE));
    row.add(Cells.words(intact.map(found -> found.provenance().data()).orElse(provenance.data())));
    row.add(Cells.words(shortened(provenance.weightsSha256())));
    return row;
  }

  static String shortened(String hash) {
    return hash.substring(0, Math.min(SHOWN_HASH_DIGITS, hash.length()));
  }
}
