package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code report} on few of the built-in images, with the reference backend. */
class ReportCommandTest {
  private static final String TINY =
      "report --train --quick --arch resnet-8 --backend reference --limit 6 --train-limit 8 --epochs 1"
          + " --draws 2 --seed 3 --quiet ";

  /** The same for weights that are there: nothing is trained. */
  private static final String GIVEN =
      TINY.replace("--epochs 1 ", "").replace("--train --quick", "--quick");

  /** One report, and what {@code train} makes of the same network, serve several tests. */
  @TempDir private static Path shared;

  private static CommandRun reported;
  private static CommandRun trained;

  @TempDir private Path folder;

  @BeforeAll
  static void trainOnce() {
    reported =
        CommandRun.words(TINY + "--sections network,delete-one --out " + shared.resolve("report"));
    trained =
        CommandRun.words(
            "train --arch resnet-8 --recipe quick --epochs 1 --data builtin --limit 8"
                + " --test-limit 6 --seed 3 --backend reference --quiet --out "
                + shared.resolve("again"));
  }

  @Test
  void trainsAndSaysWhatWasFound() throws IOException {
    Path out = shared.resolve("report");

    assertThat(reported.exitCode()).as(reported.err()).isZero();
    assertThat(reported.out()).contains("page: " + out.resolve("report.html"));
    assertThat(out.resolve("networks/resnet-8/weights.safetensors")).exists();
    assertThat(out.resolve("networks/resnet-8-plain/weights.safetensors")).exists();
    assertThat(names(out.resolve("parts")))
        .containsExactly(
            "resnet-8-delete-each-skip.json",
            "resnet-8-delete-each.json",
            "resnet-8-evaluate.json",
            "resnet-8-plain-delete-each.json",
            "resnet-8-plain-evaluate.json");
    assertThat(out.resolve("report.html"))
        .content()
        .contains(
            "resnet-ensembles train --arch resnet-8 --recipe quick --epochs 1 --data builtin"
                + " --limit 8 --test-limit 6 --seed 3 --backend reference --out again/resnet-8",
            "resnet-ensembles predict --limit 6 --weights networks/resnet-8/weights.safetensors"
                + " --data builtin --backend reference",
            "How to do it again");
  }

  @Test
  void itsNumbersAreThoseOfTheOtherCommands() throws IOException {
    Path weights = weights();
    CommandRun run =
        CommandRun.words(
            GIVEN
                + "--sections delete-many,gradients --data builtin --weights "
                + weights
                + " --out "
                + out());
    assertThat(run.exitCode()).as(run.err()).isZero();

    String network = " --data builtin --quiet --backend reference --limit 6 --weights " + weights;
    assertThat(
            CommandRun.words(
                    "lesion --delete random --k 1..3 --draws 2 --seed 3 --json " + json() + network)
                .exitCode())
        .isZero();
    assertThat(comparable(out().resolve("parts/resnet-8-delete-random.json")))
        .isEqualTo(comparable(json()));
    assertThat(
            CommandRun.words(
                    "gradients --mode exact --batch 16 --seed 3 --json " + json() + network)
                .exitCode())
        .isZero();
    assertThat(comparable(out().resolve("parts/resnet-8-gradients-exact.json")))
        .isEqualTo(comparable(json()));
  }

  /** Its members are chosen by the first three of six images. */
  @Test
  void anEnsembleIsMeasuredOnImagesThatChoseNoMember() throws IOException {
    String command = GIVEN + "--sections ensemble --data builtin --weights " + weights();
    CommandRun run = CommandRun.words(command + " --out " + out());
    assertThat(run.exitCode()).as(run.err()).isZero();
    Path kept = out().resolve("parts/resnet-8-ensemble.json");
    String json = Files.readString(kept);

    EnsembleAnalysis ensemble = EnsembleAnalysis.fromJson(json);
    LesionReport each =
        LesionReport.fromJson(Files.readString(out().resolve("parts/resnet-8-delete-each.json")));
    BitSet first = new BitSet();
    first.set(0, 3);
    List<Lesion> fit = EnsembleAnalysis.fitMembers(each, first);

    assertThat(ensemble.members().records()).containsExactly(new RecordRange(3, 6));
    assertThat(ensemble.members().rows())
        .extracting(LesionRow::lesion)
        .isEqualTo(fit.size() < 2 ? each.rows().stream().map(LesionRow::lesion).toList() : fit);
    assertThat(out().resolve("report.html")).content().contains("decided on other images than");
    CommandRun again = CommandRun.words(command + " --resume --out " + out());
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("measured again");
    assertThat(Files.readString(kept)).isEqualTo(json);
  }

  /** They share a figure. */
  @Test
  void exactAndSampledGradientsAreOfTheSameImages() throws IOException {
    CommandRun run = CommandRun.words(TINY + "--batch 2 --sections gradients --out " + out());
    assertThat(run.exitCode()).as(run.err()).isZero();

    List<List<Integer>> measured = new ArrayList<>();
    for (String mode : List.of("exact", "sampled")) {
      PathGradients gradients =
          PathGradients.fromJson(
              Files.readString(out().resolve("parts/resnet-8-gradients-" + mode + ".json")));
      assertThat(gradients.leftOut()).isZero();
      measured.add(gradients.batches().stream().map(BatchGradients::firstRecord).toList());
    }
    assertThat(measured.get(0)).containsExactly(0, 2);
    assertThat(measured.get(1)).isEqualTo(measured.get(0));
  }

  @Test
  void theCommandsOnThePageGiveTheSameNetwork() {
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(shared.resolve("again/weights.safetensors"))
        .hasSameBinaryContentAs(shared.resolve("report/networks/resnet-8/weights.safetensors"));
  }

  @Test
  void resumingGivesTheSamePage() throws IOException {
    String sections = "--sections network,delete-one,reorder,effective-paths ";
    CommandRun run = CommandRun.words(TINY + sections + "--out " + out());
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, String> before = page();
    Path kept = out().resolve("parts/resnet-8-delete-each.json");
    String each = Files.readString(kept);
    Files.delete(out().resolve("report.html"));
    Files.delete(out().resolve("parts/resnet-8-delete-each-skip.json"));
    Files.delete(out().resolve("networks/resnet-8-effective-paths/weights.safetensors"));

    CommandRun resumed = CommandRun.words(TINY + sections + "--resume --out " + out());

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains("resuming after step")
        .doesNotContain("measured again", "another training");
    assertThat(page()).isEqualTo(before);
    assertThat(kept).hasContent(each);
  }

  @Test
  void processesMakeTheSameReport() throws IOException {
    Path store = folder.resolve("store");
    CommandRun run =
        CommandRun.words(
            TINY
                + "--sections network,delete-one --processes 2 --store "
                + store
                + " --out "
                + out());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(page()).isEqualTo(page(shared.resolve("report")));
    assertThat(store.resolve("workers")).isNotEmptyDirectory();
    assertThat(out().resolve("store")).doesNotExist();
    for (String part : names(out().resolve("parts"))) {
      assertThat(comparable(out().resolve("parts").resolve(part)))
          .as(part)
          .isEqualTo(comparable(shared.resolve("report/parts").resolve(part)));
    }
  }

  @Test
  void aWorkerLeavesNothingToComputeButTheReport() throws IOException {
    Path store = folder.resolve("store");
    String command =
        GIVEN
            + "--sections delete-one,gradients --data builtin --max-cost 20 --weights "
            + weights()
            + " --store "
            + store
            + " --out "
            + out();
    CommandRun worker = CommandRun.words(command + " --worker");
    assertThat(worker.exitCode()).as(worker.err()).isZero();
    assertThat(worker.out()).isEmpty();
    assertThat(out()).doesNotExist();
    List<Path> results = files(store.resolve("results"));
    assertThat(results).hasSizeGreaterThan(3);

    CommandRun run = CommandRun.words(command);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(out().resolve("report.html")).exists();
    assertThat(files(store.resolve("results"))).isEqualTo(results);
  }

  /** What is interrupted before the page is there goes on without a word; a page is not lost. */
  @Test
  void whoNamesAStoreGoesOnWithWhatIsNotFinished() throws IOException {
    String command =
        TINY
            + "--sections network,delete-one --store "
            + folder.resolve("store")
            + " --out "
            + out();
    assertThat(CommandRun.words(command).exitCode()).isZero();
    Map<String, String> before = page();

    CommandRun refused = CommandRun.words(command);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("go on with it by --resume");

    Files.delete(out().resolve("report.html"));
    CommandRun again = CommandRun.words(command);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("another training");
    assertThat(page()).isEqualTo(before);
  }

  @Test
  void aWorkerTrainsNoNetwork() {
    CommandRun worker = CommandRun.words(TINY + "--sections delete-one --worker --out " + out());
    assertThat(worker.exitCode()).isEqualTo(2);
    assertThat(worker.err())
        .contains(
            "weights.safetensors is not there yet: networks are trained by the report itself");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void whatBelongsToSomethingElseIsDoneAgain() throws IOException {
    String start = TINY.replace("--draws 2 ", "");
    String sections = "--sections delete-many ";
    CommandRun run = CommandRun.words(start + sections + "--draws 2 --out " + out());
    assertThat(run.exitCode()).as(run.err()).isZero();
    Files.writeString(out().resolve("parts/resnet-8-evaluate.json"), "{");

    CommandRun resumed = CommandRun.words(start + sections + "--draws 3 --resume --out " + out());

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(comparable(out().resolve("parts/resnet-8-evaluate.json"))).isNotNull();
    assertThat(comparable(out().resolve("parts/resnet-8-delete-random.json")).get("rows"))
        .as("three draws of one of three blocks, of two and of three are all there are")
        .satisfies(rows -> assertThat(rows.getAsJsonArray()).hasSize(3 + 3 + 1));

    String before = hashOfWeights();
    CommandRun otherSeed =
        CommandRun.words(
            start.replace("--seed 3", "--seed 4") + sections + "--resume --out " + out());

    assertThat(otherSeed.exitCode()).as(otherSeed.err()).isZero();
    assertThat(otherSeed.err())
        .contains("networks/resnet-8 holds another training; this one starts from the beginning");
    assertThat(hashOfWeights()).isNotEqualTo(before);
  }

  private String hashOfWeights() throws IOException {
    return LesionReport.fromJson(Files.readString(out().resolve("parts/resnet-8-evaluate.json")))
        .provenance()
        .weightsSha256();
  }

  @Test
  void aFolderThatHoldsAReportIsNotOverwritten() throws IOException {
    Files.createDirectories(out().resolve("parts"));

    CommandRun run = CommandRun.words(TINY + "--out " + out());

    assertThat(run.err())
        .isEqualTo(
            "error: --out "
                + out()
                + " holds a report already, or parts of one; go on with it by --resume, or name"
                + " another folder"
                + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void sectionsThatNeedTrainingAreLeftOutForGivenWeights() throws IOException {
    CommandRun run =
        CommandRun.words(
            GIVEN
                + "--sections network,reorder,stochastic-depth,checks --data builtin --weights "
                + weights()
                + " --out "
                + out());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains(
            "Section reorder is left out: the network has too few blocks that keep the shape",
            "Section stochastic-depth is left out: it compares networks that were trained");
    assertThat(out().resolve("report.html"))
        .content()
        .contains(
            "Section reorder is left out: the network has too few blocks that keep the shape",
            "Section stochastic-depth is left out: it compares networks that were trained");
    assertThat(out().resolve("networks")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --limit 1 | --limit must be at least 2, for statistics need two images, got 1
          --limit 0 | --limit must be at least 2, for statistics need two images, got 0
          --draws 0 | --draws must be at least 2, for intervals need two draws, got 0
          --train --epochs 0 | --epochs must be at least 1, got 0
          --epochs 3 | --epochs is for networks that are trained here: give --train, too
          --train-limit 9 | --train-limit is for networks that are trained here: give --train, too
          --train --weights w.pt | --train trains networks, and --weights brings one: leave out either
          --arch resnet-8 | no network: give --weights FILE, or --train to train one first
          --data other | --data other needs a network that knows such images: give --weights FILE, or --train
          --train --train-limit 1 | --train-limit must be at least 2, got 1
          --quick --full | --quick and --full exclude each other; give one
          --sections paths,fly | --sections takes paper, delete-one, delete-many, recalibration, reorder, duplicate, paths, gradients, effective-paths, stochastic-depth, block-values, ensemble, checks, network, got 'fly'
          --weights w.pt | no images: give --data FILE, DIR or 'builtin'
          --exclude x | an exclusion is none, transitions, published or block numbers like 1,19,37, got 'x'
          --exclude 99 | there is no block 99: preresnet-110 has the blocks 1 to 54
          --processes 0 | --processes must be at least 1, got 0
          --max-cost 0 | --max-cost must be at least 1, got 0
          --worker --processes 2 | --worker is one process: leave out --processes
          --train --arch fly | no architecture is named 'fly'; there are
          --offset 1999 | a report needs at least 2 images, but built-in images v1, test has one; choose more
          """)
  void whatCannotBeReportedIsSaidBeforeTheWork(String flags, String message) {
    CommandRun run = CommandRun.words("report --backend reference --out " + out() + " " + flags);

    assertThat(run.err()).startsWith("error: " + message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(out().resolve("networks")).doesNotExist();
  }

  @Test
  void imagesOfOneClassAreRefused() throws IOException {
    byte[] records = new byte[2 * 3073];
    Path file = Files.write(folder.resolve("data.bin"), records);

    CommandRun run =
        CommandRun.words(
            "report --backend reference --out "
                + out()
                + " --data "
                + file
                + " --weights "
                + weights());

    assertThat(run.err())
        .startsWith("error: a report needs images of at least 2 classes, but the first 2 of ")
        .endsWith(" are of one; choose more" + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void aFileHasNoTrainingImages() throws IOException {
    Path file = Files.write(folder.resolve("data.bin"), new byte[2 * 3073]);

    CommandRun run =
        CommandRun.words("report --train --backend reference --out " + out() + " --data " + file);

    assertThat(run.err())
        .isEqualTo(
            "error: --data "
                + file
                + " is a single file, which has no training images: give a directory, or --weights"
                + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void needsAFolder() {
    CommandRun run = CommandRun.words("report --quick");

    assertThat(run.err())
        .isEqualTo(
            "error: Missing required option: '--out=DIR'; see resnet-ensembles report --help"
                + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} after {2}")
  @CsvSource({
    "TERM, 143, networks/resnet-8/weights.safetensors",
    "INT, 130, parts/resnet-8-delete-each.json",
    "KILL, 137, parts/resnet-8-evaluate.json"
  })
  @Tag("slow")
  @EnabledOnOs(OS.LINUX)
  void killedAndResumedItIsTheSameReport(String signal, int exitCode, String finished)
      throws Exception {
    IgnoredSignals.assumeDelivered(signal);
    String words =
        TINY.replace("--limit 6", "--limit 12")
            + "--sections network,delete-one,delete-many --out ";
    CommandRun whole = CommandRun.words(words + out());
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    Map<String, String> expected = page();
    Files.move(out(), folder.resolve("whole"));

    try (SubProcess process = SubProcess.of(Main.class.getName(), (words + out()).split(" ", -1))) {
      while (!Files.exists(out().resolve(finished))) {
        assertThat(process.isAlive()).as("the report is not over yet").isTrue();
        Thread.sleep(20);
      }
      process.signal(signal);
      assertThat(process.exitCode()).isEqualTo(exitCode);
    }
    assertThat(out().resolve("report.html")).doesNotExist();
    CommandRun resumed = CommandRun.words(words + out() + " --resume");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(page()).isEqualTo(expected);
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Path json() {
    return folder.resolve("other.json");
  }

  private Path weights() throws IOException {
    return Files.copy(shared.resolve("again/weights.safetensors"), folder.resolve("w.safetensors"));
  }

  /** The page and all its data, without what is said of runs and machines. */
  private Map<String, String> page() throws IOException {
    return page(out());
  }

  private static Map<String, String> page(Path folder) throws IOException {
    Map<String, String> page = new TreeMap<>();
    for (String name : names(folder)) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        page.put(
            name, name.endsWith(".json") ? comparable(file).toString() : Files.readString(file));
      }
    }
    assertThat(page).containsKeys("report.html", "report.json");
    return page;
  }

  private static JsonObject comparable(Path file) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    if (json.has("provenance")) {
      assertThat(json.getAsJsonObject("provenance").remove("runs")).isNotNull();
    }
    return json;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
