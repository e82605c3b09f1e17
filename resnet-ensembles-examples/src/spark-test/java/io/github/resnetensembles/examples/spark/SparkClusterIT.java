package io.github.resnetensembles.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, on this library's own network or, where the data are there, on a real one. */
@Timeout(900)
class SparkClusterIT {
  private static final String PIECES = "20";

  @TempDir private Path folder;
  private SparkCluster cluster;

  @BeforeEach
  void start() {
    cluster = new SparkCluster(folder);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** 500 images in batches of 25. */
  private static List<String> study(List<String> lesions) {
    String data = System.getenv("RESNET_ENSEMBLES_DATA");
    List<String> flags = new ArrayList<>();
    if (data == null) {
      flags.addAll(List.of("--weights", "pretrained:preresnet-20", "--data", "builtin"));
    } else {
      Path weights = Path.of(data, "weights", "resnet20-12fca82f.th");
      Path images = Path.of(data, "cifar10", "test_batch.bin");
      flags.addAll(List.of("--weights", weights.toString(), "--data", images.toString()));
    }
    flags.addAll(List.of("--limit", "500", "--batch", "25"));
    flags.addAll(lesions);
    return flags;
  }

  private static List<String> with(List<String> flags, String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return all;
  }

  private JsonObject alone(List<String> flags) {
    Path json = folder.resolve("alone.json");
    List<String> command = new ArrayList<>(List.of("lesion"));
    command.addAll(with(flags, "--json", json.toString()));
    cluster.runAlone(folder.resolve("alone.log"), command);
    return withoutProvenance(json);
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

  @Test
  void neitherAKilledDriverNorAKilledExecutorChangesTheResult() throws IOException {
    Path store = folder.resolve("store");
    Path json = folder.resolve("result.json");
    List<String> study =
        study(List.of("--delete", "each", "--delete", "random", "--k", "1..3", "--draws", "5"));
    List<String> flags =
        with(study, "--store", store.toString(), "--max-cost", "1800", "--json", json.toString());
    Path firstLog = folder.resolve("first.log");

    Process first = cluster.submit(cluster.master(), firstLog, flags);
    SparkCluster.await("results", first, firstLog, () -> results(store).size() >= 3);
    Process unused = first.destroyForcibly();
    while (first.isAlive() || !cluster.executors().isEmpty()) {
      SparkCluster.pause();
    }
    Map<Path, FileTime> before = results(store);

    Path log = folder.resolve("second.log");
    Process second = cluster.submit(cluster.master(), log, flags);
    SparkCluster.await("more results", second, log, () -> results(store).size() > before.size());
    assertThat(cluster.executors().get(0).destroyForcibly()).isTrue();
    cluster.ended(second, log);

    assertThat(SparkCluster.text(log))
        .contains("pieces: %s, of which the store has %s;".formatted(PIECES, before.size()))
        .containsPattern("Lost task .*ExecutorLostFailure");
    assertThat(results(store)).hasSize(Integer.parseInt(PIECES)).containsAllEntriesOf(before);
    assertThat(withoutProvenance(json).toString()).isEqualTo(alone(study).toString());
    assertThat(cluster.cache().resolve("pytorch")).isDirectory();
  }

  @Test
  void resultsAreSentAndFilesAreShippedOnAClusterOfOneProcess() {
    Path plan = folder.resolve("plan.json");
    Path json = folder.resolve("result.json");
    cluster.runAlone(
        folder.resolve("plan.log"),
        List.of(
            "lesion",
            "--arch",
            System.getenv("RESNET_ENSEMBLES_DATA") == null ? "preresnet-20" : "resnet-20",
            "--delete",
            "random",
            "--k",
            "2..4",
            "--draws",
            "4",
            "--save-plan",
            plan.toString()));
    List<String> study = study(List.of("--plan", plan.toString()));
    Path log = folder.resolve("collecting.log");

    cluster.ended(
        cluster.submit(
            "local-cluster[2,1,1024]",
            log,
            with(
                study,
                "--store",
                folder.resolve("store").toString(),
                "--max-cost",
                "1800",
                "--collect",
                "--ship",
                "--json",
                json.toString())),
        log);

    assertThat(withoutProvenance(json).toString()).isEqualTo(alone(study).toString());
  }
}
