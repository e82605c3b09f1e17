package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image set of the user's own that is not believed: what it says of itself is asked once, and
 * every batch is checked and copied. Whatever reads images goes through here; the library's own
 * sets and batches pass as they are.
 */
final class CheckedImages implements ImageSet {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final ImageSet source;
  private final Facts facts;
  private final int from;
  private final int size;

  /** What a set says of itself. */
  private record Facts(
      String name,
      int size,
      int offset,
      int classes,
      FeatureShape shape,
      String sha256,
      Optional<KnownDataset> dataset) {}

  private CheckedImages(ImageSet source, Facts facts, int from, int size) {
    this.source = source;
    this.facts = facts;
    this.from = from;
    this.size = size;
  }

  /** The set itself if it is the library's, else what checks it. */
  static ImageSet of(ImageSet images) {
    if (images instanceof SourceImages
        || images instanceof CheckedImages
        || images instanceof DescribedImages) {
      return images;
    }
    @Nullable String given = images.name();
    if (given == null) {
      throw new InvalidImagesException("an image set has the name null; give it one");
    }
    String name = Names.oneLine(given, Names.MAX_KEPT);
    int size = images.size();
    int offset = images.offset();
    int classes = images.classes();
    if (size < 1 || offset < 0 || size > Integer.MAX_VALUE - offset || classes < 2) {
      throw new InvalidImagesException(
          ("%s says that it has %s images from record %s on, of %s classes; an image set"
                  + " has at least one image, records from 0 to 2^31 - 1 and at least 2 classes")
              .formatted(name, size, offset, classes));
    }
    @Nullable FeatureShape shape = images.shape();
    @Nullable String sha256 = images.sha256();
    if (shape == null || sha256 == null || !HASH.matcher(sha256).matches()) {
      throw new InvalidImagesException(
          ("%s says that its images have the shape %s and its data the hash %s; a hash"
                  + " has 64 lower-case hex digits")
              .formatted(name, shape, sha256 == null ? null : Names.shorten(sha256)));
    }
    Optional<KnownDataset> dataset = Objects.requireNonNullElse(images.dataset(), Optional.empty());
    return new CheckedImages(
        images, new Facts(name, size, offset, classes, shape, sha256, dataset), 0, size);
  }

  /**
   * A copy of a batch whose labels are to be believed, too; the batch itself if it is the
   * library's.
   */
  static ImageBatch labelled(ImageBatch batch, int classes) {
    ImageBatch checked = copy("the batch", batch);
    requireLabels("the batch", checked, classes);
    return checked;
  }

  /** The pixels of a batch, as many as it must have, all finite; not to be changed. */
  static float[] pixels(ImageBatch batch) {
    return batch instanceof ArrayBatch own ? own.held() : checkedPixels("the batch", batch);
  }

  private static ImageBatch copy(String name, ImageBatch batch) {
    if (batch instanceof ArrayBatch) {
      return batch;
    }
    float[] pixels = checkedPixels(name, batch).clone();
    int @Nullable [] labels = batch.labels();
    if (labels == null || labels.length != batch.size()) {
      throw new InvalidImagesException(
          "%s gives %s labels of %s images, from record %s on; give one for each image"
              .formatted(
                  name,
                  labels == null ? "null as" : labels.length,
                  batch.size(),
                  batch.firstRecord()));
    }
    return new ArrayBatch(batch.shape(), pixels, labels.clone(), batch.firstRecord());
  }

  private static float[] checkedPixels(String name, ImageBatch batch) {
    int images = batch.size();
    @Nullable FeatureShape shape = batch.shape();
    if (images < 1 || shape == null) {
      throw new InvalidImagesException(
          "%s gives %s images of the shape %s, from record %s on; give at least one"
              .formatted(name, images, shape, batch.firstRecord()));
    }
    float @Nullable [] pixels = batch.pixels();
    long needed = (long) images * shape.size();
    if (pixels == null || pixels.length != needed) {
      throw new InvalidImagesException(
          ("%s gives %s pixel values of %s images of the shape %s, from record %s on;" + " give %s")
              .formatted(
                  name,
                  pixels == null ? "null as" : pixels.length,
                  images,
                  shape,
                  batch.firstRecord(),
                  needed));
    }
    for (int i = 0; i < pixels.length; i++) {
      if (!Float.isFinite(pixels[i])) {
        throw new InvalidImagesException(
            "%s gives the pixel value %s in record %s, value %s; pixels are finite"
                .formatted(
                    name, pixels[i], batch.firstRecord() + i / shape.size(), i % shape.size()));
      }
    }
    return pixels;
  }

  private static void requireLabels(String name, ImageBatch batch, int classes) {
    int[] labels = batch.labels();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new InvalidImagesException(
            "%s gives record %s the label %s; labels are 0 to %s"
                .formatted(name, batch.firstRecord() + i, labels[i], classes - 1));
      }
    }
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return facts.dataset();
  }

  @Override
  public String name() {
    return facts.name();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int offset() {
    return facts.offset() + from;
  }

  @Override
  public int classes() {
    return facts.classes();
  }

  @Override
  public FeatureShape shape() {
    return facts.shape();
  }

  @Override
  public String sha256() {
    return facts.sha256();
  }

  @Override
  public ImageBatch batch(int first, int count) {
    Objects.checkFromIndexSize(first, count, size);
    requireUnchanged();
    int record = offset() + first;
    @Nullable ImageBatch batch = source.batch(from + first, count);
    if (batch == null) {
      throw new InvalidImagesException(
          "%s gives null where %s images from record %s on are asked"
              .formatted(name(), count, record));
    }
    if (batch.size() != count
        || batch.firstRecord() != record
        || !facts.shape().equals(batch.shape())) {
      throw new InvalidImagesException(
          ("%s gives %s images from record %s on, of the shape %s, where %s from record"
                  + " %s on, of %s, are asked")
              .formatted(
                  name(),
                  batch.size(),
                  batch.firstRecord(),
                  batch.shape(),
                  count,
                  record,
                  facts.shape()));
    }
    ImageBatch copy = copy(name(), batch);
    requireLabels(name(), copy, classes());
    return copy;
  }

  private void requireUnchanged() {
    if (source.size() != facts.size() || source.offset() != facts.offset()) {
      throw new InvalidImagesException(
          ("%s had the %s records from %s on and now has %s from %s on; an image set"
                  + " does not change while it is read")
              .formatted(name(), facts.size(), facts.offset(), source.size(), source.offset()));
    }
  }

  @Override
  public ImageSet range(int first, int count) {
    Objects.checkFromIndexSize(first, count, size);
    if (count < 1) {
      throw new IndexOutOfBoundsException("a range has at least one image, got " + count);
    }
    return new CheckedImages(source, facts, from + first, count);
  }

  @Override
  public ImageSet subset(int... indices) {
    int[] shifted = indices.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = from + Objects.checkIndex(shifted[i], size);
    }
    return of(source.subset(shifted));
  }

  @Override
  public String toString() {
    return name() + " [" + offset() + ", " + (offset() + size) + ")";
  }
}
