package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import io.github.resnetensembles.training.RecalibrationStudy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Lesions with BatchNorm's running statistics as they were trained, beside the same lesions with
 * statistics estimated anew in the lesioned network: how much of the damage is a shift of the
 * statistics that the blocks behind the lesion see? A {@link RecalibrationStudy} gives it.
 *
 * <p>The new statistics are those that PyTorch's {@code momentum=None} gives: for every BatchNorm
 * the average, over the batches of the calibration images, of the batch's mean and of its unbiased
 * variance, each batch weighing the same. The lesioned network runs forward with the statistics of
 * the batch meanwhile (train mode), in its own wiring. BatchNorms that the lesion leaves uncomputed
 * keep theirs, and no parameter is changed.
 *
 * @param report the lesions with the trained statistics; its rows and baseline are those of an
 *     ordinary study
 * @param recalibrated one row for each of the report's, in its order, with the statistics estimated
 *     anew
 * @param recalibratedBaseline the studied network without further damage, with statistics estimated
 *     anew: what estimating alone does
 * @param calibration which images the statistics come from: the data set and its records
 * @param calibrationSha256 the hash of their data
 * @param batchSize of the calibration
 */
@MappedBy(LesionReportJson.OfRecalibration.class)
@JsonForm(
    schema = 1,
    kind = "recalibration",
    fields =
        "calibration calibrationSha256 calibrationBatchSize=batchSize recalibratedBaseline"
            + " recalibrated comparisons *report")
public record Recalibration(
    LesionReport report,
    List<LesionRow> recalibrated,
    LesionRow recalibratedBaseline,
    String calibration,
    String calibrationSha256,
    int batchSize)
    implements TableResult {
  private static final double SIGNIFICANT = 0.05;

  /**
   * Checks that the rows belong together.
   *
   * @param report the lesions with the trained statistics
   * @param recalibrated one row for each of the report's
   * @param recalibratedBaseline the network without further damage
   * @param calibration which images the statistics come from
   * @param calibrationSha256 the hash of their data
   * @param batchSize of the calibration
   * @throws IllegalArgumentException if the lesions are others than the report's, or a row covers
   *     other images than the report's baseline
   */
  public Recalibration {
    recalibrated = List.copyOf(recalibrated);
    Require.present("report", report);
    Require.present("recalibratedBaseline", recalibratedBaseline);
    Require.present("calibration", calibration);
    calibration = Names.oneLine(calibration, Names.MAX_KEPT);
    Require.sha256("calibrationSha256", calibrationSha256);
    Require.atLeast(1, "batchSize", batchSize);
    List<PlannedLesion> lesions = report.rows().stream().map(LesionRow::planned).toList();
    List<PlannedLesion> others = recalibrated.stream().map(LesionRow::planned).toList();
    if (!others.equals(lesions)) {
      throw new InvalidInputException(
          "the recalibrated rows are of the lesions %s, the report's of %s"
              .formatted(
                  others.stream().map(PlannedLesion::lesion).toList(),
                  lesions.stream().map(PlannedLesion::lesion).toList()));
    }
    BitSet images = report.baseline().records();
    Stream.of(report.rows(), recalibrated, List.of(recalibratedBaseline))
        .flatMap(List::stream)
        .filter(row -> !row.records().equals(images))
        .findFirst()
        .ifPresent(
            row -> {
              throw new InvalidInputException(
                  String.format(
                      "the row %s covers %s images, but the report's baseline others: %s",
                      row.lesion(), row.total(), images.cardinality()));
            });
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal result
   * @throws InvalidJsonException if the text is no recalibration, or of an unknown schema
   */
  public static Recalibration fromJson(String json) {
    return JsonNode.parse(json, "the text").as(Recalibration.class);
  }

  /**
   * Merges results of some lesions each, or some images each, as {@link LesionReport#merge} does.
   *
   * @param pieces at least one
   * @param options what to let pass
   * @return all their rows
   * @throws MergeException as {@link LesionReport#merge} does; if the calibration differs; or if
   *     not all rows that are there are there for the same images
   * @throws RunInterruptedException if the thread was interrupted
   */
  public static Recalibration merge(List<Recalibration> pieces, MergeOption... options) {
    return RecalibrationMerging.merge(pieces, options);
  }

  /** {@return where the report comes from} */
  @Override
  public Provenance provenance() {
    return report.provenance();
  }

  List<RowTables.Comparison> comparisons() {
    return RowTables.comparisons(this);
  }

  /**
   * The exact McNemar test of each lesion with the trained statistics against the same lesion with
   * the new ones: {@link PairedTest#won} counts the images that only the new ones got right. The
   * p-values are two-sided and adjusted for testing all lesions.
   *
   * @return one test for each lesion, in the report's order
   */
  public List<PairedTest> pairedTests() {
    return PairedTest.each(report.rows(), recalibrated);
  }

  /**
   * The share of each lesion's damage that the new statistics undo: (wrong with the trained
   * statistics - wrong with the new ones) / (wrong with the trained statistics - wrong of the
   * report's baseline). 1 where the damage is gone, 0 where nothing changed, negative where the new
   * statistics are worse, above 1 where the lesioned network became better than the intact one.
   *
   * <p>A share of next to nothing says nothing. It is empty unless the lesion damages the network
   * significantly: more images lost than won against the baseline, in McNemar's test at 5 %,
   * adjusted by Holm for all lesions.
   *
   * @return one share for each lesion, in the report's order
   */
  public List<OptionalDouble> recovered() {
    // As the report's own statistics, without their demands on the images.
    List<PairedTest> damages =
        PairedTest.each(
            Collections.nCopies(report.rows().size(), report.baseline()), report.rows());
    List<OptionalDouble> shares = new ArrayList<>();
    for (int i = 0; i < damages.size(); i++) {
      PairedTest damage = damages.get(i);
      double lost = damage.lost() - damage.won();
      double regained = report.rows().get(i).wrong() - recalibrated.get(i).wrong();
      shares.add(
          lost > 0 && damage.holm() < SIGNIFICANT
              ? OptionalDouble.of(regained / lost)
              : OptionalDouble.empty());
    }
    return List.copyOf(shares);
  }

  /**
   * {@return one line for each lesion: how it did with both statistics, and how these compare; what
   * a lesion does not have is empty}
   */
  @Override
  public String toCsv() {
    return RowTables.csv(this);
  }
}
