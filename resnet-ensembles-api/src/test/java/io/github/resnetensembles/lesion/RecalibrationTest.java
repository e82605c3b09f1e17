package io.github.resnetensembles.lesion;

import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.MergeOption;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecalibrationTest {
  private static final Architecture NETWORK = Architecture.resnet(8);
  private static final int IMAGES = 40;

  /** Images from..to-1 are wrong. */
  private static LesionRow row(Lesion lesion, int from, int to) {
    BitSet wrong = new BitSet();
    range(from, to).forEach(wrong::set);
    return Rows.row(PlannedLesion.of(lesion), IMAGES, wrong);
  }

  private static LesionReport report(LesionRow... rows) {
    return Rows.report(NETWORK, IMAGES, Rows.bits(0, 1), List.of(rows));
  }

  /** The network is wrong on the images 0 and 1. */
  private static Recalibration result() {
    return new Recalibration(
        report(
            row(Lesion.delete(1), 0, 22),
            row(Lesion.delete(2), 0, 12),
            row(Lesion.delete(3), 0, 5)),
        List.of(
            row(Lesion.delete(1), 10, 17),
            row(Lesion.delete(2), 0, 17),
            row(Lesion.delete(3), 0, 2)),
        row(Lesion.intact(), 1, 2),
        "calibration images",
        "c".repeat(64),
        128);
  }

  @Test
  void testsCompareTheSameLesionWithBothStatistics() {
    List<PairedTest> tests = result().pairedTests();

    assertThat(tests).extracting(PairedTest::lost).containsExactly(0, 5, 0);
    assertThat(tests).extracting(PairedTest::won).containsExactly(15, 0, 3);
    double first = Math.pow(2, -14);
    assertThat(tests).extracting(PairedTest::pValue).containsExactly(first, 0.0625, 0.25);
    assertThat(tests).extracting(PairedTest::holm).containsExactly(3 * first, 0.125, 0.25);
    assertThat(tests)
        .extracting(PairedTest::benjaminiHochberg)
        .containsExactly(3 * first, 1.5 * 0.0625, 0.25);
    assertThat(tests.get(1).planned().lesion()).isEqualTo(Lesion.delete(2));
  }

  /** Damages of 20, 10 and 3 images, the last of which may be chance: p = 0.25. */
  @Test
  void whatIsRecoveredIsAShareOfACertainDamage() {
    assertThat(result().recovered())
        .containsExactly(
            OptionalDouble.of(15.0 / 20), OptionalDouble.of(-5.0 / 10), OptionalDouble.empty());
  }

  @Test
  void aBetterNetworkHasNoDamageToRecover() {
    BitSet many = new BitSet();
    many.set(0, 30);
    LesionReport report = Rows.report(NETWORK, IMAGES, many, List.of(row(Lesion.delete(1), 0, 3)));
    Recalibration result =
        new Recalibration(
            report,
            List.of(row(Lesion.delete(1), 0, 2)),
            row(Lesion.intact(), 0, 30),
            "calibration images",
            "c".repeat(64),
            2);

    assertThat(result.recovered()).containsExactly(OptionalDouble.empty());
  }

  @Test
  void jsonIsReadBack() {
    Recalibration result = result();
    String json = result.toJson();

    Recalibration read = Recalibration.fromJson(json);
    assertThat(read)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*\\.order")
        .isEqualTo(result);
    assertThat(read.toJson()).isEqualTo(json);
    assertThat(json)
        .startsWith(
            "{\"schema\":1,\"kind\":\"recalibration\",\"calibration\":\"calibration images\"")
        .contains("\"calibrationBatchSize\":128")
        .contains("{\"lesion\":\"delete{1}\",\"recovered\":0.75,\"lost\":0,\"won\":15,")
        .contains("{\"lesion\":\"delete{3}\",\"recovered\":null,");
    assertThatThrownBy(() -> Recalibration.fromJson(result.report().toJson()))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the text is no recalibration: its field 'kind' is not 'recalibration'");
    assertThatThrownBy(() -> Recalibration.fromJson(json.replace("\"schema\":1", "\"schema\":2")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the text.schema must be 1");
    assertThatThrownBy(
            () -> Recalibration.fromJson(json.replaceFirst("\"blocks\":\\[1\\]", "\"blocks\":[2]")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the text: the recalibrated rows are of the lesions [delete{2}");
  }

  private static Recalibration piece(Lesion lesion, String calibration, int batchSize, int wrong) {
    return new Recalibration(
        report(row(lesion, 0, 22)),
        List.of(row(lesion, 10, 17)),
        row(Lesion.intact(), 1, 1 + wrong),
        calibration,
        "c".repeat(64),
        batchSize);
  }

  private static void refused(String message, Recalibration... pieces) {
    assertThatThrownBy(() -> Recalibration.merge(List.of(pieces), MergeOption.ALLOW_UNVERIFIED))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void piecesOfOneStudyMerge() {
    Recalibration two = piece(Lesion.delete(2), "x", 128, 1);
    Recalibration one = piece(Lesion.delete(1), "x", 128, 1);
    Recalibration merged =
        Recalibration.merge(List.of(two, one, two), MergeOption.ALLOW_UNVERIFIED);
    assertThat(merged.recalibrated())
        .extracting(row -> row.lesion())
        .containsExactly(Lesion.delete(1), Lesion.delete(2));
    assertThat(merged.recalibrated().get(0)).isEqualTo(one.recalibrated().get(0));
    assertThat(merged.recalibratedBaseline()).isEqualTo(one.recalibratedBaseline());
    assertThat(merged.calibration()).isEqualTo("x");
    assertThat(merged.batchSize()).isEqualTo(128);
    assertThatThrownBy(() -> Recalibration.merge(List.of(one, two)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("has no fingerprint");
  }

  @Test
  void otherStudiesDoNotMerge() {
    Recalibration piece = piece(Lesion.delete(1), "x", 128, 1);
    refused("there is nothing to merge: give at least one result");
    refused(
        "the results differ in their calibration images: x and y",
        piece,
        piece(Lesion.delete(2), "y", 128, 1));
    refused(
        "the results differ in their batch size of the calibration: 128 and 64",
        piece,
        piece(Lesion.delete(2), "x", 64, 1));
    refused("the baselines disagree", piece, piece(Lesion.delete(2), "x", 128, 2));
    Recalibration other =
        new Recalibration(
            piece.report(),
            List.of(row(Lesion.delete(1), 10, 18)),
            piece.recalibratedBaseline(),
            "x",
            "c".repeat(64),
            128);
    refused("the results of delete{1} disagree", piece, other);
  }

  @Test
  void piecesOfImagesNeedAllLesions() {
    Recalibration piece = piece(Lesion.delete(1), "x", 128, 1);
    LesionReport more = Rows.report(NETWORK, 50, Rows.bits(0, 1, 44), List.of());
    Recalibration longer =
        new Recalibration(more, List.of(), more.baseline(), "x", "c".repeat(64), 128);
    refused(
        "the results of delete{1} are of 40 images, those of the baseline of 50; merge pieces that"
            + " have all lesions for all images",
        piece, longer);
  }

  @Test
  void csvHasALineForEachLesion() {
    assertThat(result().toCsv().lines())
        .hasSize(4)
        .startsWith(
            "lesion,k,draw,total,wrong,errorRate,loss,recalibratedWrong,recalibratedErrorRate,"
                + "recalibratedLoss,recovered,lost,won,pValue,holm,benjaminiHochberg,baselineWrong,"
                + "recalibratedBaselineWrong",
            "delete{1},,,40,22,0.55,1.0,7,0.175,1.0,0.75,0,15,6.103515625E-5,1.8310546875E-4,"
                + "1.8310546875E-4,2,1")
        .last()
        .asString()
        .startsWith("delete{3},,,40,5,0.125,1.0,2,0.05,1.0,,0,3,0.25,");
  }

  @Test
  void rowsMustBelongTogether() {
    LesionReport report = report(row(Lesion.delete(1), 0, 3));
    assertThatThrownBy(
            () ->
                new Recalibration(
                    report,
                    List.of(row(Lesion.delete(2), 0, 3)),
                    row(Lesion.intact(), 0, 2),
                    "x",
                    "c".repeat(64),
                    2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the recalibrated rows are of the lesions [delete{2}], the report's of [delete{1}]");
    assertThatThrownBy(
            () ->
                new Recalibration(
                    report,
                    List.of(row(Lesion.delete(1), 0, 3)),
                    Rows.row(PlannedLesion.of(Lesion.intact()), 39, new BitSet()),
                    "x",
                    "c".repeat(64),
                    2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the row intact covers 39 images, but the report's baseline others: 40");
  }
}
