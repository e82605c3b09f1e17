package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Intervals of Shapley values cover the true one as often as they say, by simulation, with the
 * rounds that the planner asks for and its rule to stop.
 */
class SequentialShapleyCoverageTest {
  private static final int BATCH = 20;
  private static final int IMAGES = 10_000;

  /**
   * What a block contributes. Only some images can change at all. In most orders a block gains a
   * few images and loses a few; in some, where it comes at the edge of what the network bears, it
   * is worth much, more or less by order.
   *
   * @param gained of the images that can change, in most orders
   * @param lost likewise
   * @param edge the share of orders in which the block is worth much
   * @param worth the mean share of images that can change that it gains then, at most 0.5
   * @param changing the share of images that can change
   */
  private record World(double gained, double lost, double edge, double worth, double changing) {
    double mean() {
      return changing * (edge * worth + (1 - edge) * (gained - lost));
    }

    int changing(Random random) {
      int images = 0;
      for (int i = 0; i < BATCH; i++) {
        images += random.nextDouble() < changing ? 1 : 0;
      }
      return images;
    }

    int contribution(int images, Random random) {
      boolean much = random.nextDouble() < edge;
      double gains = much ? 2 * worth * random.nextDouble() : gained;
      double loses = much ? 0 : lost;
      int sum = 0;
      for (int i = 0; i < images; i++) {
        double u = random.nextDouble();
        sum += u < gains ? 1 : u > 1 - loses ? -1 : 0;
      }
      return sum;
    }

    /** Images that the first round should see change. */
    double expectedChanges() {
      return RoundPlanner.PILOT_ORDERS
          * BATCH
          * changing
          * (edge * worth + (1 - edge) * (gained + lost));
    }
  }

  /** Runs a study of one block, whose interval decides when it ends. */
  private static Interval study(World world, double width, Random random) {
    Design design =
        new Design(
            "simulated", width, OptionalLong.empty(), 0, new RecordRange(0, IMAGES), BATCH, true);
    Architecture architecture = Architecture.of("preresnet-110");
    RoundPlanner planner =
        new RoundPlanner(design, LesionPlan.deleteInRandomOrder(), Lesion.intact(), architecture);
    int[] changing =
        IntStream.range(0, design.batches()).map(b -> world.changing(random)).toArray();
    NestedOrders orders = new NestedOrders();
    int batches = RoundPlanner.PILOT_BATCHES;
    int draws = RoundPlanner.PILOT_ORDERS;
    int visited = 0;
    while (true) {
      for (int i = 0; i < draws; i++) {
        int batch = (visited + (int) ((long) i * batches / draws)) % design.batches();
        orders.add(batch, world.contribution(changing[batch], random), BATCH);
      }
      visited += batches;
      SequentialPoints point = new SequentialPoints(1, false, orders.draws(), orders, true);
      RoundPlanner.Step step =
          planner.step(
              List.of(point),
              visited,
              () -> Map.of(1, 0.3 * architecture.size() * architecture.size()));
      if (step.size().isEmpty()) {
        return orders.estimate(Interval.DEFAULT_LEVEL).interval();
      }
      batches = step.size().get().batches();
      draws = step.size().get().draws().getOrDefault(1, 0);
    }
  }

  @ParameterizedTest(name = "gained {0}, lost {1}, edge {2}, worth {3}, changing {4}, width {5}")
  @CsvSource({
    "0.001, 0.001, 0, 0, 0.5, 0.01",
    "0.005, 0.005, 0, 0, 0.5, 0.01",
    "0.02, 0.01, 0, 0, 0.5, 0.01",
    "0.02, 0.01, 0, 0, 0.5, 0.004",
    "0.1, 0.05, 0, 0, 0.2, 0.01",
    "0.4, 0.02, 0, 0, 0.1, 0.01",
    "0.01, 0.01, 0.03, 0.4, 0.9, 0.02",
    "0.01, 0.01, 0.03, 0.4, 0.9, 0.01",
    "0.01, 0.01, 0.1, 0.3, 0.9, 0.02",
    "0.01, 0.01, 0.1, 0.3, 0.9, 0.05",
    "0.02, 0.02, 0.3, 0.3, 0.9, 0.02",
    "0.02, 0.02, 0.3, 0.3, 0.9, 0.01",
    "0.6, 0, 0, 0, 0.9, 0.02",
  })
  @Tag("slow")
  void shapleyValues(
      double gained, double lost, double edge, double worth, double changing, double width) {
    World world = new World(gained, lost, edge, worth, changing);
    double covered =
        IntStream.range(0, 4000)
                .parallel()
                .filter(s -> study(world, width, new Random(s)).contains(world.mean()))
                .count()
            / 4000.0;
    System.out.printf("%s width %s: %s%n", world, width, covered);
    assertThat(covered).isGreaterThanOrEqualTo(0.93);
    if (world.expectedChanges() >= 20) {
      assertThat(covered).isLessThanOrEqualTo(0.97);
    }
  }
}
