package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.LesionReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** Outputs: what they may be, what they may not overwrite, and standard output. */
class OutputsTest {
  private static final String PATHS = "paths --blocks 3 ";
  private static final String TINY =
      " --arch resnet-8 --data builtin --limit 2 --backend reference --quiet ";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
  void standardOutputTakesOneResultAndNothingElse(String name) throws IOException {
    Path file = folder.resolve("paths.json");
    CommandRun written = CommandRun.words(PATHS + "--json " + file);
    CommandRun run = CommandRun.words(PATHS + "--json " + name + " --csv " + folder + "/a.csv");

    assertThat(written.out()).contains("blocks: 3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(Files.readString(file));
    assertThat(folder.resolve("a.csv")).isNotEmptyFile();
  }

  @Test
  void everyOutputGoesToStandardOutput() {
    assertThat(CommandRun.words(PATHS + "--csv -").out()).startsWith("length,count,probability");
    assertThat(CommandRun.words(PATHS + "--plot -").out()).contains("<svg").endsWith("</svg>\n");
    assertThat(CommandRun.words("lesion --delete each --save-plan -" + TINY.strip()).exitCode())
        .isEqualTo(2);
    assertThat(CommandRun.words("lesion --delete each --save-plan -" + TINY.stripTrailing()).out())
        .startsWith("{")
        .contains("\"rows\"")
        .doesNotContain("plan of");
    CommandRun lesion = CommandRun.words("lesion --delete each --json -" + TINY.stripTrailing());
    assertThat(LesionReport.fromJson(lesion.out()).rows()).hasSize(3);
  }

  @Test
  void picturesAreBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        Main.run(
            (PATHS + "--plot - --plot-format png").split(" ", -1),
            out,
            OutputStream.nullOutputStream());

    assertThat(code).isZero();
    assertThat(out.toByteArray()).startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
  }

  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no bash and no POSIX files")
  @Test
  void devicesAndPipesAreWrittenTo() throws Exception {
    CommandRun run = CommandRun.words(PATHS + "--json /dev/null --csv /dev/null --plot /dev/null");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("blocks: 3");
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();

    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    run = CommandRun.words(PATHS + "--json " + pipe);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(read.get(10, TimeUnit.SECONDS)).startsWith("{\"blocks\":3");
    assertThat(folder).isDirectoryContaining(pipe::equals);
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void aFullDeviceIsAFailureOfTheRun() {
    CommandRun run = CommandRun.words(PATHS + "--json /dev/full");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("error: cannot write /dev/full: No space left on device");
  }

  @Test
  void standardOutputThatCannotBeWrittenIsAFailure() {
    assertBroken("No space left on device", 1, "error: cannot write standard output: No space");
    assertBroken("Broken pipe", 0, "");
  }

  private static void assertBroken(String reason, int exitCode, String message) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    for (String words : List.of(PATHS.strip(), PATHS + "--json -", PATHS + "--plot -")) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      assertThat(Main.run(words.split(" ", -1), broken, err)).as(words).isEqualTo(exitCode);
      assertThat(err.toString(UTF_8)).startsWith(message);
      assertThat(err.toString(UTF_8).isEmpty()).isEqualTo(message.isEmpty());
    }
  }

  /** Process substitution, redirection, a reader that leaves: as a shell does it. */
  @EnabledOnOs(OS.LINUX)
  @Test
  void theShellsWaysWork() throws IOException, InterruptedException {
    assertThat(
            shell("$J paths --blocks 2 --json >(cat > sub.json) > text; sleep 0.3; cat sub.json"))
        .startsWith("{\"blocks\":2");
    assertThat(
            shell(
                "(echo before; $J paths --blocks 2 --csv /dev/stdout; echo after) > all; cat all"))
        .startsWith("before\nlength,")
        .endsWith("\nafter\n");
    assertThat(shell("$J paths --blocks 5000 | head -1; echo ${PIPESTATUS[0]}"))
        .startsWith("blocks: 5000\n")
        .endsWith("\n0\n");
    assertThat(shell("$J paths --blocks 2 > /dev/full; echo $?"))
        .isEqualTo("error: cannot write standard output: No space left on device\n1\n");
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void namesThatTheLanguageSettingsDoNotKnow() throws IOException, InterruptedException {
    assertThat(shell("LC_ALL=C $J paths --blocks 2 --json ü.json; echo $?"))
        .startsWith("error: Invalid value for option '--json': the name '")
        .contains("set the environment variable LC_ALL to C.UTF-8", "--help\n2\n");
    assertThat(shell("LC_ALL=C $J predict --arch resnet-8 --data ü; echo $?"))
        .startsWith("error: --data: the name '")
        .endsWith("C.UTF-8\n2\n");
    assertThat(shell("LC_ALL=C.UTF-8 $J paths --blocks 2 --json ü.json; echo $?; ls"))
        .endsWith("0\nü.json\n");
  }

  private String shell(String commands) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", commands).redirectErrorStream(true);
    builder.directory(Files.createTempDirectory(folder, "shell").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "J",
                Path.of(System.getProperty("java.home"), "bin", "java")
                    + " -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED "
                    + Main.class.getName(),
                "CLASSPATH",
                System.getProperty("java.class.path")));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no bash and no POSIX files")
  @Test
  void linksAreFollowedAndModesKept() throws IOException {
    Path file = Files.writeString(folder.resolve("real.json"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("real.json"));
    Path dangling = Files.createSymbolicLink(folder.resolve("new.csv"), Path.of("made.csv"));

    CommandRun run = CommandRun.words(PATHS + "--json " + link + " --csv " + dangling);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(file).content().startsWith("{\"blocks\":3");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw----");
    assertThat(folder.resolve("made.csv")).content().startsWith("length,");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 213, 230, 250, 255})
  void namesMayBeAsLongAsTheFileSystemAllows(int length) {
    Path file = folder.resolve("a".repeat(length - 5) + ".json");
    CommandRun run = CommandRun.words(PATHS + "--json " + file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(file).isNotEmptyFile();
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void longerNamesAreRefusedBeforeTheWork() {
    Path file = folder.resolve("a".repeat(256));
    CommandRun run = CommandRun.words(PATHS + "--json " + file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().strip())
        .isEqualTo("error: cannot write --json " + file + ": File name too long");
  }

  /** In the folder are the inputs; nothing of them may change, and nothing may begin. */
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no bash and no POSIX files")
  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lesion --delete 3 --weights ./w.pt --json ./w.pt | is an input of this run
          lesion --delete 3 --weights ./w.pt --csv ./hard | is an input of this run
          lesion --delete 3 --weights ./w.pt --csv ./soft | is an input of this run
          lesion --delete 3 --weights ./w.pt --csv ./other/w.pt | is an input of this run
          lesion --delete 3 --weights ./w.pt --rename ./rename --json ./rename | is an input of this run
          lesion --order ./order.json --json ./order.json | is an input of this run
          lesion --order ./w.pt --order ./order.json --json ./w.pt | is an input of this run
          lesion --plan ./order.json --json ./order.json | is an input of this run
          lesion --delete 3 --save-plan ./rename --weights ./w.pt --rename ./rename | is an input of this run
          lesion --replace-mean 3 --reference ./images --json ./images | is an input of this run
          lesion --replace-mean 3 --reference ./data --json ./data/test_batch.bin | belongs to --reference
          predict --data ./data --json ./data/test_batch.bin | belongs to --data
          predict --data ./data --csv ./soft.bin | belongs to --data
          predict --data ./data/ --csv ./twin/test_batch.bin | belongs to --data
          predict --data ./t10k-images-idx3-ubyte --json ./t10k-labels-idx1-ubyte | belongs to --data
          shapley --data ./images --json ./images | is an input of this run
          gradients --data ./images --csv ./images | is an input of this run
          train --out ./run --data ./images --test ./test --json ./test | is an input of this run
          train --out ./run --weights ./run/weights.safetensors | is an input of this run
          train --out ./run --json ./run/epochs.csv | is what the run itself writes
          train --out ./run --json ./twin/../run/best.safetensors | is what the run itself writes
          train --out ./run --csv ./run/probes/a.csv | is what the run itself writes
          report --out ./run --weights ./run/networks/a/weights.safetensors | is an input of this run
          merge ./order.json ./w.pt --json ./w.pt | is an input of this run
          plot ./order.json --plot ./order.json --plot-format svg | is an input of this run
          paths --weights ./w.pt --json ./w.pt | is an input of this run
          lesion --delete 3 --json ./a --csv ./a | name the same file
          lesion --delete 3 --json ./a --csv ./other/a | name the same file
          lesion --delete 3 --json ./x.json --plot ./dangling.svg --csv ./x | name the same file
          lesion --delete 3 --json ./twin/new --csv ./data/new | name the same file
          lesion --delete 3 --json ./hard --csv ./w.pt | name the same file
          train --out ./run --json ./a --csv ./twin/../a | name the same file
          """)
  void inputsAreNotOverwritten(String words, String message) throws IOException {
    for (String name :
        List.of(
            "w.pt",
            "rename",
            "order.json",
            "images",
            "test",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "data/test_batch.bin",
            "run/weights.safetensors",
            "run/networks/a/weights.safetensors")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), name);
    }
    Files.createDirectories(folder.resolve("run/probes"));
    Files.createLink(folder.resolve("hard"), folder.resolve("w.pt"));
    Files.createSymbolicLink(folder.resolve("soft"), Path.of("w.pt"));
    Files.createSymbolicLink(folder.resolve("soft.bin"), Path.of("data/test_batch.bin"));
    Files.createSymbolicLink(folder.resolve("other"), folder);
    Files.createSymbolicLink(folder.resolve("twin"), Path.of("data"));
    Files.createSymbolicLink(folder.resolve("dangling.svg"), Path.of("x"));
    Map<Path, String> before = contents();

    CommandRun run = CommandRun.words(words.replace(" ./", " " + folder + "/"));

    assertThat(run.err()).contains(message).startsWith("error: ").hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(contents()).isEqualTo(before);
  }

  private Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readString(file));
      }
    }
    return contents;
  }

  /** What lies among the data and was a result stays one. */
  @Test
  void aResultBesideTheDataIsWrittenAgain() throws IOException {
    Files.writeString(folder.resolve("test_batch.bin"), "no image");
    Files.writeString(folder.resolve("a.json"), "{}");
    CommandRun run =
        CommandRun.words(
            "predict --arch resnet-8 --backend reference --data "
                + folder
                + " --json "
                + folder
                + "/a.json");
    assertThat(run.err()).contains("test_batch.bin").doesNotContain("would be lost");
  }

  /** So that no flag for a file escapes the check. */
  @Test
  void everyFlagForAFileIsKnown() {
    CommandLine main =
        Main.commandLine(
            new Streams(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
    assertKnown(main);
  }

  private static void assertKnown(CommandLine command) {
    for (ArgSpec argument : command.getCommandSpec().args()) {
      String label = argument.paramLabel();
      boolean file = label.contains("FILE") || label.contains("DIR");
      assertThat(FileUses.of(argument) != FileUses.Use.NONE)
          .as(command.getCommandName() + " " + argument)
          .isEqualTo(file);
    }
    command.getSubcommands().values().forEach(OutputsTest::assertKnown);
  }
}
