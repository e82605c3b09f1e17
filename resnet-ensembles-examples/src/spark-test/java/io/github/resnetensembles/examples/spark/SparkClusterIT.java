package io.github.resnetensembles.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of real processes, on this library's own network or, where the data are there, on a
 * real one: 500 images in batches of 25. What one process without Spark finds is known from the
 * start.
 */
@Timeout(600)
class SparkClusterIT {
  private static final int PIECES = 20;
  private static final List<String> LESIONS =
      List.of("--delete", "each", "--delete", "random", "--k", "1..3", "--draws", "5");
  private static final Pattern LOST_TASK = Pattern.compile("Lost task .*ExecutorLostFailure");
  private static final Pattern FINISHED_TASK = Pattern.compile("Finished task ");
  private static final Pattern FINISHED_AGAIN = Pattern.compile("Finished task \\d+\\.[1-9]");

  @TempDir private static Path folder;
  private static SparkCluster cluster;
  private static JsonObject expected;

  /** Several processes start at once: most of the time they wait for each other. */
  @BeforeAll
  static void start() {
    cluster = new SparkCluster(folder);
    Path log = folder.resolve("alone.log");
    Path json = folder.resolve("alone.json");
    Process alone =
        cluster.beginAlone(
            log,
            joined(
                List.of(
                    List.of("lesion"), network(), LESIONS, List.of("--json", json.toString()))));
    Path planLog = folder.resolve("plan.log");
    Process plan =
        cluster.beginAlone(
            planLog,
            joined(
                List.of(
                    List.of("lesion", "--arch", data() == null ? "preresnet-20" : "resnet-20"),
                    LESIONS,
                    List.of("--save-plan", plan().toString()))));
    cluster.awaitWorkers();
    cluster.ended(plan, planLog);
    cluster.ended(alone, log);
    expected = withoutProvenance(json);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Path plan() {
    return folder.resolve("plan.json");
  }

  private static @Nullable String data() {
    String folder = System.getenv("RESNET_ENSEMBLES_DATA");
    return folder == null || folder.isEmpty() ? null : folder;
  }

  private static List<String> network() {
    String data = data();
    List<String> network =
        data == null
            ? List.of("--weights", "pretrained:preresnet-20", "--data", "builtin")
            : List.of(
                "--weights",
                Path.of(data, "weights", "resnet20-12fca82f.th").toString(),
                "--data",
                Path.of(data, "cifar10", "test_batch.bin").toString());
    return joined(List.of(network, List.of("--limit", "500", "--batch", "25")));
  }

  /** What an application writes: its pieces go into a store. */
  private static List<String> outputs(Path store, Path json) {
    return List.of("--store", store.toString(), "--max-cost", "1800", "--json", json.toString());
  }

  private static List<String> joined(List<List<String>> flags) {
    return flags.stream().flatMap(List::stream).toList();
  }

  /** Numbers stay the texts that they are. */
  private static JsonObject withoutProvenance(Path json) {
    JsonObject result = JsonParser.parseString(SparkCluster.text(json)).getAsJsonObject();
    assertThat(result.remove("provenance")).isNotNull();
    return result;
  }

  private static Map<Path, FileTime> results(Path store) {
    Map<Path, FileTime> times = new TreeMap<>();
    Path results = store.resolve("results");
    if (Files.isDirectory(results)) {
      try (Stream<Path> files = Files.walk(results)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".jsonl.gz")).toList()) {
          times.put(file, Files.getLastModifiedTime(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return times;
  }

  private static long count(Pattern pattern, Path log) {
    return pattern.matcher(SparkCluster.text(log)).results().count();
  }

  /**
   * The first driver's executors write into the store, and one is killed; then the driver is. The
   * second driver has the same study in a file, which it ships, and collects results.
   */
  @Test
  void neitherAKilledExecutorNorAKilledDriverChangesTheResult() {
    Path store = folder.resolve("store");
    Path json = folder.resolve("result.json");

    killAnExecutorAndTheDriver(joined(List.of(network(), LESIONS, outputs(store, json))), store);
    Map<Path, FileTime> before = results(store);
    assertThat(before).as("what is left to do").hasSizeLessThan(PIECES);

    Path log = folder.resolve("second.log");
    List<String> plan = List.of("--plan", plan().toString(), "--collect", "--ship");
    cluster.ended(cluster.submit(log, joined(List.of(network(), plan, outputs(store, json)))), log);

    assertThat(SparkCluster.text(log))
        .contains("pieces: %s, of which the store has %s;".formatted(PIECES, before.size()));
    assertThat(count(FINISHED_TASK, log)).isEqualTo(PIECES - before.size());
    assertThat(results(store)).hasSize(PIECES).containsAllEntriesOf(before);
    assertThat(withoutProvenance(json).toString()).isEqualTo(expected.toString());
    assertThat(cluster.cache().resolve("pytorch")).isDirectory();
    for (String name : List.of("com.google.common", "com.google.gson", "org.slf4j")) {
      assertThat(cluster.sources(name)).as(name).isNotEmpty().allMatch(SparkCluster::isSparks);
    }
    assertThat(cluster.sources("io.github.resnetensembles"))
        .isNotEmpty()
        .noneMatch(SparkCluster::isSparks);
  }

  /** When the driver dies, Spark has run again what the executor was doing. */
  private static void killAnExecutorAndTheDriver(List<String> flags, Path store) {
    Path log = folder.resolve("first.log");
    Process driver = cluster.submit(log, flags);
    SparkCluster.await("results", driver, log, () -> results(store).size() >= 2);
    SparkCluster.await("an executor at work", driver, log, () -> !cluster.atWork().isEmpty());
    cluster.killInTask(cluster.atWork().get(0));
    SparkCluster.await("its loss", driver, log, () -> count(LOST_TASK, log) > 0);
    SparkCluster.await("the lost task", driver, log, () -> count(FINISHED_AGAIN, log) > 0);
    Process unused = driver.destroyForcibly();
    while (driver.isAlive() || !cluster.executors().isEmpty()) {
      SparkCluster.pause();
    }
  }
}
