package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.internal.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in a process of its own, killed without warning at random moments. */
@Tag("slow")
class KilledTrainingTest {
  private static final int KILLS = 20;

  @TempDir Path folder;

  /** Trains into the folder given, from whatever is there. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      TrainingResult unused =
          training(Path.of(args[0])).resume().run(TrainingTest.IMAGES, TrainingTest.TEST_IMAGES);
    }
  }

  private static Training training(Path out) {
    return Training.of(TrainingTest.NETWORK)
        .recipe(TrainingTest.RECIPE.toBuilder().epochs(150).build())
        .backend(new ReferenceBackend())
        .checkpoints(2, 3)
        .out(out);
  }

  @Test
  void killedAtAnyMomentItEndsWithTheSameBits() throws IOException, InterruptedException {
    long start = System.nanoTime();
    TrainingResult whole =
        training(folder.resolve("whole")).run(TrainingTest.IMAGES, TrainingTest.TEST_IMAGES);
    int trainingMillis = millisSince(start);
    int firstCheckpointMillis = millisToFirstCheckpoint(folder.resolve("timed"));
    Path killed = folder.resolve("killed");
    Random random = new Random(20161206);
    int kills = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(killed);
      // From before the first checkpoint to far into the training; all kills together take less
      // time than the training.
      int delay = firstCheckpointMillis / 2 + random.nextInt(100 + trainingMillis / 15);
      if (!process.waitFor(delay, TimeUnit.MILLISECONDS)) {
        kills++;
      }
      process.destroyForcibly().waitFor();
    }
    assertThat(kills).isEqualTo(KILLS);
    Checkpoint newest = new OutputFolder(killed, 3).newest(Map.of(), TrainingListener.none());
    assertThat(newest).isNotNull();
    assertThat(newest.place().steps()).isBetween(2L, 150L * 7 - 1);
    TrainingResult resumed =
        training(killed).resume().run(TrainingTest.IMAGES, TrainingTest.TEST_IMAGES);
    assertThat(TrainingTest.values(resumed.weights()))
        .isEqualTo(TrainingTest.values(whole.weights()));
    assertThat(resumed.epochs()).isEqualTo(whole.epochs());
    for (String name : List.of("epochs.csv", "best.safetensors", "weights.safetensors")) {
      assertThat(folder.resolve("killed").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
    }
    try (var files = Files.list(killed)) {
      assertThat(files)
          .extracting(file -> file.getFileName().toString().replaceAll("-\\d+", "-N"))
          .filteredOn(name -> !name.endsWith(".part")) // Of killed processes, for an hour.
          .containsExactlyInAnyOrder(
              "checkpoint-N.safetensors",
              "checkpoint-N.safetensors",
              "checkpoint-N.safetensors",
              "best.safetensors",
              "weights.safetensors",
              "epochs.csv",
              "training.json",
              ".lock");
    }
  }

  /** How long a process takes to its first checkpoint on this machine, as busy as it is. */
  private static int millisToFirstCheckpoint(Path out) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(out);
    while (process.isAlive()
        && (!Files.isDirectory(out)
            || new OutputFolder(out, 3).newest(Map.of(), TrainingListener.none()) == null)) {
      Thread.sleep(10);
    }
    int millis = millisSince(start);
    process.destroyForcibly().waitFor();
    return millis;
  }

  private static int millisSince(long start) {
    return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static Process start(Path out) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Program.class.getName());
    command.add(out.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
