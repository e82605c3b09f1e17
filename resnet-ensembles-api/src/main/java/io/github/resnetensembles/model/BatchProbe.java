package io.github.resnetensembles.model;

import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.BatchGradients.SignSum;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientMeasurement.RandomSigns;
import io.github.resnetensembles.gradient.GradientMeasurement.SampledPaths;
import io.github.resnetensembles.gradient.GradientMeasurement.SinglePath;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.rng.UniformRandomProvider;

/** Measures one batch after the other. */
final class BatchProbe {
  private static final Interrupts INTERRUPTS = Interrupts.during("paths were drawn");

  private final Network network;
  private final Wiring wiring;
  private final GradientProtocol protocol;
  private final PathEnumerator paths;

  /**
   * @throws InvalidPathException if a path is asked for that the wiring does not have
   */
  BatchProbe(Network network, Wiring wiring, GradientProtocol protocol) {
    this.network = network;
    this.wiring = wiring;
    this.protocol = protocol;
    this.paths = PathEnumerator.of(network.architecture(), wiring);
    if (protocol.measurement() instanceof SinglePath single && !paths.contains(single.path())) {
      throw new InvalidPathException(
          String.format(
              "the path %s is not one of the %s paths of %s under this wiring: its blocks are 1 to"
                  + " %s, and every path takes the plain ones and none of the deleted ones",
              single.path(),
              paths.count(),
              network.architecture().name(),
              network.architecture().size()));
    }
  }

  private int maxLength() {
    return Math.min(protocol.maxLength().orElse(Integer.MAX_VALUE), wiring.steps().size());
  }

  private boolean sums() {
    return protocol.measurement() instanceof GradientMeasurement.ExactSums
        || protocol.measurement() instanceof RandomSigns;
  }

  /** What some batches cost; random paths are those of the first. */
  GradientCost cost(int batches) {
    long whole = LengthSums.vjps(wiring.steps(), sums() ? maxLength() : -1, true);
    long apart = whole;
    int cotangents = 2 * (maxLength() + 2);
    if (protocol.measurement() instanceof RandomSigns signs) {
      whole += signs.draws() * LengthSums.vjps(wiring.steps(), maxLength(), false);
      apart = whole;
      // The exact sums stay beside those with signs.
      cotangents += maxLength() + 2;
    } else if (!sums()) {
      Set<ResidualPath> drawn = new LinkedHashSet<>();
      for (List<ResidualPath> ofLength : draws(0, INTERRUPTS::check).values()) {
        drawn.addAll(ofLength);
        apart += ofLength.stream().mapToLong(ResidualPath::length).sum();
      }
      PathTree tree = new PathTree(wiring.steps(), drawn);
      whole += tree.vjps();
      cotangents = 2 * Math.min(tree.groupSize(), drawn.size());
    }
    int values =
        wiring.steps().stream()
            .mapToInt(step -> network.architecture().block(step.block()).input().size())
            .max()
            .orElse(0);
    return new GradientCost(whole, apart, batches, cotangents, values);
  }

  /** The paths to measure, by length. */
  private Map<Integer, List<ResidualPath>> draws(int batch, Runnable check) {
    Map<Integer, List<ResidualPath>> draws = new TreeMap<>();
    if (protocol.measurement() instanceof SinglePath single) {
      draws.put(single.path().length(), List.of(single.path()));
    } else if (protocol.measurement() instanceof SampledPaths sampled) {
      PathCounts lengths = paths.lengths();
      int number = sampled.pathsPerLength();
      for (int k = lengths.shortest(); k <= Math.min(lengths.longest(), maxLength()); k++) {
        PathEnumerator ofLength = paths.ofLength(k);
        draws.put(
            k,
            (all(k)
                    ? ofLength.stream()
                    : ofLength
                        .sample(Math.multiplyExact(number, batch + 1), protocol.seed())
                        .skip((long) number * batch))
                .peek(path -> check.run())
                .toList());
      }
    }
    return draws;
  }

  /** Whether there are no more paths of a length than are asked for. */
  private boolean all(int length) {
    return protocol.measurement() instanceof SampledPaths sampled
        && paths.lengths().count(length).compareTo(BigInteger.valueOf(sampled.pathsPerLength()))
            <= 0;
  }

  /**
   * Measures a batch.
   *
   * @param number of the batch, from 0
   * @param firstRecord of its images
   * @param pixels normalised
   */
  BatchGradients measure(
      Differentiation derivatives,
      Workers workers,
      int number,
      int firstRecord,
      float[] pixels,
      int[] labels) {
    try (ForwardPass pass =
            new ForwardPass(
                derivatives, wiring, pixels, labels, protocol.batchNorm(), workers::check);
        LengthSums exact =
            LengthSums.exact(
                pass,
                workers,
                protocol.place(),
                sums() ? maxLength() : -1,
                protocol.tolerance(),
                protocol.parameters())) {
      double square = sum(derivatives.dots(exact.full(), exact.full()));
      Map<Integer, List<ResidualPath>> draws = draws(number, workers::check);
      Set<ResidualPath> drawn = new LinkedHashSet<>();
      draws.values().forEach(drawn::addAll);
      Map<ResidualPath, double[]> squares =
          new PathTree(wiring.steps(), drawn).run(pass, workers, protocol.place());
      boolean single = protocol.measurement() instanceof SinglePath;
      BatchGradients.Builder batch =
          BatchGradients.builder(firstRecord, labels.length, pass.loss(), Math.sqrt(square))
              .reaching(exact.reaching())
              .sums(pathSums(derivatives, workers, exact, square))
              .signSums(signSums(derivatives, exact, number))
              .parameters(exact.parameters());
      if (sums()) {
        batch = batch.residual(exact.residual());
      }
      return single
          ? batch.pathNorm(Dots.norm(squares.values().iterator().next())).build()
          : batch.samples(samples(draws, squares)).build();
    }
  }

  private static List<PathSum> pathSums(
      Differentiation derivatives, Workers workers, LengthSums exact, double square) {
    return workers.map(
        List.copyOf(exact.sums().entrySet()),
        entry -> {
          Activation sum = entry.getValue();
          double[] dots = derivatives.dots(sum, sum);
          return new PathSum(
              entry.getKey(),
              Dots.norm(dots),
              Numbers.ratio(sum(derivatives.dots(sum, exact.full())), square),
              Dots.imageNorm(dots));
        });
  }

  private List<PathSample> samples(
      Map<Integer, List<ResidualPath>> draws, Map<ResidualPath, double[]> squares) {
    List<PathSample> samples = new ArrayList<>();
    draws.forEach(
        (k, ofLength) -> {
          double[] norms =
              ofLength.stream().mapToDouble(path -> Dots.norm(squaresOf(path, squares))).toArray();
          double imageMean =
              ofLength.stream()
                  .mapToDouble(path -> Dots.imageNorm(squaresOf(path, squares)))
                  .average()
                  .orElseThrow();
          samples.add(
              new PathSample(
                  k, norms.length, mean(norms), all(k) ? 0 : standardError(norms), imageMean));
        });
    return samples;
  }

  private static double[] squaresOf(ResidualPath path, Map<ResidualPath, double[]> squares) {
    double[] found = squares.get(path);
    if (found == null) {
      throw new IllegalStateException("the path " + path + " was not measured");
    }
    return found;
  }

  private List<SignSum> signSums(Differentiation derivatives, LengthSums exact, int number) {
    if (!(protocol.measurement() instanceof RandomSigns random)) {
      return List.of();
    }
    Map<Integer, double[]> squares = new LinkedHashMap<>();
    exact.sums().keySet().forEach(k -> squares.put(k, new double[random.draws()]));
    for (int d = 0; d < random.draws(); d++) {
      double[] signs = signs(number * random.draws() + d);
      try (LengthSums signed = exact.signed(protocol.place(), signs)) {
        for (Map.Entry<Integer, double[]> entry : squares.entrySet()) {
          Activation sum = signed.sums().get(entry.getKey());
          if (sum != null) {
            entry.getValue()[d] = sum(derivatives.dots(sum, sum));
          }
        }
      }
    }
    List<SignSum> sums = new ArrayList<>();
    squares.forEach((k, values) -> sums.add(new SignSum(k, mean(values), standardError(values))));
    return sums;
  }

  /** One sign for each step; a draw depends on seed and number alone. */
  private double[] signs(int draw) {
    UniformRandomProvider rng =
        Generators.of(protocol.seed(), "sign", wiring.steps().size(), draw + 1);
    double[] signs = new double[wiring.steps().size()];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = rng.nextBoolean() ? 1 : -1;
    }
    return signs;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double mean(double[] values) {
    return sum(values) / values.length;
  }

  /** NaN for a single value, which tells nothing of its error. */
  private static double standardError(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length < 2
        ? Double.NaN
        : Math.sqrt(squares / (values.length - 1) / values.length);
  }
}
