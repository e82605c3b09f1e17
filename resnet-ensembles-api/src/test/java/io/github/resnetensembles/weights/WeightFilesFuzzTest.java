package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.InvalidWeightsException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightFilesFuzzTest {
  private static final long NANOSECONDS = 700_000_000;
  private static final long MOST_BYTES_PER_LOAD = 64L << 20;

  @TempDir Path dir;

  static Stream<Arguments> seeds() {
    long seed = Long.getLong("fuzz.seed", 20261122);
    Map<String, byte[]> files =
        Map.of(
            "legacy", WeightFiles.legacy(WeightFiles.torchNamed()),
            "stored zip", WeightFiles.zip(WeightFiles.torchNamed(), ByteOrder.LITTLE_ENDIAN, true),
            "deflated zip",
                WeightFiles.zip(WeightFiles.torchNamed(), ByteOrder.LITTLE_ENDIAN, false),
            "safetensors", WeightFiles.safetensors(WeightFiles.torchNamed()));
    return files.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> Arguments.of(entry.getKey(), seed, entry.getValue()));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void damagedFilesGiveOneKindOfException(String format, long seed, byte[] valid) throws Exception {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(seed);
    long end = System.nanoTime() + NANOSECONDS;
    int refused = 0;
    for (int i = 0; System.nanoTime() < end; i++) {
      byte[] mutant = mutate(valid, random);
      Path file = Files.write(dir.resolve("mutant" + i), mutant);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        assertThat(Weights.of(file).tensors()).isNotEmpty();
      } catch (InvalidWeightsException e) {
        refused++;
        assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutant " + i + " of " + format + ", seed " + seed, e);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated for mutant %d of %s, seed %d", i, format, seed)
          .isLessThan(MOST_BYTES_PER_LOAD);
      Files.delete(file);
    }
    assertThat(refused).isPositive();
  }

  /** Damages a few bytes, mostly near the beginning or the end, where the structure is. */
  private static byte[] mutate(byte[] valid, Random random) {
    byte[] mutant = valid.clone();
    int changes = 1 + random.nextInt(4);
    for (int c = 0; c < changes; c++) {
      int reach = random.nextBoolean() ? mutant.length : Math.min(mutant.length, 3000);
      int at = random.nextInt(reach);
      at = random.nextInt(3) == 0 ? mutant.length - 1 - at : at;
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt(256);
        case 2 -> {
          for (int i = at; i < Math.min(mutant.length, at + 4); i++) {
            mutant[i] = (byte) 0xff;
          }
        }
        default -> {
          int from = random.nextInt(mutant.length);
          int length = Math.min(random.nextInt(40), mutant.length - Math.max(at, from));
          System.arraycopy(valid, from, mutant, at, length);
        }
      }
    }
    return random.nextInt(8) == 0
        ? java.util.Arrays.copyOf(mutant, random.nextInt(mutant.length))
        : mutant;
  }
}
