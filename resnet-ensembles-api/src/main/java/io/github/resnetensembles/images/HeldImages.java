package io.github.resnetensembles.images;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import java.util.Optional;

/** Images that are held in memory; labels and lengths have been checked. */
final class HeldImages implements RecordSource {
  private final String name;
  private final FeatureShape shape;
  private final Pixels pixels;
  private final int[] labels;
  private final int classes;
  private final Supplier<String> sha256;
  private final Supplier<Optional<KnownDataset>> dataset;

  /** The pixel values of all images, one after the other. */
  @FunctionalInterface
  interface Pixels {
    void copy(int from, float[] into, int at, int count);

    /** Unsigned bytes, scaled to [0, 1]. */
    static Pixels of(byte[] bytes) {
      return (from, into, at, count) -> Scaling.toFloats(bytes, from, into, at, count);
    }

    /** As they are. */
    static Pixels of(float[] values) {
      return (from, into, at, count) -> System.arraycopy(values, from, into, at, count);
    }
  }

  /** Takes over the arrays; {@code sha256} must be thread-safe. */
  HeldImages(
      String name,
      FeatureShape shape,
      Pixels pixels,
      int[] labels,
      int classes,
      Supplier<String> sha256) {
    this.name = name;
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.classes = classes;
    this.sha256 = sha256;
    this.dataset = Suppliers.memoize(() -> KnownLabels.recognise(labels, classes));
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
  public boolean hasLabels() {
    return labels[0] != ImageBatch.UNLABELLED;
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
  public Optional<KnownDataset> dataset() {
    return dataset.get();
  }

  @Override
  public void read(int from, int count, float[] into, int[] labelsInto, int at) {
    int image = shape.size();
    pixels.copy(from * image, into, at * image, count * image);
    System.arraycopy(labels, from, labelsInto, at, count);
  }
}
