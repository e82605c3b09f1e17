package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command says and writes the same, whatever the language of the machine. */
class LocalesTest {
  private static final String IMAGES = " --data builtin --limit 4 --backend reference";
  private static final String TINY = " --arch resnet-8 --seed 3 --quiet" + IMAGES;

  /** Each uses files of those before it. */
  private static final List<String> COMMANDS =
      List.of(
          "predict --logits 2 --json p.json --csv p.csv --plot p.svg" + TINY,
          "lesion --delete each --json each.json --csv each.csv --plot each.svg" + TINY,
          "lesion --delete random --k 1..2 --draws 2 --save-plan plan.json" + TINY,
          "lesion --plan plan.json --shard 1/2 --json 1.json" + TINY,
          "lesion --plan plan.json --shard 2/2 --json 2.json" + TINY,
          "merge 1.json 2.json --json m.json",
          "plot m.json each.json --label One --label Two --plot plot.svg",
          "paths --blocks 1200 --between 3..500 --json paths.json --csv paths.csv --plot paths.svg",
          "gradients --json g.json --csv g.csv --plot g.svg" + TINY,
          "gradients --mode sampled --samples 2 --json s.json --plot s.svg" + TINY,
          "shapley --draws 2 --json shapley.json --csv shapley.csv --plot shapley.svg" + TINY,
          "train --recipe quick --epochs 1 --test-limit 4 --out train --json t.json --csv t.csv"
              + TINY,
          "report --sections delete-one --weights train/weights.safetensors --quiet --out report"
              + IMAGES,
          "info",
          "predict --limit x",
          "fly 1234",
          "paths --blocks -12",
          "lesion --scale 5=1.5e --backend reference");

  private static final Locale BEFORE = Locale.getDefault();
  private static Map<String, String> expected = Map.of();

  @TempDir Path folder;

  @BeforeAll
  static void writeInTheRootLocale(@TempDir Path folder) throws IOException {
    expected = everything(Locale.ROOT, folder);
    assertThat(expected).containsKeys("m.json", "report/report.html", "train/weights.safetensors");
  }

  @AfterAll
  static void restore() {
    Locale.setDefault(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR"})
  void everyCommandSaysTheSame(String language) throws IOException {
    assertEveryCommandSaysTheSame(language);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "de-DE"})
  void inFurtherLanguagesToo(String language) throws IOException {
    assertEveryCommandSaysTheSame(language);
  }

  private void assertEveryCommandSaysTheSame(String language) throws IOException {
    Map<String, String> actual = everything(Locale.forLanguageTag(language), folder);

    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, text) -> assertThat(text).as(name).isEqualTo(expected.get(name)));
  }

  /** The engine reads scripts that are written for the network at hand. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR"})
  void theEngineRuns(String language) {
    Locale.setDefault(Locale.forLanguageTag(language));
    String network = " --data builtin --limit 4 --backend djl --device cpu --quiet --arch ";

    for (String command :
        List.of(
            "predict" + network + "preresnet-14",
            "gradients" + network + "resnet-bottleneck-11",
            "train --epochs 1 --test-limit 4 --out " + folder + network + "plain-8")) {
      CommandRun run = CommandRun.words(command);
      assertThat(run.exitCode()).as(command + ": " + run.err()).isZero();
    }
  }

  /** The parser of flags sorts them by the machine's rules, unless they are none. */
  @Test
  void helpIsTheSame() throws IOException, InterruptedException {
    Map<String, String> turkish = Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=tr");
    String expected = CommandRun.words("train --help").out();

    try (SubProcess process = SubProcess.of(turkish, Main.class.getName(), "train", "--help")) {
      for (String line : expected.lines().toList()) {
        assertThat(process.awaitLine(line)).isEqualTo(line);
      }
      assertThat(process.exitCode()).isZero();
    }
  }

  private static Map<String, String> everything(Locale locale, Path folder) throws IOException {
    Locale.setDefault(locale);
    Map<String, String> said = new TreeMap<>();
    for (String command : COMMANDS) {
      CommandRun run = CommandRun.words(inside(folder, command));
      said.put(command, run.exitCode() + "\n" + run.out() + run.err());
      assertThat(run.exitCode()).as(command + ": " + run.err()).isIn(0, 2);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      // Compressed results have times in them, which parts/ shows without.
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".jsonl.gz"))
              .toList()) {
        said.put(folder.relativize(file).toString(), Files.readString(file, ISO_8859_1));
      }
    }
    said.replaceAll((name, text) -> comparable(text.replace(folder.toString(), "")));
    return said;
  }

  private static String inside(Path folder, String command) {
    return command
        .replaceAll(" ([a-z0-9]+\\.(json|csv|svg))", " " + folder + "/$1")
        .replaceAll("(--out|--weights) ([a-z])", "$1 " + folder + "/$2");
  }

  /** Times differ from run to run. */
  private static String comparable(String text) {
    return text.replaceAll("\"runs\": ?\\[[^]]*\\]", "");
  }
}
