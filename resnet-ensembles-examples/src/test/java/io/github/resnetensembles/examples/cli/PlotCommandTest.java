package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results of a tiny untrained network and the reference backend. */
class PlotCommandTest {
  private static final String TINY =
      " --arch resnet-8 --data builtin --backend reference --quiet --json ";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "predict --limit 10 --logits 1, Error by class",
    "lesion --limit 2 --delete each, Error with one block deleted",
    "gradients --batch 2, Gradient norm by path length",
    "shapley --limit 10, What each block contributes",
  })
  void everyKindOfResultIsDrawn(String command, String title) throws IOException {
    Path json = folder.resolve("a.json");
    CommandRun made = CommandRun.words(command + TINY + json);
    assertThat(made.exitCode()).as(made.err()).isZero();

    Path svg = folder.resolve("a.svg");
    CommandRun drawn = CommandRun.words("plot " + json + " --plot " + svg + " --label tiny");
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(Files.readString(svg)).contains(title, "tiny");
  }
}
