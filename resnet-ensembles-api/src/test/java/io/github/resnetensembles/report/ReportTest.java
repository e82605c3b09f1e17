package io.github.resnetensembles.report;

import static io.github.resnetensembles.lesion.Rows.bits;
import static io.github.resnetensembles.lesion.Rows.drawn;
import static io.github.resnetensembles.lesion.Rows.reordered;
import static io.github.resnetensembles.lesion.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.model.Verification.Check;
import io.github.resnetensembles.model.Verification.Parity;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingSeries;
import io.github.resnetensembles.training.TrainingWiring;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final int IMAGES = 100;
  private static final Architecture RESNET = Architecture.resnet(20);

  @TempDir Path folder;

  // Hand-made results: the first images are the wrong ones, classes alternate.

  private static BitSet wrong(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return bits;
  }

  private static LesionReport report(Architecture architecture, List<LesionRow> rows) {
    return Rows.report(architecture, IMAGES, wrong(8), rows);
  }

  /** Block b alone deleted gives 10 b wrong of 100; intact 8 are. */
  private static LesionReport deleteEach(Architecture architecture) {
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= architecture.size(); block++) {
      rows.add(row(PlannedLesion.of(Lesion.delete(block)), IMAGES, wrong(10 * block)));
    }
    return report(architecture, rows);
  }

  private static final List<Integer> LEFT = List.of(1, 4, 7);

  private static LesionReport withWeights(LesionReport report, String sha256) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        report.rows(),
        report.excluded(),
        report.cost(),
        report.records(),
        withWeights(report.provenance(), sha256));
  }

  private static Provenance withWeights(Provenance p, String sha256) {
    return p.toBuilder().weightsSha256(sha256).build();
  }

  private static Provenance provenance(Architecture architecture, String weightsSha256) {
    return withWeights(deleteEach(architecture).provenance(), weightsSha256);
  }

  private static ReportSection section(Report report, Kind kind) {
    return report.sections().stream()
        .filter(section -> section.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static Figure figure(Report report, String name) {
    return report.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ReportTable table(Report report, String name) {
    return report.sections().stream()
        .flatMap(section -> section.tables().stream())
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(List<Cell> row) {
    return row.stream().map(Cell::text).toList();
  }

  private static List<Kind> kinds(Report report) {
    return report.sections().stream().map(ReportSection::kind).toList();
  }

  @Test
  void oneResultMakesAReport() {
    Report report = Report.of(deleteEach(RESNET));

    assertThat(report.title()).isEqualTo("Residual networks taken apart: resnet-20");
    assertThat(kinds(report))
        .containsExactly(Kind.DELETE_ONE, Kind.PATHS, Kind.CHECKS, Kind.NETWORK);
    assertThat(report.results())
        .extracting(LabelledResult::label, LabelledResult::name)
        .containsExactly(tuple("resnet-20", "result-1-delete-one"));
    assertThat(section(report, Kind.NETWORK).paragraphs().get(0))
        .isEqualTo(
            "resnet-20 has 9 residual blocks in 3 stages: 3 blocks of shape (16, 32, 32), 3 blocks"
                + " of shape (32, 16, 16) and 3 blocks of shape (64, 8, 8). The shape changes in"
                + " the transition blocks 4 and 7. It has 269722 trainable parameters and needs "
                + RESNET.multiplyAccumulates()
                + " multiplications for an image.");
    assertThat(section(report, Kind.NETWORK).paragraphs().get(1))
        .startsWith("Its error is 8.00 % [4.11, 15.00] on 100 images of hand-made images.");
    assertThat(section(report, Kind.PATHS).paragraphs().get(0))
        .isEqualTo(
            "Unravelled, resnet-20 is 2^9 = 512 paths from input to output, each block being"
                + " entered or passed by. A path's length is the number of blocks it enters. The"
                + " mean length is 4.500; 96.09 % of the paths enter 2 to 7 blocks.");
    assertThat(figure(report, "path-lengths").series().get(0).points().get(3))
        .isEqualTo(Point.of(3, 16.40625));
    assertThat(table(report, "path-counts").rows().get(4).get(1).text()).isEqualTo("126");
  }

  @Test
  void deletingOneBlockIsShownWithItsIntervalsAndTests() {
    Report report = Report.of(deleteEach(RESNET));

    Figure figure = figure(report, "delete-one");
    assertThat(figure.series())
        .extracting(Series::label)
        .containsExactly(
            "resnet-20", "resnet-20, transition blocks", "published: pre-activation ResNet-20");
    assertThat(figure.series().get(1).points()).containsExactly(Point.of(4, 40), Point.of(7, 70));
    Point third = figure.series().get(0).points().get(2);
    assertThat(third.x()).isEqualTo(3);
    assertThat(third.y()).isEqualTo(30);
    Interval wilson = Estimate.errorRate(30, 100, 0.95).interval();
    assertThat(third.interval())
        .hasValueSatisfying(
            interval -> {
              assertThat(interval.low()).isCloseTo(100 * wilson.low(), within(1e-9));
              assertThat(interval.high()).isCloseTo(100 * wilson.high(), within(1e-9));
            });
    assertThat(figure.levels())
        .containsExactly(new Level("chance", 90), new Level("resnet-20, intact", 8));
    assertThat(figure.description())
        .isEqualTo(
            "Lines of the error over the block that is deleted, with 95 % intervals. resnet-20:"
                + " median 50.00 %, from 10.00 % to 90.00 % (block 9); intact 8.00 %. Transition"
                + " blocks 4 and 7.");
    // Block 1 loses two images: p = 2 · 1/4; block 2 loses twelve: p = 2 · 2^-12.
    List<List<Cell>> tests = table(report, "delete-one-tests").rows();
    assertThat(texts(tests.get(0)))
        .containsExactly("1", "", "10.00", "5.52", "17.44", "2", "0", "0.500", "0.500", "0.500");
    assertThat(texts(tests.get(1)))
        .containsSubsequence("20.00", "12", "0", "0.000488", "0.000977", "0.000549");
    assertThat(tests.get(3).get(1).text()).isEqualTo("transition");
    assertThat(section(report, Kind.DELETE_ONE).paragraphs().get(0))
        .isEqualTo(
            "Deleting one block (resnet-20) gives a median error of 50.00 %, from 10.00 % to"
                + " 90.00 % (block 9); intact it is 8.00 % [4.11, 15.00]. 8 of 9 do significant"
                + " harm (McNemar's exact test, Holm's adjustment, 5 %). The transition blocks (4:"
                + " 40.00 %, 7: 70.00 %) change the shape.");
  }

  @Test
  void theAuthorsNumbersStandInATableByDepth() {
    Report report = Report.of(deleteEach(RESNET));

    List<List<Cell>> published = table(report, "published-by-depth").rows();
    assertThat(published).hasSize(12);
    assertThat(texts(published.get(0)))
        .containsExactly(
            "pre-activation ResNet-20", "CIFAR-10", "9", "8.50", "19.97", "44.74", "87.01");
    assertThat(texts(published.get(4)))
        .containsExactly(
            "pre-activation ResNet-110", "CIFAR-10", "54", "6.03", "6.00", "6.46", "42.15");
  }

  /** The claim alone judges; the section tells what was measured. */
  @Test
  void theSectionHasNoVerdictBesideTheClaim() {
    LesionReport each = deleteEach(RESNET);
    LesionReport atChance = Rows.report(RESNET, IMAGES, wrong(88), each.rows());

    for (LesionReport study : List.of(each, atChance)) {
      assertThat(section(Report.of(study), Kind.DELETE_ONE).paragraphs())
          .noneMatch(text -> text.contains("claim") || text.contains("this network"));
    }
    assertThat(Report.of(each).claims().get(0).finding())
        .startsWith("resnet-20: the median deletion costs 51.22 %");
    assertThat(Report.of(atChance).claims().get(0).finding())
        .startsWith("resnet-20 did not learn enough: its error is 88.00 %");
  }

  @Test
  void controlsStandInTheSameFigure() {
    LesionReport skips =
        report(RESNET, List.of(row(PlannedLesion.of(Lesion.deleteSkip(2)), IMAGES, wrong(77))));
    Report report =
        Report.builder()
            .add("deep one", deleteEach(RESNET), skips)
            .add("plain twin", withWeights(deleteEach(Architecture.plain(20)), "c".repeat(64)))
            .build();

    assertThat(figure(report, "delete-one").series())
        .extracting(Series::label)
        .containsExactly(
            "deep one",
            "plain twin",
            "deep one, transition blocks",
            "published: pre-activation ResNet-20");
    assertThat(figure(report, "delete-one-skips").series().get(0).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(2.0, 77.0));
    assertThat(section(report, Kind.NETWORK).paragraphs()).contains("Its controls are plain twin.");
    assertThat(table(report, "networks").rows())
        .extracting(row -> row.get(0).text())
        .containsExactly("deep one", "plain twin");
  }

  @Test
  void numbersOfAComparableNetworkStandBeside() {
    Report report = Report.of(deleteEach(RESNET));

    ReportTable table = table(report, "delete-one-published");
    assertThat(table.title()).isEqualTo("resnet-20 beside pre-activation ResNet-20");
    assertThat(figure(report, "delete-one").series().get(2).points().get(0))
        .isEqualTo(Point.of(1, 69.98));
    assertThat(texts(table.rows().get(0)))
        .containsExactly("intact", "8.00", "4.11", "15.00", "8.50", "7.97", "9.06", "-0.49", "yes");
    assertThat(section(report, Kind.DELETE_ONE).paragraphs())
        .anySatisfy(
            paragraph -> assertThat(paragraph).contains("The authors' network is pre-activation"));
  }

  private static LesionReport deleteRandom() {
    return deleteRandom(4);
  }

  /** The tenth draw differs from all others with three blocks only. */
  private static LesionReport deleteRandom(int draws) {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      for (int draw = 1; draw <= draws; draw++) {
        int[] blocks = new int[k];
        for (int i = 0; i < k; i++) {
          blocks[i] = 1 + (draw + i + (i == 2 ? draw / 10 : 0)) % 9;
        }
        rows.add(row(drawn(Lesion.delete(blocks), k, draw), IMAGES, wrong(20 * k + draw)));
      }
    }
    return report(RESNET, rows);
  }

  @Test
  void deletingManyBlocksIsACurve() {
    Report report = Report.of(deleteRandom());

    List<CurvePoint> curve = deleteRandom(10).statistics().curve();
    Figure figure = figure(report, "delete-many");
    for (int k = 1; k <= 3; k++) {
      Point point = figure.series().get(0).points().get(k - 1);
      assertThat(point.x()).isEqualTo(k);
      assertThat(point.y()).isEqualTo(20 * k + 2.5);
      assertThat(point.interval()).as("four draws say too little of the others").isEmpty();
    }
    List<Point> drawnOften =
        figure(Report.of(deleteRandom(10)), "delete-many").series().get(0).points();
    assertThat(drawnOften)
        .extracting(point -> point.interval().isPresent())
        .containsExactly(false, false, true);
    assertThat(drawnOften.get(2).interval().orElseThrow().low())
        .isCloseTo(100 * curve.get(2).errorRate().interval().low(), within(1e-9));
    assertThat(section(report, Kind.DELETE_MANY).paragraphs().get(0))
        .contains(
            "Spearman's rank correlation of error and damage is 0.9",
            "The number of remaining paths explains 99.")
        .startsWith("resnet-20: the mean error is 22.50 % at 1 and 62.50 % at 3 blocks deleted;");
    assertThat(section(report, Kind.DELETE_MANY).paragraphs().get(1))
        .contains("6.45 % with 1 block, 19.01 % with 10 blocks and 57.71 % with 20 blocks deleted");
    assertThat(texts(table(report, "delete-many-means").rows().get(0)))
        .containsExactly("resnet-20", "0", "1", "1", "8.00", "4.11", "15.00", "8.00");
    assertThat(texts(table(report, "delete-many-means").rows().get(3)))
        .containsExactly("resnet-20", "3", "4", "4", "62.50", "–", "–", "62.50");
  }

  /** Blocks that the authors' figure leaves out, too. */
  @Test
  void blocksThatAreLeftAloneAreShownOneByOne() {
    List<LesionRow> rows =
        deleteRandom(10).rows().stream()
            .filter(row -> row.planned().k().orElseThrow() < 3)
            .filter(row -> Collections.disjoint(row.lesion().deletedBlocks().orElseThrow(), LEFT))
            .toList();
    LesionReport random = report(RESNET, rows);
    LesionReport left =
        new LesionReport(
            random.base(),
            random.baseline(),
            rows,
            LEFT,
            random.cost(),
            random.records(),
            random.provenance());

    Report report = Report.of(deleteEach(RESNET), left);

    List<Series> series = figure(report, "delete-many-draws").series();
    assertThat(series)
        .extracting(Series::label)
        .containsExactly("resnet-20 (blocks 1+4+7 left alone)", "left alone, one at a time");
    assertThat(series.get(1).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(1.0, 10.0), tuple(1.0, 40.0), tuple(1.0, 70.0));
    assertThat(section(report, Kind.DELETE_MANY).paragraphs())
        .anyMatch(
            text ->
                text.startsWith(
                        "resnet-20 (blocks 1+4+7 left alone): the blocks left alone, one at a time: error"
                            + " 10.00 % [5.52, 17.44] without block 1,")
                    && text.endsWith(" without block 7."));
    assertThat(figure(Report.of(random), "delete-many-draws").series()).hasSize(1);
  }

  @Test
  void listedDeletionsHaveMeansWithoutIntervals() {
    Report report =
        Report.of(
            report(
                RESNET,
                List.of(
                    row(PlannedLesion.of(Lesion.delete(1, 2)), IMAGES, wrong(20)),
                    row(PlannedLesion.of(Lesion.delete(1, 3)), IMAGES, wrong(40)),
                    row(PlannedLesion.of(Lesion.delete(1, 2, 3)), IMAGES, wrong(60)))));

    List<Point> points = figure(report, "delete-many").series().get(0).points();
    assertThat(points.get(0)).isEqualTo(Point.of(2, 30));
    assertThat(points.get(1).y()).isEqualTo(60);
    assertThat(points.get(1).interval()).isPresent();
  }

  @Test
  void reorderingIsShownByKendallsTau() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 3; draw++) {
      rows.add(reordered(drawn(Lesion.swap(2, 3), 1, draw), RESNET, IMAGES, wrong(20 + draw)));
      rows.add(
          reordered(
              drawn(Lesion.swap(2, 3).then(Lesion.swap(5, 6)), 2, draw),
              RESNET,
              IMAGES,
              wrong(40 + draw)));
    }
    Report report = Report.of(report(RESNET, rows));

    Figure figure = figure(report, "reorder");
    assertThat(figure.series())
        .extracting(Series::label)
        .containsExactly("resnet-20, mean", "resnet-20, each order");
    // One swap of neighbours turns one of 36 pairs around: tau = 1 - 2/36.
    Point mean = figure.series().get(0).points().get(1);
    assertThat(mean.x()).isCloseTo(1 - 2.0 / 36, within(1e-12));
    assertThat(mean.y()).isEqualTo(22);
    assertThat(figure.series().get(1).points()).hasSize(6);
    assertThat(section(report, Kind.REORDER).paragraphs().get(0))
        .startsWith(
            "resnet-20: 6 drawn orders, 2 distinct, with Kendall's tau from 0.889 to 0.944, errors from 21.00 % to"
                + " 43.00 %, mean 32.00 %; intact 8.00 %. Spearman's");
  }

  @Test
  void aTinyPValueIsToldByItsBound() {
    int images = 1200;
    Report report =
        Report.of(
            Rows.report(
                RESNET,
                images,
                wrong(0),
                List.of(
                    row(PlannedLesion.of(Lesion.delete(1)), images, wrong(images)),
                    row(PlannedLesion.of(Lesion.delete(2)), images, wrong(5)))));

    ReportTable table = table(report, "delete-one-tests");
    assertThat(texts(table.rows().get(0)))
        .endsWith("1200", "0", "< 1e-300", "< 1e-300", "< 1e-300");
    assertThat(texts(table.rows().get(1))).endsWith("5", "0", "0.0625", "0.0625", "0.0625");
    assertThat(table.toCsv()).contains(",1200,0,1.0E-300,1.0E-300,1.0E-300\n");
  }

  @Test
  void nothingButIntactOrdersHasNoFigure() {
    Lesion back = Lesion.swap(2, 3).then(Lesion.swap(3, 2));
    Report report =
        Report.of(report(RESNET, List.of(reordered(drawn(back, 2, 1), RESNET, IMAGES, wrong(8)))));

    assertThat(section(report, Kind.REORDER).paragraphs().get(0))
        .isEqualTo("resnet-20: no order but the intact one was drawn.");
    assertThat(section(report, Kind.REORDER).figures()).isEmpty();
  }

  /** As drawn by earlier versions. */
  @Test
  void theIntactOrderIsNoReordering() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 5; draw++) {
      Lesion lesion = draw <= 2 ? Lesion.swap(2, 3).then(Lesion.swap(3, 2)) : Lesion.swap(2, 3);
      rows.add(reordered(drawn(lesion, 2, draw), RESNET, IMAGES, wrong(20 + draw)));
    }

    Report report = Report.of(report(RESNET, rows));

    assertThat(section(report, Kind.REORDER).paragraphs().get(0))
        .startsWith(
            "resnet-20: 3 drawn orders, 1 distinct (2 more, which leave every block in its place,"
                + " left out), with Kendall's tau from 0.944 to 0.944, errors from 23.00 %");
    assertThat(figure(report, "reorder").series().get(1).points()).hasSize(3);
    assertThat(table(report, "reorder-means").columns())
        .containsSequence("draws", "distinct", "mean error (%)");
    assertThat(texts(table(report, "reorder-means").rows().get(0)))
        .containsExactly("resnet-20", "0.9444", "3", "1", "24.00", "–", "–");
  }

  @Test
  void duplicatingIsACurve() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 2; draw++) {
      rows.add(row(drawn(Lesion.duplicate(2), 1, draw), IMAGES, wrong(10)));
      rows.add(row(drawn(Lesion.duplicate(2, 3), 2, draw), IMAGES, wrong(14)));
    }
    Report report = Report.of(report(RESNET, rows));

    assertThat(figure(report, "duplicate").series().get(0).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(1.0, 10.0), tuple(2.0, 14.0));
  }

  private static Architecture small() {
    return Architecture.builder("small")
        .blocks(Collections.nCopies(4, BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY)))
        .build();
  }

  private static TrainingHistory training(
      TrainingWiring wiring, long seed, int wrong, String weightsSha256) {
    Architecture architecture = small();
    TrainingRecipe recipe =
        TrainingRecipe.quick().toBuilder().epochs(2).wiring(wiring).seed(seed).build();
    return new TrainingHistory(
        recipe,
        List.of(
            EpochRecord.builder(1, 10)
                .learningRate(0.1)
                .trainingLoss(2.5)
                .trainingErrorRate(0.9)
                .total(IMAGES)
                .wrong(80)
                .build(),
            EpochRecord.builder(2, 20)
                .learningRate(0.01)
                .trainingLoss(1.5)
                .trainingErrorRate(0.5)
                .total(IMAGES)
                .wrong(wrong)
                .loss(OptionalDouble.of(1.25))
                .build()),
        "training images",
        "e".repeat(64),
        provenance(architecture, weightsSha256));
  }

  private static Evaluation evaluation(String weightsSha256, BitSet wrong) {
    return new Evaluation(
        row(PlannedLesion.of(Lesion.intact()), IMAGES, wrong), provenance(small(), weightsSha256));
  }

  @Test
  void trainingIsShownByEpoch() {
    Report report = Report.of(training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64)));

    assertThat(figure(report, "training-error").series().get(0))
        .isEqualTo(
            new Series(
                "small, test images", Figure.Mark.LINE, List.of(Point.of(1, 80), Point.of(2, 20))));
    // The loss of the first epoch is not finite.
    assertThat(figure(report, "training-loss").series().get(0).points())
        .containsExactly(Point.of(2, 1.25));
    assertThat(section(report, Kind.NETWORK).paragraphs())
        .contains(
            "small was trained on training images: 2 epochs in batches of 64, all blocks, seed 1."
                + " Its error on the test images after the last epoch is 20.00 % [13.34, 28.88].");
  }

  @Test
  void effectivePathsAreTestedAgainstAll() {
    TrainingWiring some = TrainingWiring.exactly(2);
    Report report =
        Report.builder()
            .add(
                "all",
                training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64)),
                training(TrainingWiring.allBlocks(), 2, 22, "2".repeat(64)),
                evaluation("1".repeat(64), wrong(20)))
            .add(
                "some",
                training(some, 1, 24, "3".repeat(64)),
                training(some, 2, 28, "4".repeat(64)),
                evaluation("3".repeat(64), bits(0, 1, 2, 50, 51, 52, 53, 54, 55, 56)))
            .build();

    ReportSection section = section(report, Kind.EFFECTIVE_PATHS);
    // Welch by hand: difference 5, variance (8 + 2) / 2, t = 5 / √5 with 25 / 17 degrees of
    // freedom.
    assertThat(section.paragraphs())
        .contains(
            "Trained with 2 of 4 blocks in each batch: error 24.00 % [16.69, 33.23] (seed 1, 20"
                + " steps) and 28.00 % [20.14, 37.49] (seed 2, 20 steps). The paths of a batch then have the mean"
                + " length 1 and at most 2.")
        .anySatisfy(
            text ->
                assertThat(text)
                    .startsWith(
                        "Over the seeds, after 20 steps each, 2 of 4 blocks in each batch less all"
                            + " blocks is +5.00 points of error [")
                    .endsWith("]; Welch's t-test says p = 0.1987."))
        .contains(
            "On the same images, 2 of 4 blocks in each batch (seed 1) lost 7 that all blocks got"
                + " right and won 17: this is of two networks, not of two ways to train.")
        .anySatisfy(text -> assertThat(text).contains("5.96 %", "6.10 %"));
    assertThat(figure(report, "effective-paths").x().categories())
        .containsExactly("all blocks", "2 of 4 blocks in each batch");
    assertThat(figure(report, "effective-paths").series().get(1).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(1.0, 22.0), tuple(2.0, 28.0));
    assertThat(texts(table(report, "effective-paths-pairs").rows().get(0)))
        .containsExactly("2 of 4 blocks in each batch", "1", "1", "7", "17");
    assertThat(texts(table(report, "effective-paths-errors").rows().get(0)))
        .startsWith("all blocks", "1", "2", "20", "20");
  }

  @Test
  void aSeriesIsItsTrainings() {
    TrainingHistory first = training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64));
    TrainingHistory second = training(TrainingWiring.allBlocks(), 2, 22, "2".repeat(64));
    TrainingHistory some = training(TrainingWiring.exactly(2), 1, 24, "3".repeat(64));
    TrainingSeries series = new TrainingSeries(List.of(1L, 2L, 3L), List.of(first, second));

    assertThat(Report.builder().add("all", series).add("some", some).build())
        .isEqualTo(Report.builder().add("all", first, second).add("some", some).build());
    assertThat(Report.of(series)).isEqualTo(Report.of(first, second));
  }

  /** One network of each training, evaluated on the same images, tests no training. */
  @Test
  void oneTrainingOnASideHasNoPValue() {
    Report report =
        Report.builder()
            .add(
                "all",
                training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64)),
                evaluation("1".repeat(64), wrong(20)))
            .add(
                "some",
                training(TrainingWiring.exactly(2), 1, 60, "3".repeat(64)),
                evaluation("3".repeat(64), wrong(60)))
            .build();

    assertThat(section(report, Kind.EFFECTIVE_PATHS).paragraphs())
        .anySatisfy(text -> assertThat(text).contains("no test of the trainings can be made"))
        .anySatisfy(text -> assertThat(text).contains("this is of two networks"))
        .noneMatch(text -> text.contains("p = ") || text.contains("p < "));
    assertThat(section(report, Kind.EFFECTIVE_PATHS).tables())
        .flatExtracting(ReportTable::columns)
        .noneMatch(column -> column.startsWith("p ("));
  }

  @Test
  void trainingsOfUnequalLengthAreNotCompared() {
    TrainingHistory some = training(TrainingWiring.exactly(2), 1, 24, "3".repeat(64));
    TrainingHistory shorter =
        new TrainingHistory(
            some.recipe(),
            some.epochs().subList(0, 1),
            some.trainingSet(),
            some.trainingSha256(),
            some.provenance());
    Report report =
        Report.builder()
            .add(
                "all",
                training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64)),
                training(TrainingWiring.allBlocks(), 2, 22, "2".repeat(64)))
            .add("some", shorter, training(TrainingWiring.exactly(2), 2, 28, "4".repeat(64)))
            .build();

    assertThat(section(report, Kind.EFFECTIVE_PATHS).paragraphs())
        .contains(
            "The trainings are not equally long: 20 steps with all blocks, 10 and 20 with 2 of 4"
                + " blocks in each batch. Their errors differ by that, too, so that they are not"
                + " compared.")
        .noneMatch(text -> text.contains("Welch") || text.contains("points of error"));
  }

  /** As many images, but others: nothing pairs them. */
  @Test
  void evaluationsOfOtherDataAreNotTestedAsPairs() {
    Evaluation some = evaluation("3".repeat(64), wrong(24));
    Provenance p = some.provenance();
    Evaluation elsewhere =
        new Evaluation(
            some.row(),
            p.toBuilder()
                .dataSha256("f".repeat(64))
                .dataset(Optional.empty())
                .fingerprint(Optional.empty())
                .build());
    Report report =
        Report.builder()
            .add(
                "all",
                training(TrainingWiring.allBlocks(), 1, 20, "1".repeat(64)),
                evaluation("1".repeat(64), wrong(20)))
            .add("some", training(TrainingWiring.exactly(2), 1, 24, "3".repeat(64)), elsewhere)
            .build();

    assertThat(section(report, Kind.EFFECTIVE_PATHS).paragraphs())
        .noneMatch(text -> text.contains("On the same images"));
    assertThat(section(report, Kind.EFFECTIVE_PATHS).tables())
        .extracting(ReportTable::name)
        .doesNotContain("effective-paths-pairs");
  }

  /** Blocks that are kept now and then have test-time gains, as those of stochastic depth do. */
  @Test
  void effectivePathsAreNoStochasticDepth() {
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= 4; block++) {
      rows.add(row(PlannedLesion.of(Lesion.delete(block)), IMAGES, wrong(8 + block)));
    }
    Architecture scaled =
        small().toBuilder().mapBlocks(block -> block.withGain(0.5)).name("kept").build();
    String weights = "3".repeat(64);
    TrainingHistory some = training(TrainingWiring.exactly(2), 1, 24, weights);
    TrainingHistory kept =
        new TrainingHistory(
            some.recipe(),
            some.epochs(),
            some.trainingSet(),
            some.trainingSha256(),
            provenance(scaled, weights));
    Report report =
        Report.builder()
            .add("all", deleteEach(small()))
            .add("kept", kept, withWeights(report(scaled, rows), weights))
            .build();

    assertThat(kinds(report)).contains(Kind.EFFECTIVE_PATHS).doesNotContain(Kind.STOCHASTIC_DEPTH);
    assertThat(report.toJson()).doesNotContain("kept, trained with stochastic depth");
  }

  @Test
  void effectivePathsAloneSayThatNothingIsCompared() {
    Report report = Report.of(training(TrainingWiring.exactly(2), 1, 24, "3".repeat(64)));

    assertThat(section(report, Kind.EFFECTIVE_PATHS).paragraphs())
        .contains(
            "No training with all blocks is in this report, so that there is nothing to compare 2"
                + " of 4 blocks in each batch with.");
  }

  @Test
  void stochasticDepthIsRecognisedByItsGains() {
    Architecture twin =
        RESNET.toBuilder().mapBlocks(block -> block.withGain(0.5)).name("sd-20").build();
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= 9; block++) {
      rows.add(row(PlannedLesion.of(Lesion.delete(block)), IMAGES, wrong(8 + block)));
    }
    Report report = Report.of(deleteEach(RESNET), withWeights(report(twin, rows), "d".repeat(64)));

    ReportSection section = section(report, Kind.STOCHASTIC_DEPTH);
    assertThat(section.paragraphs().get(0))
        .isEqualTo(
            "resnet-20 (for how many steps is not in this report): deleting one block costs 51.22 %"
                + " [44.63, 58.16] of the room to chance in the mean and 100.00 % at worst (block"
                + " 9); intact 8.00 % [4.11, 15.00].");
    assertThat(section.paragraphs().get(1))
        .startsWith(
            "sd-20, trained with stochastic depth (for how many steps is not in this report)")
        .contains("costs 6.10 % [");
    assertThat(section.paragraphs().get(2)).contains("one network of one training");
    assertThat(table(report, "stochastic-depth-summary").rows().get(2).get(0).text())
        .isEqualTo("published: pre-activation ResNet-110");
    assertThat(section.paragraphs().get(3))
        .contains(
            "a mean error of 5.33 % and at most 6.88 % (block 1)", "at most 42.15 % (block 1)");
    assertThat(figure(report, "stochastic-depth").series())
        .extracting(Series::label)
        .containsExactly("resnet-20", "sd-20");
    assertThat(figure(report, "delete-one").series())
        .extracting(Series::label)
        .containsExactly(
            "resnet-20", "resnet-20, transition blocks", "published: pre-activation ResNet-20");
  }

  private static LesionReport ofOtherData(LesionReport report) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        report.rows(),
        report.excluded(),
        report.cost(),
        report.records(),
        report.provenance().toBuilder().dataset(Optional.empty()).build());
  }

  /** A common scale with the authors' numbers says something on their data only. */
  @Test
  void theAuthorsNumbersStandBesideThoseOfTheirDataOnly() {
    Architecture twin =
        RESNET.toBuilder().mapBlocks(block -> block.withGain(0.5)).name("sd-20").build();

    Report report =
        Report.of(
            ofOtherData(deleteEach(RESNET)),
            ofOtherData(withWeights(deleteEach(twin), "d".repeat(64))));

    assertThat(table(report, "stochastic-depth-summary").rows())
        .extracting(row -> row.get(0).text())
        .containsExactly("resnet-20", "sd-20");
    assertThat(report.sections())
        .flatExtracting(ReportSection::tables)
        .noneMatch(table -> table.columns().contains("intervals overlap"));
  }

  @Test
  void damageOfANetworkThatDidNotLearnIsNotCompared() {
    Architecture twin =
        RESNET.toBuilder().mapBlocks(block -> block.withGain(0.5)).name("sd-20").build();
    LesionReport unlearned =
        withWeights(
            Rows.report(twin, IMAGES, wrong(60), deleteEach(RESNET).rows()), "d".repeat(64));

    ReportSection section =
        section(Report.of(deleteEach(RESNET), unlearned), Kind.STOCHASTIC_DEPTH);

    assertThat(section.paragraphs().get(1))
        .contains("nothing can be said of its damage. sd-20 did not learn enough: its error is 60");
  }

  /** Deleting three blocks leaves the error of guessing, 90 %. */
  @Test
  void aCurveAtChanceIsNotExplainedByPaths() {
    List<LesionRow> rows = new ArrayList<>(deleteRandom(10).rows());
    rows.removeIf(row -> row.planned().k().orElseThrow() == 3);
    for (int draw = 1; draw <= 10; draw++) {
      rows.add(
          row(
              drawn(Lesion.delete(1 + draw / 6, 3 + draw % 6, 9), 3, draw),
              IMAGES,
              wrong(84 + draw)));
    }

    String text = section(Report.of(report(RESNET, rows)), Kind.DELETE_MANY).paragraphs().get(0);

    assertThat(text)
        .contains("With 3 blocks deleted the error is that of chance (90.00 %) within its interval")
        .doesNotContain("explains");
  }

  @Test
  void effectiveLengthsThatAreMostPathsSupportNothing() {
    assertThat(GradientsSection.few(new EffectiveLengths(2, 8, 0.95, 0.98)))
        .isEqualTo(
            "which is not few (5.00 % or more): this does not support the claim that a few short"
                + " paths carry it");
    assertThat(GradientsSection.few(new EffectiveLengths(5, 17, 0.95, 0.0045)))
        .isEqualTo("which is few (below 5.00 %)");
    assertThat(section(measured(), Kind.PATHS).paragraphs())
        .anySatisfy(text -> assertThat(text).contains("of all paths, which is not few (5.00 %"));
    assertThat(section(measured(), Kind.GRADIENTS).paragraphs().get(0))
        .contains("of all paths, which is not few (5.00 %");
  }

  /** Of records 50 to 99; blocks 1 to 6 are fit on the records before. */
  private static EnsembleAnalysis ensemble(int... blocks) {
    List<LesionRow> rows = new ArrayList<>();
    for (int block : blocks) {
      rows.add(half(deletions().rows().get(block - 1)));
    }
    LesionRow baseline = half(deletions().baseline());
    LesionReport members =
        new LesionReport(
            Lesion.intact(),
            baseline,
            rows,
            List.of(),
            deletions().cost(),
            List.of(new RecordRange(50, 100)),
            deletions().provenance());
    return new EnsembleAnalysis(members, baseline.tallies().get(0));
  }

  private static LesionReport deletions() {
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= 9; block++) {
      BitSet wrong = wrong(block <= 6 ? 10 : 40);
      wrong.set(50, 52 + 3 * block);
      rows.add(row(PlannedLesion.of(Lesion.delete(block)), IMAGES, wrong));
    }
    return report(RESNET, rows);
  }

  private static LesionRow half(LesionRow whole) {
    BitSet wrong = whole.wrongImages().get(50, 100);
    Tally tally = row(whole.planned(), 50, wrong).tallies().get(0);
    return new LesionRow(
        whole.planned(),
        whole.order(),
        List.of(
            new Tally(
                50,
                tally.total(),
                tally.wrong(),
                tally.nonFinite(),
                tally.lossUnits(),
                tally.classTotals(),
                tally.classWrong(),
                tally.correctBits())));
  }

  @Test
  void membersAreChosenOnOtherImages() {
    Report report = Report.of(deletions(), ensemble(1, 2, 3, 4, 5, 6));

    assertThat(section(report, Kind.ENSEMBLE).paragraphs().get(0))
        .contains(
            "6 of the 9 lesioned networks are fit to be members, with an error below half the room"
                + " from the intact network's to chance, decided on other images than these.",
            "Their errors correlate by");
    assertThat(texts(table(report, "ensemble-numbers").rows().get(0))).contains("9", "6");
  }

  @Test
  void membersNearChanceMakeNoEnsemble() {
    BitSet first = new BitSet();
    first.set(0, 50);
    assertThat(EnsembleAnalysis.fitMembers(deletions(), first))
        .extracting(Lesion::toString)
        .containsExactly(
            "delete{1}", "delete{2}", "delete{3}", "delete{4}", "delete{5}", "delete{6}");
    assertThatThrownBy(() -> EnsembleAnalysis.fitMembers(deletions(), new BitSet()))
        .hasMessageStartingWith("the study has no image of the records that members are chosen by");

    Report report = Report.of(deletions(), ensemble(1, 2, 3, 4, 5, 6, 7, 8, 9));

    // Half of the room from 0 to 90 % is reached by 23 of 50 images: block 7 has 23.
    assertThat(section(report, Kind.ENSEMBLE).paragraphs().get(0))
        .contains(
            "6 of the 9 lesioned networks are fit to be members",
            "decided on these very images.",
            "nothing is said of how an ensemble does")
        .doesNotContain("correlate");
    assertThat(texts(table(report, "ensemble-numbers").rows().get(0))).endsWith("–", "–", "–");
  }

  /** Block 1 is worth 30 images, block 2 is worth 10, together they are worth 40 of 100. */
  private static LesionReport subsets() {
    Architecture architecture =
        small().toBuilder()
            .name("two")
            .blocks(Collections.nCopies(2, BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY)))
            .build();
    return Rows.report(
        architecture,
        IMAGES,
        wrong(50),
        List.of(
            row(PlannedLesion.of(Lesion.intact()), IMAGES, wrong(50)),
            row(PlannedLesion.of(Lesion.delete(1)), IMAGES, wrong(80)),
            row(PlannedLesion.of(Lesion.delete(2)), IMAGES, wrong(60)),
            row(PlannedLesion.of(Lesion.delete(1, 2)), IMAGES, wrong(90))));
  }

  @Test
  void blockValuesAreBarsThatAddUp() {
    Report report = Report.of(subsets().blockValues(Payoff.ACCURACY));

    List<Point> bars = figure(report, "block-values").series().get(0).points();
    assertThat(bars).extracting(Point::x).containsExactly(1.0, 2.0);
    assertThat(bars.get(0).y()).isCloseTo(30, within(1e-9));
    assertThat(bars.get(1).y()).isCloseTo(10, within(1e-9));
    assertThat(bars.get(0).interval()).isPresent();
    assertThat(section(report, Kind.BLOCK_VALUES).paragraphs().get(0))
        .startsWith(
            "two, exactly, from all sets of blocks: the branches of 2 blocks together are worth"
                + " +40.00 points of accuracy. Block 1 contributes most (+30.00), block 2 least"
                + " (+10.00).");
    assertThat(table(report, "checks").rows().get(0))
        .extracting(Cell::text)
        .contains("the Shapley values add up to v(all) - v(none)", "passed");
  }

  @Test
  void recalibrationStandsBesideTheTrainedStatistics() {
    LesionReport each = deleteEach(RESNET);
    List<LesionRow> anew = new ArrayList<>();
    for (LesionRow row : each.rows()) {
      anew.add(row(row.planned(), IMAGES, wrong(row.wrong() - 5)));
    }
    Recalibration recalibration =
        new Recalibration(each, anew, each.baseline(), "some images", "f".repeat(64), 20);
    Report report = Report.of(recalibration);

    Figure figure = figure(report, "recalibration");
    assertThat(figure.series().get(1).points().get(1))
        .extracting(Point::x, Point::y)
        .containsExactly(2.0, 15.0);
    assertThat(section(report, Kind.RECALIBRATION).paragraphs().get(0))
        .contains(
            "the median error of 9 lesions is 50.00 %",
            "anew in the lesioned network 45.00 %",
            "Of the 8 lesions that do significant harm, the median share that it undoes is 10.");
    assertThat(section(report, Kind.RECALIBRATION).paragraphs().get(1))
        .startsWith("0 lesions are significantly better for new statistics");
    // Block 2 loses 12 images, of which new statistics win back 5: p = 2 · 2^-5.
    assertThat(texts(table(report, "recalibration-rows").rows().get(2)))
        .startsWith("delete{2}", "20.00")
        .endsWith("-5.00", "0", "5", "0.0625", "0.563", "41.67");
  }

  @Test
  void aFailedCheckIsSaid() {
    Verification verification =
        new Verification(
            List.of(
                new Check("first", OptionalInt.of(1), 0, 0),
                new Check("first", OptionalInt.of(2), 1e-5, 1e-3),
                new Check("second", OptionalInt.empty(), Double.NaN, 1e-3)),
            Parity.none(),
            deleteEach(RESNET).provenance());
    Report report = Report.of(deleteEach(RESNET), verification);

    assertThat(texts(table(report, "checks").rows().get(0)))
        .containsExactly("resnet-20", "first", "2", "1.0e-05", "0.0e+00", "passed");
    assertThat(texts(table(report, "checks").rows().get(1)))
        .containsExactly("resnet-20", "second", "1", "not a number", "1.0e-03", "failed");
    assertThat(section(report, Kind.CHECKS).paragraphs().get(0))
        .isEqualTo("3 kinds of checks were made; 1 failed: the numbers are not to be trusted.");
    assertThat(section(report, Kind.CHECKS).paragraphs().get(1))
        .isEqualTo(
            "Not checked: the logits against those of another implementation; how the numbers"
                + " would vary from training to training.");
    assertThat(verification.toJson())
        .startsWith(
            "{\"schema\":1,\"kind\":\"verification\",\"passed\":false,\"checks\":[{\"name\":"
                + "\"first\",\"block\":1,\"deviation\":0.0,\"limit\":0.0,\"passed\":true}")
        .contains("\"block\":null,\"deviation\":null,\"limit\":0.001,\"passed\":false")
        .contains(
            "\"parity\":{\"compared\":0,\"largest\":0.0,\"mean\":0.0,\"firstDeviation\":null}");
  }

  @Test
  void networksOfOneNameAreToldApartByTheirWeights() {
    Report report =
        Report.of(
            withWeights(deleteEach(RESNET), "0123456789abcdef".repeat(4)),
            withWeights(deleteEach(RESNET), "fedcba9876543210".repeat(4)));

    assertThat(report.results())
        .extracting(LabelledResult::label)
        .containsExactly("resnet-20 (01234567)", "resnet-20 (fedcba98)");
    assertThat(figure(report, "delete-one").series())
        .extracting(Series::label)
        .containsExactly(
            "resnet-20 (01234567)",
            "resnet-20 (fedcba98)",
            "resnet-20 (01234567), transition blocks",
            "published: pre-activation ResNet-20");
  }

  @Test
  void resultsOfANetworkThatHasALabelGoUnderIt() {
    Report report = Report.builder().add(deleteRandom()).add("mine", deleteEach(RESNET)).build();

    assertThat(report.results()).extracting(LabelledResult::label).containsOnly("mine");
    assertThat(report.title()).endsWith(": mine");
  }

  @Test
  void notesAndCommandsStandInTheirSections() {
    Report.Builder builder =
        Report.builder()
            .title("Mine")
            .add(deleteEach(RESNET))
            .note(Kind.DELETE_ONE, "By the way.")
            .commands(Kind.DELETE_ONE, "first", "second")
            .note(Kind.ENSEMBLE, "There is no such result.");
    Report report = builder.build();

    assertThat(report.title()).isEqualTo("Mine");
    assertThat(section(report, Kind.DELETE_ONE).paragraphs()).endsWith("By the way.");
    assertThat(section(report, Kind.DELETE_ONE).commands()).containsExactly("first", "second");
    assertThat(section(report, Kind.PATHS).commands()).isEmpty();
    assertThat(kinds(report)).doesNotContain(Kind.ENSEMBLE);
    assertThat(builder.title("Other").build().title()).isEqualTo("Other");
    assertThat(builder.build()).isEqualTo(report);
  }

  @Test
  void whatHasNothingToShowIsRefused() {
    LesionReport each = deleteEach(RESNET);

    assertThatThrownBy(() -> Report.builder().build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a report needs at least one result, got none; add a lesion report, say");
    assertThatThrownBy(() -> Report.of(report(RESNET, List.of())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "nothing can be reported of the lesion report of resnet-20: the report has no rows, so"
                + " there is nothing to compute; run at least one lesion");
    assertThatThrownBy(
            () ->
                Report.of(
                    Rows.report(
                        RESNET,
                        1,
                        wrong(1),
                        List.of(row(PlannedLesion.of(Lesion.delete(1)), 1, wrong(1))))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "nothing can be reported of the lesion report of resnet-20: the report covers one"
                + " image, but statistics need at least 2; evaluate more");
    assertThatThrownBy(
            () ->
                Report.of(
                    report(RESNET, List.of(row(drawn(Lesion.delete(1), 1, 1), IMAGES, wrong(10))))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("of the lesion report of resnet-20: k = 1 has one draw");
    assertThatThrownBy(
            () ->
                Report.of(
                    report(
                        RESNET,
                        List.of(row(PlannedLesion.of(Lesion.scale(1, 0.5)), IMAGES, wrong(10))))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its rows, of which the first is scale{1=0.5}, are of no study");
    assertThatThrownBy(() -> Report.builder().add("mine", each).add("mine", each).build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("two lesion reports of mine are of the same study");
  }

  @Test
  void evaluationsOfOneImageOrOneClassAreRefused() {
    LesionRow single = row(PlannedLesion.of(Lesion.intact()), 1, wrong(1));
    LesionRow oneClass =
        new LesionRow(
            single.planned(),
            List.of(),
            List.of(new Tally(0, 2, 0, 0, BigInteger.ZERO, List.of(2, 0), List.of(0, 0), "Aw==")));
    Provenance provenance = provenance(RESNET, "a".repeat(64));

    assertThatThrownBy(() -> Report.of(new Evaluation(single, provenance)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "nothing can be reported of the evaluation of resnet-20: it covers one image, but"
                + " there must be at least 2; evaluate more");
    assertThatThrownBy(() -> Report.of(new Evaluation(oneClass, provenance)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("all 2 images are of one class");
  }

  @Test
  void namesInAReportAreUnique() {
    Figure figure = figure(Report.of(deleteEach(RESNET)), "delete-one");
    ReportSection section =
        new ReportSection(
            Kind.NETWORK, "Twice", List.of(), List.of(figure, figure), List.of(), List.of());

    assertThatThrownBy(() -> new Report("Twice", List.of(), List.of(), List.of(section), List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a figure has the name 'delete-one', which is taken in this report; files are named"
                + " after it, so give another");
  }

  private static final Architecture TINY =
      Architecture.builder("tiny")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(
              List.of(
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 2, Shortcut.ZERO_PAD_EVEN)))
          .classes(3)
          .build();

  private static ImageSet images() {
    Random random = new Random(1);
    byte[] pixels = new byte[12 * 3 * 6 * 6];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, random.ints(12, 0, 3).toArray(), 3);
  }

  private static Report measured() {
    ImageSet images = images();
    try (ResidualModel model =
        ResidualModel.open(new ReferenceBackend(), new RandomWeights(TINY, 5))) {
      return Report.of(
          model.evaluate(images),
          model.lesions().deleteEachBlock().run(images),
          model.lesions().deleteRandom(1, 2).draws(3).seed(1).run(images),
          model.gradients().exact().run(images.batch(6)),
          model.gradients().sampled(4).run(images.batch(6)),
          model.gradients().signs(2).run(images.batch(6)),
          model
              .lesions()
              .plan(LesionPlan.deleteSubsets())
              .run(images)
              .blockValues(Payoff.NEGATIVE_LOSS),
          model.lesions().deleteEachBlock().runAsEnsemble(images),
          model.verify(images.batch(4)));
    }
  }

  @Test
  void gradientsThatShareAFigureAreOfTheSameImages() {
    ImageSet images = images();
    RunOptions five = RunOptions.defaults().withBatchSize(5);
    try (ResidualModel model =
        ResidualModel.open(new ReferenceBackend(), new RandomWeights(TINY, 5))) {
      Report report =
          Report.of(
              model.gradients().exact().options(five).run(images),
              model.gradients().sampled(4).options(five).run(images.range(0, 5)),
              model.gradients().signs(2).options(five).run(images.range(0, 10)));
      assertThat(figure(report, "gradient-norms").title())
          .isEqualTo("Gradient norm by path length (records [0, 10))");
      assertThat(figure(report, "gradient-norms").series())
          .extracting(Series::label)
          .noneMatch(label -> label.contains("4 sampled paths"))
          .hasSize(3);
      assertThat(figure(report, "gradient-norms-2").series())
          .extracting(Series::label)
          .containsExactly("tiny, mean norm of a path (4 sampled paths of each length)");
      assertThat(figure(report, "gradient-by-length-2").title()).endsWith(" (records [0, 5))");
      assertThat(section(report, Kind.GRADIENTS).paragraphs().get(0))
          .contains("nats on 10 images; 2 images that filled no batch left out, BatchNorm");
    }
  }

  @Test
  void aMeasuredNetworkHasAllItsSections() {
    Report report = measured();

    assertThat(kinds(report))
        .containsExactly(
            Kind.DELETE_ONE,
            Kind.DELETE_MANY,
            Kind.PATHS,
            Kind.GRADIENTS,
            Kind.BLOCK_VALUES,
            Kind.ENSEMBLE,
            Kind.CHECKS,
            Kind.NETWORK);
    assertThat(figure(report, "gradient-norms").y().scale()).isEqualTo(Figure.Scale.LOGARITHMIC);
    assertThat(figure(report, "gradient-norms").series())
        .extracting(Series::label)
        .containsExactly(
            "tiny, norm of the sum of all paths (exact sums)",
            "tiny, mean norm of a path (4 sampled paths of each length)",
            "tiny, root mean square norm of a path (exact sums with 2 draws of random signs)",
            "tiny, norm of the sum of all paths (exact sums with 2 draws of random signs)");
    double weights =
        figure(report, "gradient-by-length").series().get(0).points().stream()
            .mapToDouble(Point::y)
            .sum();
    double shares =
        figure(report, "gradient-by-length").series().get(1).points().stream()
            .mapToDouble(Point::y)
            .sum();
    assertThat(weights).isCloseTo(100, within(1e-6));
    assertThat(shares).isCloseTo(100, within(1e-3));
    assertThat(figure(report, "gradient-path-lengths").series())
        .extracting(Series::label)
        .containsExactly("all paths", "effective lengths");
    EnsembleAnalysis ensemble =
        report.results().stream()
            .map(LabelledResult::result)
            .filter(EnsembleAnalysis.class::isInstance)
            .map(EnsembleAnalysis.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(figure(report, "ensemble").series().get(0).points().get(1).y())
        .isCloseTo(100 * ensemble.meanErrorRate(), within(1e-9));
    assertThat(section(report, Kind.CHECKS).paragraphs().get(0)).endsWith("all passed.");
    assertThat(section(report, Kind.CHECKS).paragraphs().get(1))
        .contains("the sampled gradients of tiny against the ordinary gradient");
    assertThat(report.figures().stream().map(Figure::description))
        .allSatisfy(description -> assertThat(description).hasSizeGreaterThan(60).endsWith("."));
  }

  @Test
  void theSameMeasurementGivesTheSameReport() {
    assertThat(measured().toJson())
        .isEqualTo(measured().toJson())
        .doesNotContain("seconds", "java");
  }

  @Test
  void everyFigureTableAndResultIsWrittenToItsFile() throws IOException {
    Report report = Report.of(deleteEach(RESNET), deleteRandom());
    Path target = folder.resolve("new/report");

    report.writeTo(target);

    List<String> files;
    try (Stream<Path> list = Files.list(target)) {
      files = list.map(file -> file.getFileName().toString()).sorted().toList();
    }
    List<String> expected = new ArrayList<>(List.of("report.json", "claims.csv"));
    for (Figure figure : report.figures()) {
      expected.add(figure.name() + ".json");
      expected.add(figure.name() + ".csv");
    }
    for (ReportSection section : report.sections()) {
      for (ReportTable table : section.tables()) {
        expected.add(table.name() + ".json");
        expected.add(table.name() + ".csv");
      }
    }
    expected.addAll(List.of("result-1-delete-one.json", "result-2-delete-many.json"));
    assertThat(files).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(target.resolve("result-1-delete-one.json")).hasContent(deleteEach(RESNET).toJson());
    assertThat(Files.readString(target.resolve("delete-one.csv")))
        .startsWith("series,x,y,low,high\nresnet-20,1,10,");
    JsonObject json =
        JsonParser.parseString(Files.readString(target.resolve("report.json"))).getAsJsonObject();
    assertThat(json.get("kind").getAsString()).isEqualTo("report");
    assertThat(json.getAsJsonArray("sections").get(0).getAsJsonObject().get("kind").getAsString())
        .isEqualTo("delete_one");
    assertThat(json.getAsJsonArray("results").get(1).getAsJsonObject().toString())
        .isEqualTo(
            "{\"label\":\"resnet-20\",\"name\":\"result-2-delete-many\",\"architecture\":"
                + "\"resnet-20\",\"weightsSha256\":\""
                + "a".repeat(64)
                + "\",\"trained\":true,\"data\":\"hand-made images\",\"dataSha256\":\""
                + "b".repeat(64)
                + "\",\"precision\":\"FLOAT32\",\"batchSize\":50}");
  }

  @Test
  void aFolderThatCannotBeIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> Report.of(deleteEach(RESNET)).writeTo(file))
        .isInstanceOf(FileAccessException.class)
        .hasMessageStartingWith("cannot create the folder " + file + ": ");
  }

  @Test
  void spreadsheetsTakeNoTextForAFormula() {
    List<List<Cell>> rows =
        Stream.of("=1+1", "+x", "-x", "@x", " =x", "-12.5", "a=b")
            .map(text -> List.of(Cell.of(text), Cell.of(-1.5e-9, "-1.5e-9")))
            .toList();

    assertThat(new ReportTable("cells", "title", List.of("=head", "n"), rows).toCsv())
        .isEqualTo(
            """
            '=head,n
            '=1+1,-1.5E-9
            '+x,-1.5E-9
            '-x,-1.5E-9
            '@x,-1.5E-9
            ' =x,-1.5E-9
            -12.5,-1.5E-9
            a=b,-1.5E-9
            """);
  }

  @Test
  void whatCannotBeShownIsNoTextOfATable() {
    List<List<Cell>> rows = List.of(List.of(Cell.of("a\u001bb")));
    assertThatThrownBy(() -> new ReportTable("cells", "title", List.of("a"), rows))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a text of the table cells has the character U+001B, which cannot be shown: a?b");
  }
}
