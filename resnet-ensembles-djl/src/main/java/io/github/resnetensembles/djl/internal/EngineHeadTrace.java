package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.HeadTrace;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The head, run forward; the gradient is taken at once. */
final class EngineHeadTrace implements HeadTrace {
  private final EngineNetwork network;
  private final double loss;
  private final double[] logits;
  private final DjlActivation gradient;
  private final TraceArrays arrays;
  private final SharedArray atLogits;
  private final AtomicBoolean closed = new AtomicBoolean();

  EngineHeadTrace(
      EngineNetwork network,
      double loss,
      double[] logits,
      DjlActivation gradient,
      TraceArrays arrays,
      SharedArray atLogits) {
    this.network = network;
    this.loss = loss;
    this.logits = logits;
    this.gradient = gradient;
    this.arrays = arrays;
    this.atLogits = atLogits;
  }

  @Override
  public double loss() {
    checkOpen();
    return loss;
  }

  @Override
  public double[] logits() {
    checkOpen();
    return logits.clone();
  }

  @Override
  public Activation gradient() {
    checkOpen();
    return gradient;
  }

  private void checkOpen() {
    network.call(() -> true);
    if (closed.get()) {
      throw new IllegalStateException(
          "a trace of the head of " + network.architecture().name() + " is closed");
    }
  }

  @Override
  public Map<String, double[]> parameterGradient() {
    return arrays.call(() -> arrays.gradient(null, 0, atLogits.array(), 1));
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      gradient.close();
      arrays.close();
      atLogits.release();
    }
  }
}
