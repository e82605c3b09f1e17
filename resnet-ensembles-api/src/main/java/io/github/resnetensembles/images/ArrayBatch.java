package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;

/** A batch that owns its arrays and hands out copies. */
final class ArrayBatch implements ImageBatch {
  private final FeatureShape shape;
  private final float[] pixels;
  private final int[] labels;
  private final int firstRecord;

  ArrayBatch(FeatureShape shape, float[] pixels, int[] labels, int firstRecord) {
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.firstRecord = firstRecord;
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
    return pixels.clone();
  }

  /** The pixels themselves, for readers. */
  float[] held() {
    return pixels;
  }

  @Override
  public int[] labels() {
    return labels.clone();
  }

  @Override
  public int firstRecord() {
    return firstRecord;
  }
}
