package io.github.resnetensembles.model;

import io.github.resnetensembles.gradient.BatchGradients.ParameterGradients;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sums over all paths of each length, swept from the last step to the first: G_{i-1}[k] = a sᵀD
 * G_i[k] + b fᵀD G_i[k-1], with the gains a and b of the step. Beside them goes the ordinary
 * gradient, in the same way: both sides from the one cotangent.
 */
final class LengthSums implements AutoCloseable {
  /** The lengths that a sweep keeps at each step: below {@code caps[i]} + 1. */
  private final int[] caps;

  private final ForwardPass pass;
  private final Workers workers;

  /** The sums, by length; no entry where there is no path of a length. */
  private TreeMap<Integer, Activation> sums = new TreeMap<>();

  private Activation full;
  private final double[] reaching;
  private final List<ParameterGradients> parameters = new ArrayList<>();

  private LengthSums(ForwardPass pass, Workers workers, int[] caps) {
    this.pass = pass;
    this.workers = workers;
    this.caps = caps;
    this.full = pass.gradient();
    this.reaching = new double[caps.length];
    sums.put(0, pass.gradient());
  }

  /**
   * The exact sums.
   *
   * @param maxLength the largest length that is kept
   * @param tolerance below which the largest lengths are dropped, relative to the gradient's norm
   * @param withParameters whether the gradients of parameters are measured
   */
  static LengthSums exact(
      ForwardPass pass,
      Workers workers,
      GradientPlace place,
      int maxLength,
      double tolerance,
      boolean withParameters) {
    int steps = pass.steps().size();
    int[] caps = new int[steps + 1];
    Arrays.fill(caps, maxLength);
    return new LengthSums(pass, workers, caps)
        .swept(
            sweep -> {
              sweep.measure(steps);
              for (int i = steps; i >= 1; i--) {
                sweep.step(i, 1, true, withParameters);
                sweep.measure(i - 1);
                sweep.drop(i, tolerance);
              }
              sweep.stem(place, true);
            });
  }

  /** The same lengths as of exact sums, but each branch with a sign. */
  LengthSums signed(GradientPlace place, double[] signs) {
    return new LengthSums(pass, workers, caps)
        .swept(
            sweep -> {
              for (int i = pass.steps().size(); i >= 1; i--) {
                sweep.step(i, signs[i - 1], false, false);
              }
              sweep.stem(place, false);
            });
  }

  private LengthSums swept(Consumer<LengthSums> work) {
    try {
      work.accept(this);
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void measure(int step) {
    reaching[step] = norm(full);
  }

  private double norm(Activation activation) {
    return Dots.norm(pass.derivatives().dots(activation, activation));
  }

  private void step(int i, double sign, boolean withFull, boolean withParameters) {
    Wiring.Step step = pass.steps().get(i - 1);
    TreeMap<Integer, Cotangents> pairs = new TreeMap<>();
    for (int k = 0; k <= caps[i - 1]; k++) {
      @Nullable Cotangents pair =
          pair(sums.get(k), step.skipGain(), sums.get(k - 1), sign * step.branchGain());
      if (pair != null) {
        pairs.put(k, pair);
      }
    }
    List<Cotangents> list = new ArrayList<>(pairs.values());
    @Nullable Cotangents both = pair(full, step.skipGain(), full, step.branchGain());
    if (withFull && both != null) {
      list.add(both);
    }
    StepTrace trace = pass.trace(i);
    if (withParameters && both != null) {
      addParameters(step.block(), trace, both, pairs);
    }
    List<Activation> results = workers.pullBack(trace, list);
    hold(List.copyOf(pairs.keySet()), results);
    if (withFull) {
      full = both == null ? zeros(trace) : results.get(pairs.size());
    }
  }

  /** Closes what was held and takes the sums of these lengths. */
  private void hold(List<Integer> lengths, List<Activation> results) {
    close();
    sums = new TreeMap<>();
    for (int i = 0; i < lengths.size(); i++) {
      sums.put(lengths.get(i), results.get(i));
    }
  }

  /** What is pulled back through the sides whose gain is not 0; null if there is nothing. */
  private static @Nullable Cotangents pair(
      @Nullable Activation skip, double skipGain, @Nullable Activation branch, double branchGain) {
    @Nullable Activation u = skipGain == 0 ? null : skip;
    @Nullable Activation v = branchGain == 0 ? null : branch;
    return u == null && v == null
        ? null
        : new Cotangents(u, u == null ? 0 : skipGain, v, v == null ? 0 : branchGain);
  }

  /** What a step with both gains 0 gives: nothing. */
  private Activation zeros(StepTrace trace) {
    try (Activation v = pass.derivatives().sum(List.of(trace.output()), new double[] {0})) {
      return trace.pullBack(List.of(Cotangents.ofSkip(v, 0))).get(0);
    }
  }

  private void addParameters(
      int block, StepTrace trace, Cotangents both, Map<Integer, Cotangents> pairs) {
    Map<String, double[]> whole = trace.parameterGradient(both);
    double square = Dots.of(whole, whole);
    int longest = pairs.keySet().stream().mapToInt(k -> k).max().orElse(-1);
    Double[] norms = new Double[longest + 1];
    Double[] shares = new Double[longest + 1];
    Arrays.fill(norms, 0.0);
    Arrays.fill(shares, 0.0);
    pairs.forEach(
        (k, pair) -> {
          workers.check();
          Map<String, double[]> part = trace.parameterGradient(pair);
          norms[k] = Math.sqrt(Dots.of(part, part));
          shares[k] = Numbers.ratio(Dots.of(part, whole), square);
        });
    parameters.add(
        0, new ParameterGradients(block, Math.sqrt(square), List.of(norms), List.of(shares)));
  }

  /** Drops the largest lengths whose sums are small; what was dropped stays dropped. */
  private void drop(int i, double tolerance) {
    double least = tolerance * reaching[i - 1];
    while (tolerance > 0 && sums.size() > 1) {
      int longest = sums.lastKey();
      Activation sum = Objects.requireNonNull(sums.get(longest));
      if (!(norm(sum) < least)) {
        return;
      }
      sums.remove(longest);
      pass.closeUnlessOwn(sum);
      // Steps before this one never build it up again.
      Arrays.fill(caps, 0, i, Math.min(caps[i - 1], longest - 1));
    }
  }

  private void stem(GradientPlace place, boolean withFull) {
    if (place == GradientPlace.STEM_OUTPUT) {
      return;
    }
    List<Activation> list = new ArrayList<>(sums.values());
    if (withFull) {
      list.add(full);
    }
    List<Activation> results = workers.pullBack(pass.stem(), list);
    hold(List.copyOf(sums.keySet()), results);
    if (withFull) {
      full = results.get(sums.size());
    }
  }

  /** By length. */
  Map<Integer, Activation> sums() {
    return sums;
  }

  Activation full() {
    return full;
  }

  /** The norm of the ordinary gradient at y_0, then at the output of each step. */
  List<Double> reaching() {
    return Arrays.stream(reaching).boxed().toList();
  }

  List<ParameterGradients> parameters() {
    return parameters;
  }

  /** What the sums lack of the ordinary gradient, relative to its norm. */
  double residual() {
    List<Activation> terms = new ArrayList<>(sums.values());
    double[] weights = new double[terms.size() + 1];
    Arrays.fill(weights, -1);
    weights[terms.size()] = 1;
    terms.add(full);
    try (Activation rest = pass.derivatives().sum(terms, weights)) {
      double norm = norm(rest);
      return norm == 0 ? 0 : norm / norm(full);
    }
  }

  @Override
  public void close() {
    sums.values().forEach(pass::closeUnlessOwn);
    pass.closeUnlessOwn(full);
  }

  /** How many block VJPs a sweep costs that drops nothing by tolerance. */
  static long vjps(List<Wiring.Step> steps, int maxLength, boolean withFull) {
    long vjps = 0;
    Set<Integer> reached = Set.of(0);
    for (int i = steps.size() - 1; i >= 0; i--) {
      Wiring.Step step = steps.get(i);
      Set<Integer> next = new HashSet<>();
      for (int k : reached) {
        if (step.skipGain() != 0) {
          next.add(k);
        }
        if (step.branchGain() != 0 && k < maxLength) {
          next.add(k + 1);
          vjps++;
        }
      }
      if (withFull && step.branchGain() != 0) {
        vjps++;
      }
      reached = next;
    }
    return vjps;
  }
}
