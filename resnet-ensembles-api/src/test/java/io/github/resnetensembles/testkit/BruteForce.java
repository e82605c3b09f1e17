package io.github.resnetensembles.testkit;

import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The gradient through every path, each pulled back on its own. A path is a mask: bit i-1 is set
 * where it takes the branch of step i.
 */
final class BruteForce implements AutoCloseable {
  private final Network network;
  private final Differentiation derivatives;
  private final List<Wiring.Step> steps;
  private final StemTrace stem;
  private final List<StepTrace> traces = new ArrayList<>();
  private final HeadTrace head;
  private final GradientPlace place;

  BruteForce(
      Network network,
      Wiring wiring,
      float[] pixels,
      int[] labels,
      BatchNormMode mode,
      GradientPlace place) {
    this.network = network;
    this.derivatives = network.differentiation().orElseThrow();
    this.steps = wiring.steps();
    this.place = place;
    this.stem = derivatives.stem(pixels, labels.length, mode);
    Activation y = stem.output();
    for (Wiring.Step step : steps) {
      StepTrace trace = derivatives.step(step.block(), step.skipGain(), step.branchGain(), y, mode);
      traces.add(trace);
      y = trace.output();
    }
    this.head = derivatives.head(y, labels, mode);
  }

  /** The gradient g_p of every path that a signal can take. */
  Map<Integer, double[]> paths() {
    Map<Integer, double[]> gradients = new TreeMap<>();
    for (int mask = 0; mask < 1 << steps.size(); mask++) {
      if (possible(mask)) {
        gradients.put(mask, path(mask));
      }
    }
    return gradients;
  }

  private boolean possible(int mask) {
    for (int i = 0; i < steps.size(); i++) {
      if ((taken(mask, i) ? steps.get(i).branchGain() : steps.get(i).skipGain()) == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean taken(int mask, int i) {
    return (mask >> i & 1) == 1;
  }

  private double[] path(int mask) {
    return pulledBack(mask, 0, place == GradientPlace.IMAGE);
  }

  /** Down to the input of a step, from 0, and perhaps through the stem. */
  private double[] pulledBack(int mask, int downTo, boolean throughStem) {
    Activation v = derivatives.sum(List.of(head.gradient()), new double[] {1});
    for (int i = steps.size() - 1; i >= downTo; i--) {
      Wiring.Step step = steps.get(i);
      Cotangents pair =
          taken(mask, i)
              ? Cotangents.ofBranch(v, step.branchGain())
              : Cotangents.ofSkip(v, step.skipGain());
      Activation next = traces.get(i).pullBack(List.of(pair)).get(0);
      v.close();
      v = next;
    }
    if (throughStem) {
      Activation next = stem.pullBack(List.of(v)).get(0);
      v.close();
      v = next;
    }
    double[] values = v.values();
    v.close();
    return values;
  }

  /**
   * The gradient of a step's parameters by length: over all ways from the loss down to the step,
   * and both of its own sides.
   */
  Map<Integer, double[]> parameters(int step) {
    Map<Integer, double[]> sums = new TreeMap<>();
    Wiring.Step own = steps.get(step);
    int above = steps.size() - step - 1;
    for (int bits = 0; bits < 1 << above; bits++) {
      int mask = bits << (step + 1);
      boolean possible = true;
      for (int i = step + 1; i < steps.size(); i++) {
        Wiring.Step other = steps.get(i);
        possible &= (taken(mask, i) ? other.branchGain() : other.skipGain()) != 0;
      }
      if (!possible) {
        continue;
      }
      double[] u = pulledBack(mask, step + 1, false);
      int k = Integer.bitCount(bits);
      var shape = network.architecture().block(own.block()).output();
      try (Activation v = network.activation(u, head.gradient().images(), shape)) {
        if (own.skipGain() != 0) {
          add(sums, k, step, Cotangents.ofSkip(v, own.skipGain()));
        }
        if (own.branchGain() != 0) {
          add(sums, k + 1, step, Cotangents.ofBranch(v, own.branchGain()));
        }
      }
    }
    return sums;
  }

  private void add(Map<Integer, double[]> sums, int k, int step, Cotangents pair) {
    double[] flat =
        new TreeMap<>(traces.get(step).parameterGradient(pair))
            .values().stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    sums.merge(k, flat, Values::sum);
  }

  double loss() {
    return head.loss();
  }

  @Override
  public void close() {
    stem.close();
    traces.forEach(StepTrace::close);
    head.close();
  }
}
