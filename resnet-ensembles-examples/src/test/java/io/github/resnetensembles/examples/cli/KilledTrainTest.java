package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with the default backend, killed without warning at random moments. */
@Tag("slow")
class KilledTrainTest {
  private static final int KILLS = 20;
  private static final List<String> TRAIN =
      List.of(
          ("train --arch resnet-8 --data builtin --limit 640 --test-limit 40 --batch 32 --epochs 12"
                  + " --device cpu --threads 1 --stochastic-depth 0.5 --checkpoint-steps 3 --quiet")
              .split(" ", -1));

  @TempDir Path folder;

  @Test
  void killedAtAnyMomentItEndsWithTheSameBits() throws IOException, InterruptedException {
    long start = System.nanoTime();
    trainToTheEnd("whole");
    long wholeMillis = (System.nanoTime() - start) / 1_000_000;
    Random random = new Random(20161206);
    int resumed = 0;
    for (int i = 0; i < KILLS; i++) {
      try (SubProcess process = train("killed")) {
        // From before the first checkpoint to a tenth of the training beyond the start.
        Thread.sleep(wholeMillis / 4 + random.nextLong(Math.max(1, wholeMillis / 10)));
        assertThat(process.isAlive()).as("training %s is not over yet", i).isTrue();
        process.signal("KILL");
        assertThat(process.exitCode()).isEqualTo(128 + 9);
      }
      if (checkpoints() > 0) {
        resumed++;
      }
    }
    assertThat(resumed).isPositive();
    trainToTheEnd("killed");
    for (String name : List.of("weights.safetensors", "best.safetensors", "epochs.csv")) {
      assertThat(folder.resolve("killed").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
    }
  }

  private void trainToTheEnd(String name) throws IOException, InterruptedException {
    try (SubProcess process = train(name)) {
      String unused = process.awaitLine("weights.safetensors");
      assertThat(process.exitCode()).isZero();
    }
  }

  private SubProcess train(String name) throws IOException {
    return SubProcess.of(
        Main.class.getName(),
        Stream.concat(
                TRAIN.stream(), Stream.of("--resume", "--out", folder.resolve(name).toString()))
            .toArray(String[]::new));
  }

  private long checkpoints() throws IOException {
    Path killed = folder.resolve("killed");
    if (!Files.isDirectory(killed)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(killed)) {
      return files.filter(file -> file.getFileName().toString().startsWith("checkpoint")).count();
    }
  }
}
