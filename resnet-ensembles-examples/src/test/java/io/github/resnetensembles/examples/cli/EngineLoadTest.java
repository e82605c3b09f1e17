package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine that cannot be loaded: one line with the remedy, bad usage, no result. */
class EngineLoadTest {
  private static final String FAILED = "error: backend djl cannot load PyTorch's native library (";

  @TempDir private Path folder;

  private void assertRefused(ProcessBuilder builder, String cause)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();

    assertThat(process.waitFor()).as(Files.readString(err)).isEqualTo(2);
    List<String> lines =
        Files.readAllLines(err).stream().filter(line -> !line.contains(" WARN ")).toList();
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith(FAILED)
        .contains(cause)
        .doesNotContain("{}");
    assertThat(out).isEmptyFile();
  }

  private ProcessBuilder predict(String classPath, Map<String, String> environment) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED", // As the runnable jar's manifest says.
            "-cp",
            classPath,
            Main.class.getName(),
            "predict",
            "--arch",
            "resnet-8",
            "--data",
            "builtin",
            "--limit",
            "2",
            "--quiet",
            "--backend",
            "djl");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    Map<String, String> variables = new HashMap<>(Map.of("DJL_CACHE_DIR", cache().toString()));
    variables.putAll(environment);
    builder.environment().putAll(variables);
    builder.environment().remove("ENGINE_CACHE_DIR");
    return builder;
  }

  /** Empty, so that nothing is there that could be loaded in place of what is missing. */
  private Path cache() {
    return folder.resolve("cache");
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  @ParameterizedTest
  @CsvSource({
    "PYTORCH_VERSION, 1.13.1, 'PYTORCH_VERSION asks for 1.13.1, and this library needs '",
    "DJL_DEFAULT_ENGINE, MXNet, 'DJL_DEFAULT_ENGINE is MXNet, an engine that is not here: unset it'"
  })
  void whatAVariableBreaksIsNamed(String variable, String value, String cause) throws Exception {
    assertRefused(predict(classPath(), Map.of(variable, value)), cause);
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch-native, 'add the Maven artifact ai.djl.pytorch:pytorch-native-cpu:'",
    "pytorch-jni, 'add the Maven artifact ai.djl.pytorch:pytorch-jni of PyTorch '",
    "pytorch-engine, 'add the Maven artifact ai.djl.pytorch:pytorch-engine to the class path'",
    "slf4j-api, 'add the Maven artifact org.slf4j:slf4j-api to the class path'"
  })
  void aMissingArtifactIsNamed(String artifact, String cause) throws Exception {
    String path =
        Arrays.stream(classPath().split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().startsWith(artifact))
            .collect(Collectors.joining(File.pathSeparator));

    assertRefused(predict(path, Map.of()), cause);
  }

  @Test
  void aCacheThatIsNoFolderIsNamed() throws Exception {
    Files.writeString(cache(), "x");

    assertRefused(
        predict(classPath(), Map.of()),
        "the cache folder " + cache() + " cannot be written: make it writable, or name another");
  }

  /** Else the next run would take it for a report that was begun. */
  @Test
  void aReportWithoutAnEngineLeavesNothingThatLooksBegun() throws Exception {
    Files.writeString(cache(), "x");
    Path report = folder.resolve("report");
    ProcessBuilder builder = predict(classPath(), Map.of());
    int words = builder.command().indexOf("predict");
    builder.command().subList(words, builder.command().size()).clear();
    builder
        .command()
        .addAll(
            List.of(
                "report", "--quick", "--quiet", "--backend", "djl", "--out", report.toString()));

    assertRefused(builder, "the cache folder " + cache() + " cannot be written");
    assertRefused(builder, "the cache folder " + cache() + " cannot be written");
  }

  /** As a quota of the disk does it, and a full one with other words. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLimitOfFilesIsNamed() throws Exception {
    ProcessBuilder builder = predict(classPath(), Map.of());
    builder.command().addAll(0, List.of("sh", "-c", "ulimit -f 2000; exec \"$@\"", "limited"));

    assertRefused(builder, "(File too large); files of some 400 MB cannot be written to the cache");
  }
}
