package io.github.resnetensembles.images;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The library's own images, painted when they are first asked for and then held. The hash is an
 * {@link ImageHash} of all of them.
 */
final class BuiltInImages implements RecordSource {
  private static final FeatureShape SHAPE =
      new FeatureShape(BuiltInPainter.CHANNELS, BuiltInPainter.SIDE, BuiltInPainter.SIDE);

  private final String split;
  private final BuiltInPainter painter;
  private final AtomicReferenceArray<byte[]> painted;
  private final Supplier<String> sha256 = Suppliers.memoize(this::hash);

  private BuiltInImages(String split, int size) {
    this.split = split;
    this.painter = new BuiltInPainter(split);
    this.painted = new AtomicReferenceArray<>(size);
  }

  /** As {@link ImageSets#builtIn(ImageSets.Split)}. */
  static ImageSet of(ImageSets.Split split) {
    return SourceImages.all(
        switch (split) {
          case TRAIN -> new BuiltInImages("train", 10_000);
          case TEST -> new BuiltInImages("test", 2_000);
        });
  }

  @Override
  public String name() {
    return "built-in images v1, " + split;
  }

  @Override
  public int size() {
    return painted.length();
  }

  @Override
  public int classes() {
    return BuiltInPainter.CLASSES;
  }

  @Override
  public FeatureShape shape() {
    return SHAPE;
  }

  @Override
  public String sha256() {
    return sha256.get();
  }

  private String hash() {
    int[] labels = new int[size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = BuiltInPainter.label(i);
    }
    ImageHash hash = ImageHash.ofBytes(SHAPE, labels, classes());
    for (int i = 0; i < labels.length; i++) {
      hash.pixels(bytes(i));
    }
    return hash.sha256();
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return Optional.empty();
  }

  @Override
  public void read(int from, int count, float[] pixels, int[] labels, int at) {
    int image = SHAPE.size();
    for (int i = 0; i < count; i++) {
      Scaling.toFloats(bytes(from + i), 0, pixels, (at + i) * image, image);
      labels[at + i] = BuiltInPainter.label(from + i);
    }
  }

  /** Two threads may paint the same image; they paint the same bytes. */
  private byte[] bytes(int index) {
    byte[] bytes = painted.get(index);
    if (bytes == null) {
      bytes = painter.paint(index);
      painted.set(index, bytes);
    }
    return bytes;
  }
}
