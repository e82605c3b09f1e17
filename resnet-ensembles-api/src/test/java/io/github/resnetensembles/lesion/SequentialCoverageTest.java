package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Interval;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Intervals of studies that design themselves cover the true mean as often as they say, by
 * simulation, with the rounds that the planner asks for and its rule to stop.
 */
class SequentialCoverageTest {
  private static final int BATCH = 20;
  private static final int IMAGES = 10_000;
  private static final int K = 2;
  private static final double SHARE_OF_IMAGES = 0.6;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * How predictions go wrong: an image is wrong under a draw if difficulty + damage + noise exceeds
   * a threshold, each normal, so that the mean is known; and some draws ruin the network.
   *
   * @param rate of errors under the other draws
   * @param images their share of the variance
   * @param draws theirs
   * @param ruined the share of draws with which {@value #RUINED_RATE} of the images are wrong
   */
  private record World(double rate, double images, double draws, double ruined) {
    static final double RUINED_RATE = 0.9;

    double mean() {
      return (1 - ruined) * rate + ruined * RUINED_RATE;
    }

    /** The images' part of what decides. */
    double[] difficulties(Random random) {
      return random
          .doubles(BATCH, 0, 1)
          .map(u -> Math.sqrt(images) * random.nextGaussian())
          .toArray();
    }

    BitSet draw(Random random, double[] difficulties) {
      boolean ruins = random.nextDouble() < ruined;
      double damage = Math.sqrt(draws) * random.nextGaussian();
      double noise = Math.sqrt(1 - images - draws);
      double threshold = NORMAL.inverseSurvivalProbability(rate);
      BitSet wrong = new BitSet();
      for (int i = 0; i < difficulties.length; i++) {
        wrong.set(
            i,
            ruins
                ? random.nextDouble() < RUINED_RATE
                : difficulties[i] + damage + noise * random.nextGaussian() > threshold);
      }
      return wrong;
    }
  }

  /** Runs a study of one k, and returns its interval. */
  private static Interval study(World world, double width, Random random) {
    Design design =
        new Design(
            "simulated", width, OptionalLong.empty(), 0, new RecordRange(0, IMAGES), BATCH, false);
    Architecture architecture = Architecture.of("preresnet-110");
    RoundPlanner planner =
        new RoundPlanner(design, LesionPlan.deleteRandom(K, K), Lesion.intact(), architecture);
    double[][] difficulties = new double[design.batches()][];
    NestedDraws draws = new NestedDraws(false);
    RoundPlanner.Size size = planner.pilot();
    int visited = 0;
    while (true) {
      int count = size.draws().getOrDefault(K, 0);
      for (int i = 0; i < count; i++) {
        int batch = (visited + (int) ((long) i * size.batches() / count)) % design.batches();
        if (difficulties[batch] == null) {
          difficulties[batch] = world.difficulties(random);
        }
        draws.add(batch, 0, world.draw(random, difficulties[batch]), BATCH);
      }
      visited += size.batches();
      SequentialPoints point = new SequentialPoints(K, false, draws.draws(), draws, true);
      RoundPlanner.Step step =
          planner.step(List.of(point), visited, () -> Map.of(K, 0.8 * architecture.size()));
      if (step.size().isEmpty()) {
        return draws.estimate(Interval.DEFAULT_LEVEL).interval();
      }
      size = step.size().get();
    }
  }

  private static double coverage(World world, double width, int simulations) {
    return IntStream.range(0, simulations)
            .parallel()
            .filter(s -> study(world, width, new Random(s)).contains(world.mean()))
            .count()
        / (double) simulations;
  }

  @ParameterizedTest(name = "rate {0}, images {1}, draws {2}, ruined {3}, width {4}")
  @CsvSource({
    "0.001, 0.6, 0.1, 0, 0.05",
    "0.01, 0.6, 0.1, 0, 0.05",
    "0.01, 0, 0, 0, 0.01",
    "0.05, 0.6, 0.1, 0, 0.05",
    "0.05, 0.6, 0.1, 0, 0.02",
    "0.3, 0.6, 0.1, 0, 0.05",
    "0.3, 0.3, 0.5, 0, 0.05",
    "0.3, 0.3, 0.5, 0, 0.1",
    "0.3, 0, 0, 0, 0.02",
    "0.4, 0.9, 0.01, 0, 0.02",
    "0.5, 0.1, 0.85, 0, 0.1",
    "0.9, 0.05, 0.02, 0, 0.05",
    "0.9, 0.05, 0.02, 0, 0.01",
    "0.05, 0.6, 0.05, 0.02, 0.05",
    "0.05, 0.6, 0.05, 0.03, 0.1",
    "0.05, 0.6, 0.05, 0.05, 0.05",
    "0.05, 0.6, 0.05, 0.1, 0.05",
    "0.05, 0.6, 0.05, 0.1, 0.02",
  })
  @Tag("slow")
  void sequentialMeans(double rate, double images, double draws, double ruined, double width) {
    World world = new World(rate, images, draws, ruined);
    double covered = coverage(world, width, 4000);
    System.out.printf("%s width %s: %s%n", world, width, covered);
    assertThat(covered).isGreaterThanOrEqualTo(0.93);
    // The first round alone expects 20 wrong answers or more, but at a rate of 0.001.
    if (rate > 0.001) {
      assertThat(covered).isLessThanOrEqualTo(0.97);
    }
  }

  /** Damages of lesions that are listed: the mean is over them. */
  private static Interval listed(double[] damages, double[] rates, double width, Random random) {
    Design design =
        new Design(
            "simulated", width, OptionalLong.empty(), 0, new RecordRange(0, IMAGES), BATCH, false);
    Architecture architecture = Architecture.of("preresnet-110");
    RoundPlanner planner =
        new RoundPlanner(design, LesionPlan.deleteRandom(1, 1), Lesion.intact(), architecture);
    NestedDraws draws = new NestedDraws(true);
    RoundPlanner.Size size = planner.pilot();
    double[][] difficulties = new double[design.batches()][BATCH];
    for (double[] batch : difficulties) {
      Arrays.setAll(batch, i -> Math.sqrt(SHARE_OF_IMAGES) * random.nextGaussian());
    }
    int visited = 0;
    while (true) {
      int wanted = size.draws().getOrDefault(1, 0);
      int least = visited == 0 ? RoundPlanner.LIST_REPEATS : 1;
      int all = Math.max(least, (wanted - 1) / damages.length + 1) * damages.length;
      for (int i = 0; i < all; i++) {
        int batch = (visited + (int) ((long) i * size.batches() / all)) % design.batches();
        int lesion = i % damages.length;
        BitSet wrong = new BitSet();
        for (int image = 0; image < BATCH; image++) {
          double noise = Math.sqrt(1 - SHARE_OF_IMAGES) * random.nextGaussian();
          wrong.set(image, difficulties[batch][image] + noise > damages[lesion]);
        }
        draws.add(batch, lesion, wrong, BATCH);
      }
      visited += size.batches();
      SequentialPoints point = new SequentialPoints(1, true, rates.length, draws, true);
      RoundPlanner.Step step =
          planner.step(List.of(point), visited, () -> Map.of(1, 0.5 * architecture.size()));
      if (step.size().isEmpty()) {
        return draws.estimate(Interval.DEFAULT_LEVEL).interval();
      }
      size = step.size().get();
    }
  }

  /** 54 lesions, of which 3 ruin the network; or fewer. */
  @ParameterizedTest(name = "{0} lesions, {1} of which ruin, width {2}")
  @CsvSource({"54, 3, 0.05", "54, 3, 0.02", "54, 0, 0.02", "9, 1, 0.05", "150, 10, 0.02"})
  @Tag("slow")
  void listedMeans(int lesions, int ruining, double width) {
    double[] rates = new double[lesions];
    Arrays.setAll(rates, i -> i < ruining ? 0.9 : 0.05 + 0.05 * i / lesions);
    double[] damages = Arrays.stream(rates).map(NORMAL::inverseSurvivalProbability).toArray();
    double mean = Arrays.stream(rates).average().orElseThrow();

    double covered =
        IntStream.range(0, 4000)
                .parallel()
                .filter(s -> listed(damages, rates, width, new Random(s)).contains(mean))
                .count()
            / 4000.0;
    System.out.printf("listed %s, %s, %s: %s%n", lesions, ruining, width, covered);
    assertThat(covered).isBetween(0.93, 0.97);
  }
}
