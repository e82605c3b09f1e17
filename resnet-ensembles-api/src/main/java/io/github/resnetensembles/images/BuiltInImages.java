package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The library's own images, painted when they are first asked for and then held. Version 1 is the
 * same bytes for ever, so the {@link ImageHash} of all of them is known without painting them.
 */
final class BuiltInImages implements RecordSource {
  private static final FeatureShape SHAPE =
      new FeatureShape(BuiltInPainter.CHANNELS, BuiltInPainter.SIDE, BuiltInPainter.SIDE);

  private final String split;
  private final BuiltInPainter painter;
  private final AtomicReferenceArray<byte[]> painted;
  private final String sha256;

  private BuiltInImages(String split, int size, String sha256) {
    this.split = split;
    this.sha256 = sha256;
    this.painter = new BuiltInPainter(split);
    this.painted = new AtomicReferenceArray<>(size);
  }

  /** As {@link ImageSets#builtIn(ImageSets.Split)}. */
  static ImageSet of(ImageSets.Split split) {
    return SourceImages.all(
        switch (split) {
          case TRAIN ->
              new BuiltInImages(
                  "train",
                  10_000,
                  "6a2fe3b5eaca34583476635e45b8c6781cb916b1e57b70be7587a14d0389fe3a");
          case TEST ->
              new BuiltInImages(
                  "test",
                  2_000,
                  "9e1161440745b4284f8cf689842a4e124a1ceac8c91be83f8a8033d23c8e1834");
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
    return sha256;
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
