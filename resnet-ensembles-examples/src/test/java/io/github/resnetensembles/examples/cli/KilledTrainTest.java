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
    int kills = 0;
    int resumed = 0;
    int ended = 0;
    while (kills < KILLS) {
      String name = "killed" + ended;
      try (SubProcess process = train(name)) {
        // From before the first checkpoint to a tenth of the training beyond the start.
        Thread.sleep(wholeMillis / 4 + random.nextLong(Math.max(1, wholeMillis / 10)));
        if (process.kill()) {
          kills++;
          resumed += checkpoints(name) > 0 ? 1 : 0;
        } else {
          checkSameBits(name);
          ended++;
        }
      }
    }
    assertThat(resumed).isPositive();
    trainToTheEnd("killed" + ended);
    checkSameBits("killed" + ended);
  }

  private void checkSameBits(String name) {
    for (String file : List.of("weights.safetensors", "best.safetensors", "epochs.csv")) {
      assertThat(folder.resolve(name).resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
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

  private long checkpoints(String name) throws IOException {
    Path killed = folder.resolve(name);
    if (!Files.isDirectory(killed)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(killed)) {
      return files.filter(file -> file.getFileName().toString().startsWith("checkpoint")).count();
    }
  }
}
