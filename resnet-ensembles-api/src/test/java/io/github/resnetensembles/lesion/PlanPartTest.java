package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pieces of plans know which they are, and so do reports of them. */
class PlanPartTest {
  private static final Architecture NETWORK = TinyNetworks.postActivation();
  private static final String HASH = "0".repeat(64);

  private static ImageSet images() {
    FeatureShape shape = new FeatureShape(3, 8, 8);
    byte[] pixels = new byte[12 * shape.size()];
    new Random(1).nextBytes(pixels);
    return ImageSets.of(shape, pixels, new Random(2).ints(12, 0, 3).toArray(), 3);
  }

  private static LesionStudy study(ResidualModel model) {
    return model.lesions().options(RunOptions.defaults().withBatchSize(4));
  }

  private static ResidualModel model() {
    return ResidualModel.open(
        new ReferenceBackend(),
        new RandomWeights(NETWORK, 5),
        ModelOptions.defaults().withThreads(1));
  }

  private static String comparable(LesionReport report) {
    JsonObject json = JsonParser.parseString(report.toJson()).getAsJsonObject();
    json.remove("provenance");
    return json.toString();
  }

  /** By hand, so that no order of the library's own holds it together. */
  private static final LesionPlan PLAN =
      LesionPlan.of(Lesion.delete(3), Lesion.delete(1), Lesion.scale(2, 0.5), Lesion.delete(1, 2))
          .build(NETWORK);

  @Test
  void pieces() {
    LesionPlan piece = PLAN.part(List.of(2, 4));
    assertThat(piece.rows()).containsExactly(PLAN.rows().get(1), PLAN.rows().get(3));
    PlanPart part = piece.part().orElseThrow();
    assertThat(part.sha256()).isEqualTo(PLAN.sha256());
    assertThat(part.size()).isEqualTo(4);
    assertThat(part.numbers()).containsExactly(2, 4);
    assertThat(part.rows()).containsExactly(new RecordRange(2, 3), new RecordRange(4, 5));
    assertThat(part.missing()).containsExactly(new RecordRange(1, 2), new RecordRange(3, 4));
    assertThat(part.isWhole()).isFalse();
    assertThat(part.shard()).isEmpty();

    LesionPlan pieceOfPiece = piece.part(List.of(2));
    assertThat(pieceOfPiece.part().orElseThrow().numbers()).containsExactly(4);
    assertThat(pieceOfPiece.part().orElseThrow().sha256()).isEqualTo(PLAN.sha256());

    LesionPlan shard = PLAN.shard(1, 2);
    assertThat(shard.part().orElseThrow().numbers()).containsExactly(1, 3);
    assertThat(shard.part().orElseThrow().shard()).contains("1/2");
    assertThat(PLAN.shard(1, 1)).isEqualTo(PLAN);
    assertThat(LesionPlan.fromJson(shard.toJson())).isEqualTo(shard);
    assertThat(LesionPlan.fromJson(PLAN.toJson())).isEqualTo(PLAN);
    assertThat(PLAN.toJson()).doesNotContain("\"part\"");
  }

  @Test
  void hashesAreOfRowsBlocksAndExclusionAlone() {
    LesionPlan renamed =
        new LesionPlan(PLAN.blocks(), "another name", PLAN.excluded(), PLAN.rows());
    assertThat(renamed.sha256()).isEqualTo(PLAN.sha256());
    assertThat(PLAN.part(List.of(1, 2, 3)).sha256()).isNotEqualTo(PLAN.sha256());
    assertThat(new LesionPlan(4, "", List.of(), PLAN.rows()).sha256()).isNotEqualTo(PLAN.sha256());
    assertThat(new LesionPlan(3, "", List.of(2), PLAN.rows()).sha256()).isNotEqualTo(PLAN.sha256());
  }

  @Test
  void allShardsAreTheWholeAndSomeAreNot() {
    try (ResidualModel model = model()) {
      LesionReport whole = study(model).plan(PLAN).run(images());
      LesionReport first = study(model).plan(PLAN).shard(1, 3).run(images());
      LesionReport second = study(model).plan(PLAN).shard(2, 3).run(images());
      LesionReport third = study(model).plan(PLAN).shard(3, 3).run(images());
      assertThat(whole.plan().orElseThrow().isWhole()).isTrue();
      assertThat(List.of(whole, first, second, third)).allMatch(LesionReport::complete);
      assertThat(first.toJson()).contains("\"shard\":\"1/3\"");

      LesionReport one = LesionReport.merge(first);
      assertThat(one.complete()).isFalse();
      assertThat(one.missing()).containsExactly("rows 2 to 3 of 4");

      LesionReport some = LesionReport.merge(third, first, first);
      assertThat(some.complete()).isFalse();
      assertThat(some.missing()).containsExactly("row 2 of 4");
      assertThat(some.toJson()).contains("\"complete\":false");
      assertThat(LesionReport.fromJson(some.toJson())).isEqualTo(some);

      LesionReport all = LesionReport.merge(some, second);
      assertThat(comparable(all)).isEqualTo(comparable(whole));
      assertThat(all.missing()).isEmpty();
    }
  }

  @Test
  void rangesOfRecordsAskForAll() {
    try (ResidualModel model = model()) {
      LesionStudy study = study(model).plan(PLAN);
      LesionReport some = study.records(new RecordRange(4, 12)).run(images());
      assertThat(some.complete()).isFalse();
      assertThat(some.missing())
          .containsExactly("in 5 of 5 rows, the intact network's included, records 0 to 3");
      LesionReport all =
          LesionReport.merge(some, study.records(new RecordRange(0, 4)).run(images()));
      assertThat(comparable(all)).isEqualTo(comparable(study.run(images())));
      assertThatThrownBy(() -> study.records(new RecordRange(8, 13)).run(images()))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("[8, 13) are not among those of the images, [0, 12)");
    }
  }

  @Test
  void reportsOfDifferentPlansKnowNoPlan() {
    try (ResidualModel model = model()) {
      LesionReport merged =
          LesionReport.merge(
              study(model).lesions(Lesion.delete(1)).run(images()),
              study(model).lesions(Lesion.delete(2)).run(images()));
      assertThat(merged.plan()).isEmpty();
      assertThat(merged.complete()).isTrue();
    }
  }

  @Test
  void partsOfJoinedPlansKnowWhetherTheyAreWhole() {
    try (ResidualModel model = model()) {
      LesionStudy both = study(model).deleteEachBlock().plan(LesionPlan.deleteEachSkip());
      LesionReport each = study(model).deleteEachBlock().run(images());
      LesionReport whole = both.run(images());
      assertThat(comparable(whole.byPlan().get(0))).isEqualTo(comparable(each));
      List<LesionReport> parts =
          LesionReport.merge(both.shard(1, 3).run(images()), both.shard(2, 3).run(images()))
              .byPlan();
      assertThat(parts).noneMatch(LesionReport::complete);
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> PLAN.part(List.of(0))).hasMessageContaining("numbered from 1 to 4");
    assertThatThrownBy(() -> PLAN.part(List.of(2, 2))).hasMessageContaining("got 2 after 2");
    assertThatThrownBy(() -> PLAN.part(List.of(5))).isInstanceOf(InvalidLesionException.class);
    assertThatThrownBy(
            () ->
                new PlanPart(
                    HASH,
                    4,
                    List.of(new RecordRange(1, 2), new RecordRange(2, 3)),
                    Optional.empty()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("do not touch");
    assertThatThrownBy(
            () -> new PlanPart(HASH, 4, List.of(new RecordRange(4, 6)), Optional.empty()))
        .hasMessageContaining("1 to 4");
    assertThatThrownBy(
            () -> new PlanPart(HASH, 4, List.of(new RecordRange(0, 2)), Optional.empty()))
        .hasMessageContaining("1 to 4");
    assertThatThrownBy(() -> new PlanPart("", 4, List.of(), Optional.empty()))
        .hasMessageContaining("sha256");
    assertThatThrownBy(
            () ->
                new LesionPlan(
                    3,
                    "",
                    List.of(),
                    PLAN.rows(),
                    Optional.of(PlanPart.of(HASH, 9, List.of(1, 2)))))
        .hasMessageContaining("has 4 rows, but the part that it is of another has 2");
    try (ResidualModel model = model()) {
      LesionReport report = study(model).plan(PLAN).run(images());
      assertThatThrownBy(() -> report.withPlan(PlanPart.whole(HASH, 3)))
          .hasMessageContaining("has 4 rows, but says that it has 3");
    }
  }
}
