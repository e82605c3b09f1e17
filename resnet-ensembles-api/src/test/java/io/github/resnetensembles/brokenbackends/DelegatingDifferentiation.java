package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Passes every call on to good derivatives; a fault overrides one of them. */
class DelegatingDifferentiation implements Differentiation {
  private final Network network;
  private final Differentiation good;

  DelegatingDifferentiation(Network network) {
    this.network = network;
    this.good = network.differentiation().orElseThrow();
  }

  Differentiation good() {
    return good;
  }

  /** The network that offers these derivatives. */
  Network ofNetwork() {
    return new GoodNetwork(network) {
      @Override
      public Optional<Differentiation> differentiation() {
        return Optional.of(DelegatingDifferentiation.this);
      }
    };
  }

  @Override
  public StemTrace stem(float[] pixels, int images, BatchNormMode mode) {
    return good.stem(pixels, images, mode);
  }

  @Override
  public StepTrace step(
      int block, double skipGain, double branchGain, Activation input, BatchNormMode mode) {
    return good.step(block, skipGain, branchGain, input, mode);
  }

  @Override
  public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
    return good.head(input, labels, mode);
  }

  @Override
  public double[] dots(Activation a, Activation b) {
    return good.dots(a, b);
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    return good.sum(terms, weights);
  }

  /** Passes every call on to a good step. */
  static class Step implements StepTrace {
    private final StepTrace good;

    Step(StepTrace good) {
      this.good = good;
    }

    StepTrace good() {
      return good;
    }

    @Override
    public Activation output() {
      return good.output();
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      return good.pullBack(cotangents);
    }

    @Override
    public Map<String, double[]> parameterGradient(Cotangents cotangents) {
      return good.parameterGradient(cotangents);
    }

    @Override
    public void close() {
      good.close();
    }
  }

  /** Passes every call on to a good head. */
  static class Head implements HeadTrace {
    private final HeadTrace good;

    Head(HeadTrace good) {
      this.good = good;
    }

    @Override
    public double loss() {
      return good.loss();
    }

    @Override
    public double[] logits() {
      return good.logits();
    }

    @Override
    public Activation gradient() {
      return good.gradient();
    }

    @Override
    public Map<String, double[]> parameterGradient() {
      return good.parameterGradient();
    }

    @Override
    public void close() {
      good.close();
    }
  }
}
