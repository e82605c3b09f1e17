package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Images that a function of the user's gives, which is not believed.
 *
 * <p>The hash is the SHA-256 of these bytes in UTF-8: the line {@code "resnet-ensembles function v1
 * <C>x<H>x<W> <N> <classes>"}, the identity and a zero byte; then the labels, each a 4-byte
 * big-endian integer.
 */
final class FunctionImages implements RecordSource {
  private final String identity;
  private final FeatureShape shape;
  private final int[] labels;
  private final int classes;
  private final IntFunction<float @Nullable []> pixels;
  private final Supplier<String> sha256;
  private final Supplier<Optional<KnownDataset>> dataset;

  private FunctionImages(
      String identity,
      FeatureShape shape,
      int[] labels,
      int classes,
      IntFunction<float @Nullable []> pixels) {
    this.identity = identity;
    this.shape = shape;
    this.labels = labels;
    this.classes = classes;
    this.pixels = pixels;
    this.sha256 = Suppliers.memoize(this::hash);
    this.dataset = Suppliers.memoize(() -> KnownLabels.recognise(labels, classes));
  }

  /** As {@link ImageSets#of(String, FeatureShape, int[], int, IntFunction)}. */
  static ImageSet of(
      String identity,
      FeatureShape shape,
      int[] labels,
      int classes,
      IntFunction<float @Nullable []> pixels) {
    Require.present("shape", shape);
    Require.present("pixels", pixels);
    if (identity.isBlank()) {
      throw new InvalidImagesException(
          "the images have no identity; give a text that is another for other images");
    }
    int[] checked = MemoryImages.checkedLabels(labels, classes);
    return SourceImages.all(
        new FunctionImages(
            Names.require("the identity of the images", identity, Names.MAX_KEPT),
            shape,
            checked,
            classes,
            pixels));
  }

  private String hash() {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(
        "resnet-ensembles function v1 %sx%sx%s %s %s\n%s\0"
            .formatted(
                shape.channels(), shape.height(), shape.width(), labels.length, classes, identity),
        UTF_8);
    for (int i = 0; i < labels.length; i++) {
      ImageHash.INTERRUPTS.check(i);
      // Guava's putInt is little-endian.
      hasher.putInt(Integer.reverseBytes(labels[i]));
    }
    return hasher.hash().toString();
  }

  @Override
  public String name() {
    return identity;
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
  public Optional<KnownDataset> dataset() {
    return dataset.get();
  }

  @Override
  public void read(int from, int count, float[] into, int[] labelsInto, int at) {
    for (int i = 0; i < count; i++) {
      float[] given = checked(from + i, pixels.apply(from + i));
      System.arraycopy(given, 0, into, (at + i) * shape.size(), given.length);
      labelsInto[at + i] = labels[from + i];
    }
  }

  private float[] checked(int record, float @Nullable [] given) {
    if (given == null || given.length != shape.size()) {
      throw new InvalidImagesException(
          "%s gives %s pixel values of record %s; an image of the shape %s has %s"
              .formatted(
                  identity, given == null ? "null as" : given.length, record, shape, shape.size()));
    }
    for (int i = 0; i < given.length; i++) {
      if (!Float.isFinite(given[i])) {
        throw new InvalidImagesException(
            "%s gives the pixel value %s in record %s, value %s; pixels are finite"
                .formatted(identity, given[i], record, i));
      }
    }
    return given;
  }
}
