package io.github.resnetensembles.internal.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ImageBatch;
import io.github.resnetensembles.ImageSet;

/** Images from anywhere in a set; its record numbers mean nothing. */
final class GatheredBatch implements ImageBatch {
  private final FeatureShape shape;
  private final float[] pixels;
  private final int[] labels;

  private GatheredBatch(FeatureShape shape, float[] pixels, int[] labels) {
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
  }

  static GatheredBatch of(ImageSet images, int[] indices) {
    int size = images.shape().size();
    float[] pixels = new float[indices.length * size];
    int[] labels = new int[indices.length];
    for (int n = 0; n < indices.length; n++) {
      ImageBatch one = images.batch(indices[n], 1);
      System.arraycopy(one.pixels(), 0, pixels, n * size, size);
      labels[n] = one.labels()[0];
    }
    return new GatheredBatch(images.shape(), pixels, labels);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public float[] pixels() {
    return pixels;
  }

  @Override
  public int[] labels() {
    return labels;
  }

  @Override
  public int firstRecord() {
    return 0;
  }
}
