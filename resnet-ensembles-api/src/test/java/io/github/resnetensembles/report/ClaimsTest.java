package io.github.resnetensembles.report;

import static io.github.resnetensembles.lesion.Rows.drawn;
import static io.github.resnetensembles.lesion.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Claim.Kind;
import io.github.resnetensembles.report.Claim.Verdict;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What the claims look at. The rules' edges are in {@link ClaimRulesTest}. */
class ClaimsTest {
  private static final int IMAGES = 1000;
  private static final Architecture RESNET = Architecture.preResnet(20);
  private static final Architecture PLAIN = Architecture.plain(20);

  private static BitSet wrong(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return bits;
  }

  /** The intact network errs on so many images, and without block b on so many. */
  private static LesionReport deletions(
      Architecture architecture, int intact, IntUnaryOperator wrong) {
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= architecture.size(); block++) {
      rows.add(row(PlannedLesion.of(Lesion.delete(block)), IMAGES, wrong(wrong.applyAsInt(block))));
    }
    return Rows.report(architecture, IMAGES, wrong(intact), rows);
  }

  private static Claim claim(Report report, Kind kind) {
    return report.claims().stream().filter(claim -> claim.kind() == kind).findFirst().orElseThrow();
  }

  private static Verdict oneDeletion(LesionReport report) {
    return claim(Report.of(report), Kind.ONE_DELETION).verdict();
  }

  /** An untrained network can be at chance exactly: there is no room to have a share of. */
  @Test
  void aNetworkAtChanceHasNoDamageToDraw() {
    assertThat(Report.of(deletions(RESNET, 900, block -> 880)).figures())
        .extracting(Figure::name)
        .contains("delete-one")
        .doesNotContain("delete-one-damage");
    assertThat(Report.of(deletions(RESNET, 899, block -> 880)).figures())
        .extracting(Figure::name)
        .contains("delete-one-damage");
  }

  @Test
  void aReportJudgesEveryClaim() {
    Report report = Report.of(deletions(RESNET, 10, block -> 10));

    assertThat(report.claims()).extracting(Claim::kind).containsExactly(Kind.values());
    assertThat(claim(report, Kind.PLAIN_NETWORK).finding())
        .isEqualTo("No network without skip connections is in this report.");
    assertThat(report.claims())
        .filteredOn(claim -> claim.kind() != Kind.ONE_DELETION)
        .extracting(Claim::verdict)
        .containsOnly(Verdict.CANNOT_BE_SHOWN);
    JsonObject json =
        JsonParser.parseString(report.toJson())
            .getAsJsonObject()
            .getAsJsonArray("claims")
            .get(0)
            .getAsJsonObject();
    assertThat(json.get("kind").getAsString()).isEqualTo("one_deletion");
    assertThat(json.get("verdict").getAsString()).isEqualTo("shown");
  }

  /** Half of the blocks may cost everything: the claim is about the median. */
  @Test
  void oneDeletionIsJudgedByTheMedianShare() {
    assertThat(oneDeletion(deletions(RESNET, 10, block -> block < 5 ? 900 : 12)))
        .isEqualTo(Verdict.SHOWN);
    assertThat(oneDeletion(deletions(RESNET, 10, block -> block < 6 ? 900 : 12)))
        .isEqualTo(Verdict.NOT_SHOWN);
    assertThat(oneDeletion(deletions(RESNET, 10, block -> 26))).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void aNetworkThatDidNotLearnShowsNothing() {
    Report report = Report.of(deletions(RESNET, 420, block -> 430));

    assertThat(claim(report, Kind.ONE_DELETION).verdict()).isEqualTo(Verdict.CANNOT_BE_SHOWN);
    assertThat(claim(report, Kind.ONE_DELETION).finding())
        .isEqualTo(
            "preresnet-20 did not learn enough: its error is 42.00 % [38.98, 45.08], and half of"
                + " chance is 45.00 %.");
    assertThat(claim(report, Kind.ONE_DELETION).measured()).isEmpty();
  }

  @Test
  void thePlainTwinIsFound() {
    Report report =
        Report.builder()
            .add("resnet", deletions(RESNET, 10, block -> 10))
            .add("plain", deletions(PLAIN, 10, block -> 800))
            .build();

    Claim claim = claim(report, Kind.PLAIN_NETWORK);
    assertThat(claim.verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(claim.finding())
        .startsWith("plain: the median deletion costs 88.76 %")
        .contains(" With skip connections (resnet, 9 blocks) it costs 0.00 % [");
    assertThat(claim.measured().orElseThrow().value()).isEqualTo(790.0 / 890);
  }

  @Test
  void randomDeletionsAreACurve() {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 5; k++) {
      for (int draw = 1; draw <= 10; draw++) {
        Lesion lesion = Lesion.delete(1 + (draw - 1) / 5, 3 + (draw - 1) % 5);
        rows.add(row(drawn(lesion, k, draw), IMAGES, wrong(10 + 100 * k + draw)));
      }
    }

    Claim claim =
        claim(Report.of(Rows.report(RESNET, IMAGES, wrong(10), rows)), Kind.MANY_DELETIONS);

    assertThat(claim.verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(claim.finding())
        .startsWith("preresnet-20, on 1000 images: mean error 1.00 % intact, 31.55 %")
        .endsWith(" at 5.");
  }

  @Test
  void anUndecidedCurveNamesTheStepInDoubt() {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      for (int draw = 1; draw <= 10; draw++) {
        Lesion lesion = Lesion.delete(1 + (draw - 1) / 5, 3 + (draw - 1) % 5);
        int wrong = k == 1 ? 10 + draw : 55 * draw;
        rows.add(row(drawn(lesion, k, draw), IMAGES, wrong(wrong)));
      }
    }

    Claim claim =
        claim(Report.of(Rows.report(RESNET, IMAGES, wrong(10), rows)), Kind.MANY_DELETIONS);

    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.finding())
        .matches(".* The step to 2 may be of [34]\\d points, a third of the room is 30\\.");
  }

  /** Ten draws of one lesion are one draw. */
  @Test
  void aCurveNeedsDifferentDraws() {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 5; k++) {
      for (int draw = 1; draw <= 10; draw++) {
        rows.add(row(drawn(Lesion.delete(1, 1 + k), k, draw), IMAGES, wrong(10 + 100 * k + draw)));
      }
    }

    Claim claim =
        claim(Report.of(Rows.report(RESNET, IMAGES, wrong(10), rows)), Kind.MANY_DELETIONS);

    assertThat(claim.verdict()).isEqualTo(Verdict.CANNOT_BE_SHOWN);
    assertThat(claim.finding())
        .isEqualTo("A curve needs two points of at least 10 different draws each.");
  }

  private static TrainingHistory training(TrainingWiring wiring, long steps, int wrong) {
    LesionReport report = deletions(RESNET, 10, block -> 10);
    return new TrainingHistory(
        TrainingRecipe.quick().toBuilder().wiring(wiring).build(),
        List.of(EpochRecord.builder(1, steps).total(IMAGES).wrong(wrong).build()),
        "hand-made",
        "c".repeat(64),
        report.provenance());
  }

  private static Claim effective(long steps, int wrong) {
    return claim(
        Report.builder()
            .add("full", training(TrainingWiring.allBlocks(), 100, 10))
            .add("some", training(TrainingWiring.exactly(4), steps, wrong))
            .build(),
        Kind.EFFECTIVE_TRAINING);
  }

  @Test
  void trainingsAreComparedAtEqualSteps() {
    assertThat(effective(100, 10).verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(effective(100, 20).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(effective(100, 60).verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(effective(200, 10).verdict()).isEqualTo(Verdict.CANNOT_BE_SHOWN);
    assertThat(effective(200, 10).finding())
        .isEqualTo(
            "The trainings are not alike: 100 steps with all blocks, 200 with the effective paths.");
  }

  /** Damage is compared as a share: the network with the larger error may be the more robust. */
  @Test
  void robustnessIsComparedByShares() {
    Architecture twin = RESNET.toBuilder().mapBlocks(block -> block.withGain(0.75)).build();
    Report report =
        Report.builder()
            .add("without", deletions(RESNET, 10, block -> 200))
            .add("with", deletions(twin, 100, block -> 150))
            .build();

    Claim claim = claim(report, Kind.STOCHASTIC_DEPTH);

    assertThat(claim.verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(claim.finding()).contains("(one training each, of unknown steps and unknown steps)");
    assertThat(claim.measured().orElseThrow().value())
        .isCloseTo(50.0 / 800 - 190.0 / 890, within(1e-12));
  }
}
