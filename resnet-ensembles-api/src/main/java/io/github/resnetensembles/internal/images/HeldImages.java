package io.github.resnetensembles.internal.images;

import com.google.common.base.Supplier;
import io.github.resnetensembles.FeatureShape;

/** Images of unsigned bytes that are held in memory; labels and lengths have been checked. */
final class HeldImages implements RecordSource {
  private final String name;
  private final FeatureShape shape;
  private final byte[] pixels;
  private final int[] labels;
  private final int classes;
  private final Supplier<String> sha256;

  /** Takes over the arrays; {@code sha256} must be thread-safe. */
  HeldImages(
      String name,
      FeatureShape shape,
      byte[] pixels,
      int[] labels,
      int classes,
      Supplier<String> sha256) {
    this.name = name;
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.classes = classes;
    this.sha256 = sha256;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public String sha256() {
    return sha256.get();
  }

  @Override
  public void read(int from, int count, float[] into, int[] labelsInto, int at) {
    int image = shape.size();
    Scaling.toFloats(pixels, from * image, into, at * image, count * image);
    System.arraycopy(labels, from, labelsInto, at, count);
  }
}
