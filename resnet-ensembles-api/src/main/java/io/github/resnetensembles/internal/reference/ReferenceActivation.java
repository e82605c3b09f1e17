package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import org.jspecify.annotations.Nullable;

/** Features that their holder can let go of. */
final class ReferenceActivation implements Activation {
  private final int images;
  private final FeatureShape shape;
  private volatile @Nullable Features features;

  ReferenceActivation(Features features) {
    this.images = features.images();
    this.shape = features.shape();
    this.features = features;
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public double[] values() {
    return features().values().clone();
  }

  Features features() {
    Features held = features;
    if (held == null) {
      throw new IllegalStateException(
          "an activation of " + images + " images of shape " + shape + " is used after its close");
    }
    return held;
  }

  @Override
  public void close() {
    features = null;
  }
}
