package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.FolderOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files among good ones, skipped: they keep their numbers and count nowhere. */
class SkippedImagesTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");
  private static final Architecture NETWORK =
      Architecture.of("resnet-8").toBuilder()
          .input(new InputSpec(3, 8, 8, 0, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
          .classes(2)
          .build();

  @TempDir private Path folder;
  private ResidualModel model;

  @BeforeEach
  void open() throws IOException {
    model = ResidualModel.open(Backends.load("reference"), Weights.initialised(NETWORK, 1));
    for (int i = 0; i < 8; i++) {
      Path file = folder.resolve((i < 4 ? "a/" : "b/") + i + ".png");
      Files.createDirectories(file.getParent());
      Files.copy(PICTURES.resolve(i % 2 == 0 ? "png-rgb.png" : "png-rgba.png"), file);
    }
  }

  @AfterEach
  void close() {
    model.close();
  }

  private void damage(int... records) throws IOException {
    for (int record : records) {
      Files.write(folder.resolve((record < 4 ? "a/" : "b/") + record + ".png"), new byte[0]);
    }
  }

  private ImageSet images() {
    return ImageSets.folder(
        folder,
        FolderOptions.builder().resize(OptionalInt.of(8)).crop(8).skipDamaged(true).build());
  }

  @Test
  void resultsAreThoseOfTheOthers() throws IOException {
    ImageSet whole = images();
    Evaluation good = model.evaluate(whole.subset(0, 2, 3, 4, 5, 7));
    damage(1, 6);

    Evaluation evaluation = model.evaluate(images(), RunOptions.defaults().withBatchSize(3));

    assertThat(evaluation.total()).isEqualTo(6);
    assertThat(evaluation.skipped()).isEqualTo(2);
    assertThat(evaluation.wrong()).isEqualTo(good.wrong());
    assertThat(evaluation.loss()).isEqualTo(good.loss());
    assertThat(evaluation.row().wrongImages()).isEqualTo(good.row().wrongImages());
    assertThat(evaluation.row().records()).isEqualTo(bits(0, 2, 3, 4, 5, 7));
    assertThat(evaluation.toJson()).contains("\"total\":6,\"skipped\":2,");
    assertThat(Evaluation.fromJson(evaluation.toJson())).isEqualTo(evaluation);
    assertThat(good.toJson()).doesNotContain("skipped");
  }

  @Test
  void shardsOfRecordsMergeToTheWholeRun() throws IOException {
    damage(1, 6);
    ImageSet images = images();
    LesionReport whole = model.lesions().plan(LesionPlan.deleteEach()).run(images);

    LesionReport first = model.lesions().plan(LesionPlan.deleteEach()).run(images.range(0, 4));
    LesionReport second = model.lesions().plan(LesionPlan.deleteEach()).run(images.range(4, 4));
    LesionReport merged = LesionReport.merge(List.of(second, first));

    assertThat(merged.rows()).isEqualTo(whole.rows());
    assertThat(merged.baseline()).isEqualTo(whole.baseline());
    assertThat(merged.complete()).isTrue();
    assertThat(LesionReport.fromJson(merged.toJson())).isEqualTo(merged);
    assertThat(whole.statistics().pairedTests()).hasSameSizeAs(whole.rows());
    List<String> lines = whole.toCsv().lines().toList();
    assertThat(lines.get(0)).endsWith(",skipped");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.endsWith(",2"));
    assertThat(first.toCsv().lines().skip(1)).allMatch(line -> line.endsWith(",1"));
  }

  @Test
  void tablesWithoutSkippedImagesHaveNoColumnForThem() {
    assertThat(model.lesions().deleteEachBlock().run(images()).toCsv()).doesNotContain("skipped");
  }

  @Test
  void lossAndMarginAreThoseOfTheOthers() throws IOException {
    Measures measures =
        Measures.none()
            .withImageValues(true)
            .withMetric("margin", (logits, label) -> logits[label] - logits[1 - label]);
    ImageSet whole = images();
    LesionRow good =
        model.evaluate(whole.subset(0, 2, 3, 4, 5, 7), RunOptions.defaults(), measures).row();
    damage(1, 6);

    LesionRow row =
        model.evaluate(images(), RunOptions.defaults().withBatchSize(3), measures).row();
    assertThat(row.imageValues()).isEqualTo(good.imageValues());
    assertThat(row.metrics()).isEqualTo(good.metrics());
    double[] margins = row.imageValues().orElseThrow().marginValues();
    assertThat(margins).hasSize(6);

    LesionPlan plan = LesionPlan.deleteEach().build(NETWORK);
    LesionReport all = model.lesions().plan(plan).measures(measures).run(images());
    LesionReport merged =
        LesionReport.merge(
            model.lesions().plan(plan).measures(measures).run(images().range(5, 3)),
            model.lesions().plan(plan).measures(measures).run(images().range(0, 5)),
            model.lesions().plan(plan).measures(measures).run(images().range(2, 3)),
            model.lesions().plan(plan).measures(measures).run(images().range(0, 2)));
    assertThat(merged.rows()).isEqualTo(all.rows());
  }

  @Test
  void whatIsNoCountRefusesThem() throws IOException {
    damage(1);
    ImageSet images = images();

    assertThatThrownBy(() -> model.logits(images.batch(0, 2)))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("record 1 is a damaged image that was skipped");
    assertThatThrownBy(() -> model.gradients().run(images.range(0, 2)))
        .isInstanceOf(InvalidImagesException.class);
    damage(0, 2, 3);
    assertThatThrownBy(() -> model.evaluate(images().range(0, 4)))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("all 4 images from record 0 on are damaged");
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    for (int bit : set) {
      bits.set(bit);
    }
    return bits;
  }
}
