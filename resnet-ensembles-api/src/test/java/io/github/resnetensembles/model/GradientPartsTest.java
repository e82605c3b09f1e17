package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of some of the batches of a set. */
class GradientPartsTest {
  private static final Architecture NETWORK =
      Architecture.builder("tiny")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(3))
          .blocks(Collections.nCopies(5, BlockSpec.of(BlockKind.BASIC, 3, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  /** Eight batches of 3 images, from record 5 on, and 2 that fill none. */
  private static final ImageSet IMAGES = images(40).range(5, 26);

  private static ImageSet images(int count) {
    Random random = new Random(1);
    byte[] pixels = new byte[count * 3 * 6 * 6];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, random.ints(count, 0, 3).toArray(), 3);
  }

  private static ResidualModel model() {
    return ResidualModel.open(new ReferenceBackend(), new RandomWeights(NETWORK, 1));
  }

  private static GradientProbe probe(ResidualModel model) {
    return model.gradients().options(RunOptions.defaults().withBatchSize(3));
  }

  /** What a probe may measure. */
  enum Kind {
    EXACT,
    PARAMETERS,
    SAMPLED,
    SIGNS,
    ONE_PATH;

    GradientProbe of(GradientProbe probe) {
      return switch (this) {
        case EXACT -> probe.exact();
        case PARAMETERS -> probe.parameters().tolerance(0.01);
        case SAMPLED -> probe.sampled(2).seed(7);
        case SIGNS -> probe.signs(2).seed(7);
        case ONE_PATH -> probe.path(1, 4);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPartIsThatOfTheWholeRun(Kind kind) {
    try (ResidualModel model = model()) {
      GradientProbe probe = kind.of(probe(model));
      PathGradients whole = probe.run(IMAGES);
      PathGradients part = probe.batches(3, 5).run(IMAGES);
      assertThat(part.batches()).isEqualTo(whole.batches().subList(2, 5));
      assertThat(part.batches())
          .extracting(BatchGradients::firstRecord)
          .containsExactly(11, 14, 17);
      assertThat(part.firstRecord()).isEqualTo(5);
      assertThat(part.plannedBatches()).isEqualTo(8);
      assertThat(part.leftOut()).isEqualTo(2);
      assertThat(part.cost()).isEqualTo(whole.cost()).isEqualTo(probe.cost(IMAGES));
      assertThat(probe.batches(3, 5).cost(IMAGES).batches()).isEqualTo(3);
      assertThat(whole.complete()).isTrue();
      assertThat(whole.missing()).isEmpty();
      assertThat(part.complete()).isFalse();
      assertThat(part.missing()).containsExactly("batches 1 to 2 of 8", "batches 6 to 8 of 8");
      assertThat(probe.batches(2, 8).run(IMAGES).missing()).containsExactly("batch 1 of 8");
      assertThat(PathGradients.fromJson(part.toJson())).isEqualTo(part);
    }
  }

  private static String measured(PathGradients gradients) {
    String json = gradients.toJson();
    return json.substring(0, json.indexOf("\"provenance\""));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void partsMergeToWhatOneRunGives(Kind kind) {
    try (ResidualModel model = model()) {
      GradientProbe probe = kind.of(probe(model));
      PathGradients whole = probe.run(IMAGES);
      List<PathGradients> parts =
          new ArrayList<>(
              List.of(
                  probe.batches(1, 3).run(IMAGES),
                  probe.batches(3, 4).run(IMAGES),
                  probe.batches(5, 5).run(IMAGES),
                  probe.batches(6, 8).run(IMAGES)));
      for (int seed = 0; seed < 5; seed++) {
        Collections.shuffle(parts, new Random(seed));
        PathGradients merged = PathGradients.merge(parts);
        assertThat(measured(merged)).isEqualTo(measured(whole));
        assertThat(merged.complete()).isTrue();
        assertThat(merged.provenance().runs()).hasSize(4);
        assertThat(merged.provenance().toBuilder().runs(whole.provenance().runs()).build())
            .isEqualTo(whole.provenance());
        PathGradients half = PathGradients.merge(parts.subList(0, 2));
        assertThat(PathGradients.merge(List.of(parts.get(3), half, parts.get(2))))
            .isEqualTo(merged);
      }
      assertThat(PathGradients.merge(List.of(whole)).batches()).isEqualTo(whole.batches());
    }
  }

  private static void refused(String message, PathGradients... parts) {
    assertThatThrownBy(() -> PathGradients.merge(List.of(parts)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsNotOfOneRunDoesNotMerge() {
    try (ResidualModel model = model();
        ResidualModel other =
            ResidualModel.open(new ReferenceBackend(), new RandomWeights(NETWORK, 2))) {
      GradientProbe probe = probe(model);
      PathGradients part = probe.batches(1, 2).run(IMAGES);
      refused("there is nothing to merge: give at least one result");
      refused("differ in their weights", part, probe(other).batches(3, 4).run(IMAGES));
      refused("differ in their protocol", part, probe.atImage().batches(3, 4).run(IMAGES));
      refused("differ in their protocol", part, probe.maxLength(2).batches(3, 4).run(IMAGES));
      refused(
          "differ in their lesion of the view: intact and delete{1}",
          part,
          model
              .withLesion(Lesion.delete(1))
              .gradients()
              .options(RunOptions.defaults().withBatchSize(3))
              .batches(3, 4)
              .run(IMAGES));
      refused(
          "differ in their batch size: 3 and 4",
          part,
          probe.options(RunOptions.defaults().withBatchSize(4)).batches(3, 4).run(IMAGES));
      refused(
          "differ in their first record: 5 and 0",
          part,
          probe.batches(3, 4).run(images(40).range(0, 26)));
      refused(
          "differ in their number of planned batches: 8 and 9",
          part,
          probe.batches(3, 4).run(images(40).range(5, 29)));
      refused(
          "differ in their number of images left out: 2 and 1",
          part,
          probe.batches(3, 4).run(images(40).range(5, 25)));
      BatchGradients first = part.batches().get(0);
      PathGradients changed =
          new PathGradients(
              part.view(),
              part.protocol(),
              List.of(first.toBuilder().loss(first.loss() + 1e-9).build()),
              part.firstRecord(),
              part.plannedBatches(),
              part.leftOut(),
              part.cost(),
              part.provenance());
      refused("the gradients of the batch of records [5, 8) disagree", part, changed);
      PathGradients unverified =
          new PathGradients(
              part.view(),
              part.protocol(),
              part.batches(),
              part.firstRecord(),
              part.plannedBatches(),
              part.leftOut(),
              part.cost(),
              part.provenance().toBuilder().fingerprint(Optional.empty()).build());
      refused("result 2 has no fingerprint of its network", part, unverified);
      assertThat(
              PathGradients.merge(List.of(part, unverified), MergeOption.ALLOW_UNVERIFIED)
                  .provenance()
                  .fingerprint())
          .isEmpty();
    }
  }

  /** Older versions measured the first batches or all. */
  @Test
  void olderResultsBeginWithTheFirstBatch() {
    try (ResidualModel model = model()) {
      PathGradients whole = probe(model).run(IMAGES);
      String older =
          whole.toJson().replace("\"firstRecord\":5,\"plannedBatches\"", "\"plannedBatches\"");
      assertThat(older).isNotEqualTo(whole.toJson());
      assertThat(PathGradients.fromJson(older)).isEqualTo(whole);
    }
  }

  @Test
  void progressIsThatOfThePart() {
    List<Progress> seen = new ArrayList<>();
    try (ResidualModel model = model()) {
      PathGradients part =
          model
              .gradients()
              .batches(2, 4)
              .options(RunOptions.defaults().withBatchSize(3).withListener(seen::add))
              .run(IMAGES);
      Progress last = seen.get(seen.size() - 1);
      assertThat(last.total()).isEqualTo(3 * part.cost().blockVjps());
      assertThat(last.done()).isEqualTo(last.total());
      assertThat(last.images()).isEqualTo(9);
      assertThat(last.totalImages()).isEqualTo(9);
    }
  }

  @Test
  void refusals() {
    try (ResidualModel model = model()) {
      GradientProbe probe = probe(model);
      assertThatThrownBy(() -> probe.batches(0, 1))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("batches are numbered from 1, the first one first, got batches(0, 1)");
      assertThatThrownBy(() -> probe.batches(3, 2)).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> probe.batches(8, 9).run(IMAGES))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "batches(8, 9) asks for more than there are: 26 images make 8 batches of 3; ask for"
                  + " some of these");
      assertThatThrownBy(() -> probe.batches(8, 9).cost(IMAGES))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> probe.batches(1, 4).precision(0.1).run(IMAGES))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("measure all batches in one run, or leave the precision out");
      assertThatThrownBy(() -> probe.batches(1, 1).run(IMAGES.batch(3)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("has no effect on one batch");
      PathGradients whole = probe.run(IMAGES);
      assertThatThrownBy(
              () ->
                  new PathGradients(
                      whole.view(),
                      whole.protocol(),
                      whole.batches(),
                      4,
                      8,
                      2,
                      whole.cost(),
                      whole.provenance()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("the batch from record 5 is none of 8 batches of 3 images from record 4 on");
    }
  }
}
