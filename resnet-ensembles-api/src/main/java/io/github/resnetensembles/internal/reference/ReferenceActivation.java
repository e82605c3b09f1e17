package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import java.util.List;
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

  static ReferenceActivation of(double[] values, int images, FeatureShape shape) {
    Arguments.checkLength("values", values.length, images, shape);
    return new ReferenceActivation(new Features(images, shape, values.clone()));
  }

  /** Σ weights[i] · terms[i]. */
  static ReferenceActivation sum(List<Activation> terms, double[] weights) {
    Arguments.checkSum(terms, weights);
    Activation first = terms.get(0);
    Features sum = Features.zeros(first.images(), first.shape());
    for (int i = 0; i < weights.length; i++) {
      sum.addScaled(weights[i], features("a term", terms.get(i), sum.images(), sum.shape()));
    }
    return new ReferenceActivation(sum);
  }

  /** The features of an activation that must be of this size. */
  static Features features(String what, Activation given, int images, FeatureShape shape) {
    Arguments.checkImages(given.images(), images);
    return ReferenceNetwork.features(what, given, shape);
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
