package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.examples.ShownText;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a command is given, its terminal gets text that steers nothing, in few lines. */
class HostileTextTest {
  private static final String NETWORK = "--arch resnet-20 --data builtin --backend reference";

  @TempDir Path folder;

  private static LesionReport deleteEach() {
    return Reports.of(Architecture.resnet(8), LesionPlan.deleteEach(), 20, 2, planned -> 5);
  }

  static List<String> hostile() {
    return List.of(
        "a\u001b[2Jb",
        "a\u0000b",
        "a\nb",
        "a\u0085b",
        "a\u009bb",
        "a\u2028b",
        "a\u202eb",
        "a\u200bb",
        "a\ud800b",
        "a\uffffb",
        "a\udb40\udc01b",
        "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "lesion --{}",
        "lesion " + NETWORK + " --delete {}",
        "lesion " + NETWORK + " --scale {}",
        "lesion " + NETWORK + " --delete random --k {}",
        "lesion " + NETWORK + " --delete each --seed {}",
        "lesion " + NETWORK + " --delete each --exclude {}",
        "lesion " + NETWORK + " --delete each --device {}",
        "lesion " + NETWORK + " --plan {}",
        "lesion " + NETWORK + " --order {}",
        "lesion --arch {} --data builtin --backend reference --delete 1",
        "lesion --arch resnet-20 --data {} --backend reference --delete 1",
        "lesion --arch resnet-20 --data builtin --backend {} --delete 1",
        "predict " + NETWORK + " --json /no-such-folder/{}",
        "predict --weights {} --data builtin --backend reference",
        "info --weights {}",
        "merge {} --json /no-such-folder/a",
        "paths --blocks {}",
        "plot {} --plot a.svg",
        "report --backend reference --out /dev/null/{} --sections {}",
        "train " + NETWORK + " --augment {} --out /dev/null/a"
      })
  void wordsOfTheCommandLine(String words) {
    for (String hostile : hostile()) {
      CommandRun run =
          CommandRun.of(
              Arrays.stream(words.split(" ", -1))
                  .map(word -> word.replace("{}", hostile))
                  .toArray(String[]::new));
      assertThat(run.exitCode()).as(words).isEqualTo(2);
      assertShown(words, run);
      assertThat(run.err().lines()).as(words).hasSize(1);
    }
  }

  @Test
  void textsOfAFile() throws Exception {
    String json = deleteEach().toJson();
    for (String hostile : hostile()) {
      StringBuilder escaped = new StringBuilder();
      hostile.chars().forEach(c -> escaped.append(String.format(Locale.ROOT, "\\u%04x", c)));
      for (String text : List.of("delete", "FLOAT32", "lesion-report")) {
        Path file = folder.resolve("result.json");
        Files.writeString(file, json.replace("\"" + text + "\"", "\"" + escaped + "\""));
        CommandRun run =
            CommandRun.of("plot", file.toString(), "--plot", folder.resolve("a.svg").toString());
        assertShown(text, run);
      }
    }
  }

  private static void assertShown(String what, CommandRun run) {
    for (String text : List.of(run.out(), run.err())) {
      assertThat(text).as(what).hasSizeLessThan(4000);
      assertThat(text.lines()).as(what).allMatch(ShownText::isShown);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void labelsOfPictures(String hostile) {
    LesionReport report = deleteEach();
    assertThatThrownBy(() -> Report.builder().add(hostile, report))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .startsWith("the label of a network has")
        .hasSizeLessThan(400)
        .matches(ShownText::isShown);
  }
}
