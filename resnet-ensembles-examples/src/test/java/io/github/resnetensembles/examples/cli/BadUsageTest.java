package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.examples.EvaluatedImages;
import io.github.resnetensembles.images.ImageSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad usage and bad input: exit code 2, one line on standard error, nothing on standard output. */
class BadUsageTest {
  private static final String NETWORK = "--arch resnet-20 --data builtin --backend reference ";

  @TempDir Path folder;

  /** Before the work whose result nobody could see. */
  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "report --backend reference --out {}",
        "lesion " + NETWORK + "--delete 3 --plot {}.png",
        "paths --blocks 9 --plot {}.svg"
      })
  void machinesWithoutFontsDrawNothing(String words) throws IOException, InterruptedException {
    Path none = folder.resolve("fonts.conf");
    Files.writeString(none, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    Path out = folder.resolve("out");

    try (SubProcess process =
        SubProcess.of(
            // Java remembers the fonts it found in a file of the user's.
            Map.of(
                "FONTCONFIG_FILE", none.toString(), "JAVA_TOOL_OPTIONS", "-Duser.home=" + folder),
            Main.class.getName(),
            words.replace("{}", out.toString()).split(" ", -1))) {
      assertThat(process.awaitLine("error: "))
          .startsWith("error: pictures cannot be drawn here, since Java finds no fonts")
          .contains("fonts-dejavu-core");
      assertThat(process.exitCode()).isEqualTo(2);
    }
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "" | Missing required subcommand; see resnet-ensembles --help
          fly | Unmatched argument at index 0: 'fly'; see resnet-ensembles --help
          lesion --fly | Unknown option: '--fly'; see resnet-ensembles lesion --help
          lesion --delete 3 --seed x | Invalid value for option '--seed': 'x' is not a long; see resnet-ensembles lesion --help
          lesion --delete 3 --precision half | Invalid value for option '--precision': expected one of [FLOAT32, FLOAT64, BFLOAT16, FLOAT16] (case-insensitive) but was 'half'; see resnet-ensembles lesion --help
          lesion --delete random --k 1..x | Invalid value for option '--k': expected a range like 1..20, got '1..x'; see resnet-ensembles lesion --help
          lesion --delete 1 --shard 1 | Invalid value for option '--shard': expected a shard like 2/8, got '1'; see resnet-ensembles lesion --help
          merge a.json | Missing required option: '--json=FILE'; see resnet-ensembles merge --help
          plot --plot a.png | Missing required parameter: 'FILE.json'; see resnet-ensembles plot --help
          plot a.json --plot a.png --label A --label B | Give one --label for each result or none, got 2 labels for 1 results; see resnet-ensembles plot --help
          lesion | no lesion: give --delete, --swap, --duplicate or another lesion flag, or --plan FILE
          lesion --delete random | --delete random or --duplicate random needs --k a..b: how many are drawn
          lesion --swap random | --swap random needs --pairs a..b: how many are drawn
          lesion --delete each --k 1..3 | --k needs --delete random or --duplicate random
          lesion --delete random --k 1 --pairs 1 | --pairs needs --swap random
          lesion --delete 3 --draws 2 | --draws needs a lesion flag with the word random
          lesion --delete each --delete random --delete each --k 1 | --delete each is given twice; give it once
          lesion --delete each --scale 3=2 --delete random --k 1 | a single lesion stands between --delete each and a later sweep; give it before all of them, or after all of them
          lesion --delete each --delete random --k 1 --pairs 2 | --pairs needs --swap random
          lesion --delete random --swap random --k 1 | --swap random needs --pairs a..b: how many are drawn
          lesion --delete each --delete pairs --draws 3 | --draws needs a lesion flag with the word random
          lesion --delete 3 --exclude transitions | --exclude needs a lesion flag with the word each, random, pairs or subsets: other flags damage the blocks that they name
          lesion --delete each --exclude all | an exclusion is none, transitions, published or block numbers like 1,19,37, got 'all'
          lesion --plan p.json --exclude 3 | --plan runs a plan as it was saved; it does not go with --exclude
          lesion --delete each --reference builtin | --reference needs --replace-mean or --resample: other lesions take no images
          lesion --delete 3 --save-plan p.json --json r.json | --save-plan writes the plan and runs nothing: it does not go with --json, --csv or --plot
          lesion --delete 3 --save-plan p.json --csv r.csv | --save-plan writes the plan and runs nothing: it does not go with --json, --csv or --plot
          lesion --delete 3 --save-plan p.json --plot r.png | --save-plan writes the plan and runs nothing: it does not go with --json, --csv or --plot
          lesion --delete 3 --interval-width 0.1 | --interval-width needs one lesion flag, with the word random, such as --delete random
          lesion --delete each --delete random --k 1 --interval-width 0.1 | --interval-width needs one lesion flag, with the word random, such as --delete random
          lesion --delete random --k 1 --delete 3 --interval-width 0.1 | --interval-width needs one lesion flag, with the word random, such as --delete random
          lesion --delete random --k 1 --interval-width 5 | --interval-width is that of an interval of error rates, between 0 and 1, such as 0.05, got 5.0
          lesion --delete random --k 1 --interval-width 0.1 --draws 3 | --interval-width plans as it goes what is drawn and run: leave out --draws
          lesion --delete random --k 1 --interval-width 0.1 --shard 1/2 | --interval-width plans as it goes what is drawn and run: leave out --shard
          lesion --delete random --k 1 --interval-width 0.1 --save-plan p.json | --interval-width plans as it goes what is drawn and run: leave out --save-plan
          lesion --delete random --k 1 --interval-width 0.1 --budget 0 | --budget must be at least 1, got 0
          lesion --delete random --k 1 --budget 10 | --budget needs --interval-width W
          lesion --delete random --k 1 --resume a.json | --resume needs --interval-width W
          lesion --plan p.json --interval-width 0.1 | --plan runs a plan as it was saved; it does not go with --interval-width
          lesion --delete random --k 1 --interval-width 0.1 --store s --resume a.json | --store keeps all that was finished: leave out --resume, and run the same command again
          lesion --delete 1..999999,1..999999 | --delete names more than 1000000 blocks; name each block once
          lesion --plan p.json --delete 3 | --plan runs a plan as it was saved; it does not go with lesion flags
          lesion --plan p.json --draws 3 | --plan runs a plan as it was saved; it does not go with --draws
          lesion --delete 3 --plot a.pdf | a plot is a .png or .svg file, got a.pdf; give it one of these endings, or --plot-format
          lesion --delete 3 --plot-format png | --plot-format needs --plot
          lesion --delete 3 --plot a.svg --plot-format png | --plot-format does not go with the ending of --plot a.svg; give one of them
          lesion --delete 3 --json - --csv /dev/stdout | --json and --csv go to standard output, which takes one result; give the others files
          train --arch resnet-8 --data builtin --backend reference --out target/none --rest-dropped | --rest-dropped needs --stochastic-depth P or --keep-blocks M: no block is dropped
          paths | no network: give --blocks N, --arch NAME or --weights FILE
          paths --blocks 9 --arch resnet-20 | --blocks stands in place of --arch and --weights: give one of them
          paths --model parts --arch resnet-20 | --model stands in place of --weights and --arch: give one of them
          paths --model parts --plain | --model DIR says all of a network in its model.json: leave out --plain
          paths --blocks 9 --plain | --plain and other flags that describe a network need --arch or --weights
          paths --blocks x | Invalid value for option '--blocks': 'x' is not an int; see resnet-ensembles paths --help
          paths --blocks -1 | the number of blocks must be from 0 to 10000, got -1
          paths --blocks 10001 | the number of blocks must be from 0 to 10000, got 10001
          paths --blocks 9 --between 5..3 | an interval of lengths ascends, got 5..3; turn it round
          paths --blocks 9 --between 5-7 | Invalid value for option '--between': expected a range like 1..20, got '5-7'; see resnet-ensembles paths --help
          paths --blocks 9 --deleted 10 | the number of deleted blocks must be from 0 to 9, got 10
          paths --blocks 9 --plot a.pdf | a plot is a .png or .svg file, got a.pdf; give it one of these endings, or --plot-format
          gradients --mode fly | Invalid value for option '--mode': expected one of [EXACT, SAMPLED, SIGNS] (case-insensitive) but was 'fly'; see resnet-ensembles gradients --help
          gradients --mass 0 | --mass is a share of the gradient, above 0 and at most 1, got 0.0
          gradients --samples 3 | --samples needs --mode sampled or signs
          gradients --mode exact --path 1 | --path measures one path; it does not go with --mode
          gradients --path 1 --plot a.png | --path measures one number; there is nothing to draw with --plot
          gradients --path 1 --csv a.csv | --path measures one number; write it with --json, not --csv
          gradients --path 1 --mass 0.9 | --path measures one path, whatever its length; it does not go with --mass or --max-length
          gradients --path 1 --max-length 3 | --path measures one path, whatever its length; it does not go with --mass or --max-length
          gradients --stop-at 0.1 --batches 3 | --stop-at stops after 3 batches at the earliest, so it needs --batches of at least 4, got 3
          gradients --stop-at 0.1 --batches 4 --only-batches 2..3 | --stop-at looks at all batches so far, which --only-batches does not measure; leave one of them out
          gradients --backend reference --data builtin --arch resnet-8 --batch 2 --batches 3 --only-batches 3..4 | batches(3, 4) asks for more than there are: 6 images make 3 batches of 2; ask for some of these
          gradients --batches 0 | --batches must be at least 1, got 0
          gradients --backend reference --data builtin --arch resnet-8 --tolerance 1 | the tolerance is a share of the gradient's norm, from 0 to below 1, got 1.0
          gradients --backend reference --data builtin --arch resnet-8 --max-length -1 | the largest length is at least 0, got -1
          gradients --backend reference --data builtin --arch resnet-8 --mode sampled --samples 0 | there must be at least 1 of the paths for each length, got 0
          gradients --backend reference --data builtin --arch resnet-8 --mode sampled --parameters | the gradient of parameters by length is a sum over paths: measure it with exact()
          gradients --backend reference --data builtin --arch resnet-8 --path 4 | the path {4} is not one of the 8 paths of resnet-8 under this wiring: its blocks are 1 to 3, and every path takes the plain ones and none of the deleted ones
          shapley --draws 1 | --draws must be at least 2, for intervals need two orders, got 1
          shapley --draws 0 | --draws must be at least 2, for intervals need two orders, got 0
          shapley --draws x | Invalid value for option '--draws': 'x' is not an int; see resnet-ensembles shapley --help
          shapley --level 95 | --level lies between 0 and 1, such as 0.95, got 95.0
          shapley --backend reference --data builtin --arch resnet-56 | exact values of 27 blocks would take 2^27 networks; sample them with --draws, or leave out all but 15 with --exclude
          predict --logits 3 | --logits needs --json FILE, where the logits are written
          predict --logits -1 | --logits must be at least 0, got -1
          predict --per-image | --per-image needs --json FILE or --csv FILE, where losses and margins are written
          predict --unlabelled --data builtin | --unlabelled needs --logits K: without labels there are no errors, and nothing else to tell
          predict --unlabelled --logits 1 --json j.json --per-image | --unlabelled gives logits alone: it does not go with --per-image, --csv or --plot
          predict --unlabelled --logits 1 --json j.json --csv c.csv | --unlabelled gives logits alone: it does not go with --per-image, --csv or --plot
          predict --backend reference --arch resnet-8 --unlabelled --logits 1 --json j.json --data builtin | --unlabelled is for a folder of images and for NumPy's arrays (.npy, .npz), and --data builtin is none; leave it out
          predict --backend reference --arch resnet-8 --unlabelled --logits 1 --json j.json --data x.npy --labels y.npy | --unlabelled says that there are no labels: it does not go with --labels
          predict --backend reference --arch resnet-8 --unlabelled --logits 1 --json j.json --data x.npy --crop 8 | --crop is for a folder of images, and --data x.npy is none
          predict --backend reference --arch resnet-8 --unlabelled --logits 1 --json j.json --data x.npy --dataset cifar10 | --dataset says which published images these are, and those have labels: leave out --unlabelled
          predict --backend reference --data builtin --arch resnet-8 --delete each | --delete each damages a network in many ways, and one is evaluated; name blocks, or use the command lesion
          predict --backend reference --data builtin --arch resnet-8 --delete x | --delete takes block numbers like 3,7 or 4..9, got 'x'
          predict --backend reference --data builtin --arch resnet-8 --limit 2 --delete 4 | there is no block 4: resnet-8 has the blocks 1 to 3
          predict --backend reference --data builtin --arch resnet-8 --delete 1 --reference builtin | --reference needs --replace-mean or --resample: other lesions take no images
          predict --backend fly | no backend named 'fly'; found [djl, reference]; add a backend's artifact (such as resnet-ensembles-djl) to the class path
          predict --backend reference --arch resnet-8 | no images: give --data FILE, DIR or 'builtin'
          predict --backend reference --data builtin | no network: give --weights FILE, or --arch NAME for an untrained one
          predict --backend reference --data builtin --limit 0 --arch resnet-8 | --limit must be at least 1, got 0
          predict --backend reference --data builtin --offset -1 --arch resnet-8 | --offset must be at least 0, got -1
          predict --backend reference --data builtin --arch resnet-8 --device tpu | the device must be auto, cpu, gpu or gpu:N, got 'tpu'
          predict --backend reference --data builtin --arch resnet-8 --mean 0,0,0 | --mean and --std go together: give both or neither
          predict --backend reference --data builtin --arch resnet-8 --rename r.txt | --rename needs --weights: there are no tensors to rename
          predict --backend reference --data builtin --arch resnet-8 --key ema | --key needs --weights: there is no file to look into
          predict --backend reference --data builtin --weights w.pt --key= | --key is empty: name a dictionary, or leave it out
          paths --blocks 9 --key ema | --plain and other flags that describe a network need --arch or --weights
          predict --backend reference --data builtin --arch resnet-8 --limit 3 --json j.json --logits 4 | --logits 4 asks for more than the 3 images
          """)
  void isSaidInOneLine(String words, String message) {
    assertBadUsage(CommandRun.words(words), message);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --delete x | --delete takes block numbers like 3,7 or 4..9, got 'x'
          --delete 5..3 | --delete takes ranges that ascend, got '5..3'; turn it round
          --swap 1:2 | --swap takes pairs of blocks like 4-9,11-12, got '1:2'
          --swap 2-2 | a swap needs two different blocks, got 2 twice
          --scale 5 | --scale takes blocks with factors like 5=0.5, got '5'
          --scale 5=x | --scale takes a number as factor, got 'x'
          --delete 10 | there is no block 10: resnet-20 has the blocks 1 to 9
          --delete random --k 1..10 | 10 different blocks to delete were asked for, but only 9 exist
          --delete each --shard 12/12 | --shard 12/12 holds no lesion: the plan has 9; cut it into fewer shards
          --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 --duplicate 2 | duplicating blocks again and again makes 65544 steps of the 9 blocks of resnet-20, more than 65536; duplicate fewer times
          --delete 3 --shard 3/2 | a shard is written i/n with i from 1 to n, got 3/2
          """)
  void lesionsThatDoNotFitAreRefused(String flags, String message) {
    assertBadUsage(CommandRun.words("lesion " + NETWORK + flags), message);
  }

  @Test
  void blockValuesOfOneImageAreRefused() {
    CommandRun run =
        CommandRun.words(
            "shapley --arch resnet-8 --data builtin --limit 1 --backend reference --quiet");

    assertThat(run.err())
        .isEqualTo(
            "error: block values need at least 2 images, but built-in images v1, test has one;"
                + " choose more"
                + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  /** Before the work: its cost is not even announced. */
  @ParameterizedTest
  @ValueSource(strings = {"shapley", "shapley --draws 2"})
  void blockValuesOfOneClassAreRefused(String command) throws IOException {
    Path file = Files.write(folder.resolve("data.bin"), new byte[300 * 3073]);

    CommandRun run =
        CommandRun.words(
            command + " --arch resnet-8 --backend reference --limit 290 --data " + file);

    assertBadUsage(
        run,
        "block values need images of at least 2 classes, but the first 290 of data.bin are of one;"
            + " choose more");
  }

  @Test
  void oneImageOfAnotherClassIsEnough() throws IOException {
    byte[] records = new byte[300 * 3073];
    records[299 * 3073] = 1;
    Path file = Files.write(folder.resolve("data.bin"), records);

    EvaluatedImages.require("this needs", ImageSets.cifar10(file));
  }

  @Test
  void anOutputInAMissingDirectoryIsFoundBeforeTheWork() {
    Path file = folder.resolve("none/out.json");

    assertBadUsage(
        CommandRun.of("lesion", "--delete", "3", "--json", file.toString()),
        "cannot write --json " + file + ": there is no directory " + file.getParent());
  }

  @Test
  void aDirectoryIsNoOutput() {
    assertBadUsage(
        CommandRun.of("lesion", "--delete", "3", "--csv", folder.toString()),
        "cannot write --csv " + folder + ": it is a directory");
  }

  @Test
  void twoOutputsAreTwoFiles() {
    Path file = folder.resolve("out");

    assertBadUsage(
        CommandRun.of(
            "lesion", "--delete", "3", "--json", file.toString(), "--csv", folder + "/./out"),
        "--csv and --json name the same file, " + folder + "/./out; give two");
  }

  @Test
  void anInputIsNotOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("weights.pt"), "weights");

    assertBadUsage(
        CommandRun.of(
            "lesion", "--delete", "3", "--weights", file.toString(), "--json", file.toString()),
        "--json " + file + " is an input of this run and would be lost; name another");
    assertThat(file).hasContent("weights");
  }

  @Test
  void checkingLeavesNothingBehind() {
    CommandRun run =
        CommandRun.of(
            "lesion", "--delete", "3", "--json", folder + "/out.json", "--backend", "fly");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatIsNoReportIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "[1, 2");

    CommandRun run =
        CommandRun.of("merge", file.toString(), "--json", folder.resolve("b.json").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: " + file + ": ").hasLineCount(1);
  }

  @Test
  void aPlotNeedsAFile() {
    assertBadUsage(
        CommandRun.of("plot", "a.json"),
        "Missing required option: '--plot=FILE.png|.svg'; see resnet-ensembles plot --help");
  }

  @Test
  void aMissingReportIsNamed() {
    assertBadUsage(
        CommandRun.of("plot", folder + "/a.json", "--plot", folder + "/a.png"),
        "cannot read " + folder + "/a.json: no such file or directory; check the path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"order\": [1]}",
        "",
        "null",
        "[1,2,]",
        "[1;2]",
        "[1.5]",
        "[99999999999]",
        "[NaN]",
        "[1] 2",
        "['1']",
        "[[1]]",
        "[1, /* one */ 2]",
        "[\"1\"]"
      })
  void anOrderIsAnArray(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("order.json"), text);

    assertBadUsage(
        CommandRun.of(
            "lesion",
            "--arch",
            "resnet-8",
            "--data",
            "builtin",
            "--order",
            file.toString(),
            "--save-plan",
            folder + "/plan.json"),
        file + " is no JSON array of block numbers such as [1,3,2]");
  }

  @Test
  void verboseShowsTheStackTrace() {
    CommandRun run = CommandRun.words("predict --verbose --backend fly");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: no backend named 'fly'").contains("\tat ");
  }

  private static void assertBadUsage(CommandRun run, String message) {
    assertThat(run.err()).isEqualTo("error: " + message + System.lineSeparator());
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
