package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says when README's picture is stale; docs/pictures/README.md has the commands that make it. */
class ReadmePictureTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final List<String> NETWORKS = List.of("preresnet-110", "preresnet-20", "plain-20");
  private static final ImageSet IMAGES = ImageSets.builtIn().limit(500);

  private static LesionReport result(String network) throws IOException {
    return LesionReport.fromJson(
        Files.readString(DOCS.resolve("pictures").resolve(network + ".json")));
  }

  @Test
  void thePictureShowsTheResults() throws IOException {
    String picture = Files.readString(DOCS.resolve("deleting-one-block.svg"));
    Report.Builder report = Report.builder();
    for (String network : NETWORKS) {
      report = report.add(result(network));
    }

    List<Figure> figures = report.figures();
    assertThat(figures).hasSize(2);
    for (Figure figure : figures) {
      assertThat(picture)
          .contains(
              "data-sha256=\"" + Hashing.sha256().hashString(figure.toJson(), UTF_8) + "\"",
              figure.title());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"preresnet-110", "preresnet-20", "plain-20"})
  void theResultsAreOfTheNetworksAndImagesThatThereAre(String network) throws IOException {
    LesionReport result = result(network);

    assertThat(result.provenance().weightsSha256()).isEqualTo(Weights.pretrained(network).sha256());
    assertThat(result.provenance().dataSha256()).isEqualTo(IMAGES.sha256());
    assertThat(result.baseline().total()).isEqualTo(IMAGES.size());
    assertThat(result.complete()).isTrue();
  }

  /** Another processor may decide differently on an image or two. */
  @Test
  void theNumbersAreThoseOfToday() throws IOException {
    compare("preresnet-20");
    compare("plain-20");
  }

  @Test
  @Tag("slow")
  void theDeepNetworksNumbersAreThoseOfToday() throws IOException {
    compare("preresnet-110");
  }

  private static void compare(String network) throws IOException {
    LesionReport result = result(network);
    try (ResidualModel model = ResidualModel.open(Weights.pretrained(network))) {
      LesionReport now = model.lesions().deleteEachBlock().run(IMAGES);
      for (int i = 0; i < result.rows().size(); i++) {
        LesionRow row = result.rows().get(i);
        assertThat(now.rows().get(i).lesion()).isEqualTo(row.lesion());
        assertThat(Math.abs(now.rows().get(i).wrong() - row.wrong()))
            .as("%s: %s", network, row.lesion())
            .isLessThanOrEqualTo(2);
      }
    }
  }
}
