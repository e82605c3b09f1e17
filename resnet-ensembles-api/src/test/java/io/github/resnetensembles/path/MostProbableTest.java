package io.github.resnetensembles.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MostProbableTest {
  /**
   * Odds 1/9, 1/4, 1/3, 1, 3, 4, 9: many products are equal, of one number of blocks and of two.
   */
  private static final List<Double> TYING = List.of(0.1, 0.2, 0.25, 0.5, 0.75, 0.8, 0.9);

  /** A view and survival probabilities drawn at random; long networks have few free blocks. */
  private record Case(PathEnumerator view, List<Double> survival) {
    static Case of(long seed) {
      Random random = new Random(seed);
      int n = List.of(0, 1, 5, 8, 9, 63, 64, 150).get(random.nextInt(8));
      int free = Math.min(n, 8);
      List<PathStep> steps = new ArrayList<>();
      List<Double> survival = new ArrayList<>();
      for (int block = 1; block <= n; block++) {
        boolean alive = block <= free / 2 || block > n - free / 2;
        PathStep step = random.nextInt(8) == 0 ? PathStep.plain(block) : PathStep.residual(block);
        steps.add(alive ? step : PathStep.residual(block).deleted());
        survival.add(
            switch (random.nextInt(12)) {
              case 0 -> random.nextDouble();
              case 1 -> random.nextBoolean() ? 1e-300 : Double.MIN_VALUE;
              case 2 -> seed % 3 == 0 && alive ? random.nextInt(2) : 0.5;
              default -> TYING.get(random.nextInt(TYING.size()));
            });
      }
      PathEnumerator view = PathEnumerator.of(steps);
      if (random.nextInt(3) == 0 && free > 2) {
        view = random.nextBoolean() ? view.through(1) : view.around(2);
      }
      if (random.nextBoolean()) {
        int from = random.nextInt(5);
        view = view.ofLengths(from, from + random.nextInt(4));
      }
      return new Case(
          view.ordered(random.nextBoolean() ? PathOrder.NUMERICAL : PathOrder.BY_LENGTH), survival);
    }

    List<ResidualPath> sorted() {
      return view.stream()
          .sorted(
              Comparator.comparing((ResidualPath path) -> exact(path, survival))
                  .reversed()
                  .thenComparing(view.order()))
          .toList();
    }
  }

  private static BigDecimal exact(ResidualPath path, List<Double> survival) {
    BigDecimal product = BigDecimal.ONE;
    for (int i = 0; i < survival.size(); i++) {
      BigDecimal p = new BigDecimal(survival.get(i).toString());
      product = product.multiply(path.contains(i + 1) ? p : BigDecimal.ONE.subtract(p));
    }
    return product;
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  private static double[] decaying(int n) {
    return IntStream.rangeClosed(1, n).mapToDouble(i -> 1 - 0.5 * i / n).toArray();
  }

  private static double[] all(int n, double p) {
    double[] survival = new double[n];
    Arrays.fill(survival, p);
    return survival;
  }

  private static List<ResidualPath> first(int n, PathEnumerator view, double... survival) {
    return view.mostProbable(survival).limit(n).map(ProbablePath::path).toList();
  }

  @Test
  void theCasesDiffer() {
    List<List<Double>> cases =
        seeds()
            .mapToObj(Case::of)
            .map(c -> c.view().mostProbable(c.survival()).map(ProbablePath::logProbability))
            .map(Stream::toList)
            .toList();

    assertThat(cases).anyMatch(List::isEmpty).anyMatch(logs -> logs.size() > 200);
    assertThat(cases)
        .filteredOn(logs -> logs.contains(Double.NEGATIVE_INFINITY))
        .hasSizeGreaterThan(20);
    assertThat(cases)
        .filteredOn(logs -> logs.size() > 2 * logs.stream().distinct().count())
        .hasSizeGreaterThan(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void pathsAreThoseOfTheViewSortedByProbability(long seed) {
    Case c = Case.of(seed);

    List<ProbablePath> found = c.view().mostProbable(c.survival()).toList();

    assertThat(found).extracting(ProbablePath::path).isEqualTo(c.sorted());
    for (ProbablePath each : found) {
      BigDecimal exact = exact(each.path(), c.survival());
      assertThat(each.probability()).isEqualTo(exact.doubleValue());
      if (each.probability() > Double.MIN_NORMAL) {
        double log = Math.log(each.probability());
        assertThat(each.logProbability()).isEqualTo(log, within(1e-14 * Math.max(1, -log)));
      }
      assertThat(each.logProbability() == Double.NEGATIVE_INFINITY).isEqualTo(exact.signum() == 0);
    }
  }

  /** Sums of logarithms, rounded, would have these in another order. */
  @Test
  void equalProbabilitiesComeInTheViewsOrder() {
    PathEnumerator paths = PathEnumerator.of(3);
    double[] survival = {0.9, 0.25, 0.25}; // odds 9, 1/3, 1/3

    assertThat(first(8, paths, survival))
        .hasToString("[{1}, {1,2}, {1,3}, {}, {1,2,3}, {2}, {3}, {2,3}]");
    assertThat(first(4, PathEnumerator.of(2), 0.2, 0.8)).hasToString("[{2}, {}, {1,2}, {1}]");
    assertThat(first(4, PathEnumerator.of(2), 0.3, 0.7)).hasToString("[{2}, {}, {1,2}, {1}]");
    assertThat(first(8, PathEnumerator.of(3), all(3, 0.5)))
        .isEqualTo(PathEnumerator.of(3).stream().toList());
    PathEnumerator byLength = PathEnumerator.of(3).ordered(PathOrder.BY_LENGTH);
    assertThat(first(8, byLength, all(3, 0.5))).isEqualTo(byLength.stream().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {54, 63, 64, 200})
  void streamsAreLazy(int n) {
    PathEnumerator paths = PathEnumerator.of(n);
    assertThat(first(1000, paths, all(n, 0.5))).isEqualTo(paths.stream().limit(1000).toList());
    PathEnumerator some = paths.ofLengths(3, n - 3).around(2);
    assertThat(first(1000, some, all(n, 0.5))).isEqualTo(some.stream().limit(1000).toList());

    List<ProbablePath> likely = paths.mostProbable(decaying(n)).limit(1000).toList();

    assertThat(likely).extracting(ProbablePath::path).doesNotHaveDuplicates().hasSize(1000);
    assertThat(likely)
        .isSortedAccordingTo(Comparator.comparingDouble(ProbablePath::probability).reversed());
    assertThat(countAbove(likely.get(999).probability() * (1 + 1e-12), decaying(n)))
        .isBetween(900L, 999L);
    assertThat(countAbove(likely.get(999).probability() * (1 - 1e-12), decaying(n)))
        .isGreaterThanOrEqualTo(1000L);
  }

  @Test
  void networksMayBeLong() {
    int n = PathEnumerator.MAX_BLOCKS;
    List<ProbablePath> first = PathEnumerator.of(n).mostProbable(decaying(n)).limit(50).toList();

    assertThat(first.get(0).path().length()).isEqualTo(n - 1);
    assertThat(first.get(0).probability()).isZero();
    double log = Arrays.stream(decaying(n)).map(Math::log).sum();
    assertThat(first.get(0).logProbability()).isEqualTo(log, within(1e-8));
    assertThat(first).extracting(ProbablePath::path).doesNotHaveDuplicates().hasSize(50);
  }

  /** How many paths are more probable, found by depth-first search with a bound. */
  private static long countAbove(double least, double... survival) {
    double[] best = new double[survival.length + 1];
    best[survival.length] = 1;
    for (int i = survival.length - 1; i >= 0; i--) {
      best[i] = best[i + 1] * Math.max(survival[i], 1 - survival[i]);
    }
    return countAbove(least, 1, 0, best, survival);
  }

  private static long countAbove(
      double least, double sofar, int block, double[] best, double[] survival) {
    if (sofar * best[block] < least) {
      return 0;
    }
    if (block == survival.length) {
      return 1;
    }
    double p = survival[block];
    return countAbove(least, sofar * p, block + 1, best, survival)
        + countAbove(least, sofar * (1 - p), block + 1, best, survival);
  }

  @Test
  void impossiblePathsComeLast() {
    assertThat(PathEnumerator.of(3).mostProbable(1, 0.25, 0).toList())
        .containsExactly(
            new ProbablePath(ResidualPath.of(1), 0.75, Math.log1p(-0.25)),
            new ProbablePath(ResidualPath.of(1, 2), 0.25, Math.log(0.25)),
            impossible(),
            impossible(2),
            impossible(3),
            impossible(1, 3),
            impossible(2, 3),
            impossible(1, 2, 3));
    assertThat(PathEnumerator.of(100).mostProbable(all(100, 1)).limit(3).toList())
        .containsExactly(
            new ProbablePath(ResidualPath.of().complement(100), 1, 0), impossible(), impossible(1));
    assertThat(PathEnumerator.of(0).mostProbable().toList())
        .containsExactly(new ProbablePath(ResidualPath.of(), 1, 0));
  }

  private static ProbablePath impossible(int... blocks) {
    return new ProbablePath(ResidualPath.of(blocks), 0, Double.NEGATIVE_INFINITY);
  }

  @Test
  void probabilitiesAddUpToThatOfTheLengths() {
    double[] survival = decaying(12);
    PathEnumerator some = PathEnumerator.of(12).ofLengths(3, 8);

    assertThat(some.mostProbable(survival).mapToDouble(ProbablePath::probability).sum())
        .isEqualTo(PathLengths.survivors(survival).probability(3, 8), within(1e-13));
  }

  @Test
  void lesionsAreTakenIntoAccount() {
    Architecture network = Architecture.preResnet(20);
    PathEnumerator left = PathEnumerator.of(network, Lesion.delete(2, 9).applyTo(network));
    List<Double> survival = new ArrayList<>(Arrays.stream(decaying(9)).boxed().toList());

    assertThat(left.mostProbable(survival).findFirst())
        .hasValueSatisfying(
            best -> assertThat(best.path()).isEqualTo(ResidualPath.of(1, 3, 4, 5, 6, 7, 8)));
    survival.set(1, 0.0);
    survival.set(8, 0.0);
    assertThat(left.mostProbable(survival).mapToDouble(ProbablePath::probability).sum())
        .isEqualTo(1, within(1e-14));
  }

  @Test
  void refusesWhatItCannotTell() {
    PathEnumerator paths = PathEnumerator.of(3);
    assertThatThrownBy(() -> paths.mostProbable(0.5, 0.5))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("there are 3 blocks, so there must be 3 survival probabilities, got 2");
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> paths.mostProbable(0.5, wrong, 0.5))
          .isInstanceOf(InvalidPathException.class)
          .hasMessage("a survival probability is in [0, 1], got " + wrong + " for block 2");
    }
    PathEnumerator parallel = PathEnumerator.of(List.of(PathStep.residual(1).withBranches(2)));
    assertThatThrownBy(() -> parallel.mostProbable(0.5))
        .isInstanceOf(InvalidPathException.class)
        .hasMessageContaining("block 1 has 2 parallel branches");
    assertThatThrownBy(() -> new ProbablePath(ResidualPath.of(), 1, 0.1))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("the logarithm of a path's probability is at most 0, got 0.1");
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> first(5000, PathEnumerator.of(54), decaying(54)))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
