package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.statistics.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * A study that damages one block at a time.
 *
 * @param label of the network and the damage
 * @param report the study
 * @param deletions by block
 */
record SingleDeletions(String label, LesionReport report, List<Deletion> deletions)
    implements LabelledStudy {
  /** What the loss of a block's branch, or of its skip connection, does. */
  record Deletion(int block, Estimate errorRate) {}

  static SingleDeletions of(String label, LesionReport report) {
    return new SingleDeletions(
        label,
        report,
        report.rows().stream()
            .map(row -> new Deletion(block(row.lesion()), errorRate(row)))
            .sorted(Comparator.comparingInt(Deletion::block))
            .toList());
  }

  /** The only block that a lesion names. */
  static int block(Lesion lesion) {
    return lesion instanceof Lesion.DeleteSkip skip
        ? skip.blocks().iterator().next()
        : ((Lesion.Delete) lesion).blocks().iterator().next();
  }

  Architecture architecture() {
    return report.provenance().architecture();
  }

  Estimate intact() {
    return errorRate(report.baseline());
  }

  static Estimate errorRate(LesionRow row) {
    return NetworkResults.errorRate(row.wrong(), row.total());
  }

  private DoubleStream errors() {
    return deletions.stream().mapToDouble(deletion -> deletion.errorRate().value());
  }

  double mean() {
    return errors().average().orElseThrow();
  }

  double median() {
    return Median.withDefaults().evaluate(errors().toArray());
  }

  double least() {
    return errors().min().orElseThrow();
  }

  double largest() {
    return errors().max().orElseThrow();
  }

  /** The block whose loss costs most; of several the first. */
  int worst() {
    return deletions.stream()
        .max(
            Comparator.comparingDouble((Deletion deletion) -> deletion.errorRate().value())
                .thenComparing(Deletion::block, Comparator.reverseOrder()))
        .orElseThrow()
        .block();
  }

  Series series() {
    return new Series(
        label,
        Mark.LINE,
        deletions.stream()
            .map(deletion -> Points.percent(deletion.block(), deletion.errorRate()))
            .toList());
  }

  private double chance() {
    return NetworkResults.chance(report.provenance());
  }

  /** Whether the intact network is better than chance, and so has something to lose. */
  boolean hasRoom() {
    return intact().value() < chance();
  }

  /** As a share of the room between the intact error and that of chance. */
  private double damage(double errorRate) {
    return (errorRate - intact().value()) / (chance() - intact().value());
  }

  /** The damage of each deletion, over the share of blocks that do no more. */
  Series damages() {
    double[] errors = errors().sorted().toArray();
    return new Series(
        label,
        Mark.LINE,
        IntStream.range(0, errors.length)
            .mapToObj(i -> Points.percent(100.0 * (i + 1) / errors.length, damage(errors[i])))
            .toList());
  }

  String damageDescription() {
    return "%s: median %s, largest %s (block %s)."
        .formatted(label, Say.percent(damage(median())), Say.percent(damage(largest())), worst());
  }

  /** What a reader of the figure sees of it. */
  String description() {
    return "%s: median %s, from %s to %s (block %s); intact %s."
        .formatted(
            label,
            Say.percent(median()),
            Say.percent(least()),
            Say.percent(largest()),
            worst(),
            Say.percent(intact().value()));
  }

  /** Those of blocks that change the shape. */
  List<Deletion> transitions() {
    return deletions.stream()
        .filter(deletion -> architecture().transitions().contains(deletion.block()))
        .toList();
  }
}
