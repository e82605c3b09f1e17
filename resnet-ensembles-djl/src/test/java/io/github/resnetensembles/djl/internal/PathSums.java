package io.github.resnetensembles.djl.internal;

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

/** The plainest gradient sums by path length, to check derivatives with. */
final class PathSums implements AutoCloseable {
  final Differentiation derivatives;
  final StemTrace stem;
  final List<StepTrace> steps = new ArrayList<>();
  final List<Wiring.Step> wiring;
  final HeadTrace head;

  PathSums(Network network, float[] pixels, int[] labels, BatchNormMode mode) {
    this.derivatives = network.differentiation().orElseThrow();
    this.wiring = Wiring.intact(network.architecture()).steps();
    this.stem = derivatives.stem(pixels, labels.length, mode);
    Activation x = stem.output();
    for (Wiring.Step step : wiring) {
      StepTrace trace = derivatives.step(step.block(), step.skipGain(), step.branchGain(), x, mode);
      steps.add(trace);
      x = trace.output();
    }
    this.head = derivatives.head(x, labels, mode);
  }

  /** The gradient at y_0 of every path length. */
  List<Activation> sums() {
    List<Activation> sums = List.of(head.gradient());
    for (int i = steps.size() - 1; i >= 0; i--) {
      Wiring.Step step = wiring.get(i);
      List<Cotangents> pulled = new ArrayList<>();
      for (int k = 0; k <= sums.size(); k++) {
        pulled.add(
            new Cotangents(
                k < sums.size() ? sums.get(k) : null,
                step.skipGain(),
                k > 0 ? sums.get(k - 1) : null,
                step.branchGain()));
      }
      List<Activation> next = steps.get(i).pullBack(pulled);
      if (i < steps.size() - 1) {
        sums.forEach(Activation::close);
      }
      sums = next;
    }
    return sums;
  }

  /** The gradient along one path. */
  Activation path(List<Integer> path) {
    Activation v = head.gradient();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Wiring.Step step = wiring.get(i);
      Activation next =
          steps
              .get(i)
              .pullBack(
                  List.of(
                      path.contains(step.block())
                          ? Cotangents.ofBranch(v, step.branchGain())
                          : Cotangents.ofSkip(v, step.skipGain())))
              .get(0);
      if (i < steps.size() - 1) {
        v.close();
      }
      v = next;
    }
    return v;
  }

  /** The ordinary gradient at y_0. */
  Activation full() {
    Activation v = head.gradient();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Wiring.Step step = wiring.get(i);
      v =
          steps
              .get(i)
              .pullBack(List.of(new Cotangents(v, step.skipGain(), v, step.branchGain())))
              .get(0);
    }
    return v;
  }

  double norm(Activation v) {
    double sum = 0;
    for (double dot : derivatives.dots(v, v)) {
      sum += dot;
    }
    return Math.sqrt(sum);
  }

  @Override
  public void close() {
    stem.close();
    steps.forEach(StepTrace::close);
    head.close();
  }
}
