package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a run computes and holds. */
class InstrumentedNetwork implements DelegatingNetwork {
  final AtomicLong branches = new AtomicLong();
  final AtomicInteger steps = new AtomicInteger();
  final AtomicInteger largestStep = new AtomicInteger();
  final AtomicInteger openImages = new AtomicInteger();
  final AtomicInteger mostImages = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final Network network;
  private final int workers;

  InstrumentedNetwork(Network network, int workers) {
    this.network = network;
    this.workers = workers;
  }

  @Override
  public Network delegate() {
    return network;
  }

  @Override
  public Optional<String> change() {
    return Optional.empty();
  }

  /** These activations are no delegate's. */
  @Override
  public Optional<Differentiation> differentiation() {
    return Optional.empty();
  }

  private Activation counted(Activation activation) {
    int now = open.incrementAndGet();
    mostOpen.accumulateAndGet(now, Math::max);
    mostImages.accumulateAndGet(openImages.addAndGet(activation.images()), Math::max);
    return new Counted(activation);
  }

  static Activation plain(Activation activation) {
    return activation instanceof Counted counted ? counted.activation : activation;
  }

  private final class Counted implements Activation {
    private final Activation activation;
    private final AtomicBoolean closed = new AtomicBoolean();

    Counted(Activation activation) {
      this.activation = activation;
    }

    @Override
    public int images() {
      return activation.images();
    }

    @Override
    public FeatureShape shape() {
      return activation.shape();
    }

    @Override
    public double[] values() {
      return activation.values();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        open.decrementAndGet();
        openImages.addAndGet(-activation.images());
        activation.close();
      }
    }
  }

  @Override
  public Activation stem(float[] pixels, int images) {
    return counted(network.stem(pixels, images));
  }

  @Override
  public Activation step(int block, double skipGain, double branchGain, Activation input) {
    steps.incrementAndGet();
    largestStep.accumulateAndGet(input.images(), Math::max);
    if (branchGain != 0) {
      branches.addAndGet(input.images());
    }
    return counted(network.step(block, skipGain, branchGain, plain(input)));
  }

  @Override
  public Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    steps.incrementAndGet();
    return counted(network.step(block, skipGain, branchGain, plain(input), plain(branch)));
  }

  @Override
  public Activation branch(int block, Activation input) {
    branches.addAndGet(input.images());
    return counted(network.branch(block, plain(input)));
  }

  @Override
  public Activation skip(int block, Activation input) {
    return counted(network.skip(block, plain(input)));
  }

  @Override
  public Activation post(int block, Activation sum) {
    return counted(network.post(block, plain(sum)));
  }

  @Override
  public double[] head(Activation input) {
    return network.head(plain(input));
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return counted(network.activation(values, images, shape));
  }

  @Override
  public Activation gather(List<Part> parts) {
    return counted(
        network.gather(
            parts.stream()
                .map(part -> new Part(plain(part.of()), part.from(), part.count()))
                .toList()));
  }

  @Override
  public int workers() {
    return workers;
  }
}
