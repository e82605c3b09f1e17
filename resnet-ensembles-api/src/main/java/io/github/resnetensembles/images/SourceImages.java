package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/** A range of a data set's records: what users hold as an {@link ImageSet}. */
final class SourceImages implements ImageSet {
  /** What every JVM can allocate as one array. */
  private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

  private final RecordSource source;
  private final int offset;
  private final int size;

  private SourceImages(RecordSource source, int offset, int size) {
    this.source = source;
    this.offset = offset;
    this.size = size;
  }

  static ImageSet all(RecordSource source) {
    return new SourceImages(source, 0, source.size());
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int classes() {
    return source.classes();
  }

  @Override
  public boolean hasLabels() {
    return source.hasLabels();
  }

  @Override
  public FeatureShape shape() {
    return source.shape();
  }

  @Override
  public String sha256() {
    return source.sha256();
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return source.dataset();
  }

  @Override
  public ImageBatch batch(int from, int count) {
    checkRange(from, count);
    int imageSize = shape().size();
    if (count > MAX_VALUES / imageSize) {
      throw new InvalidImagesException(
          "a batch of %s images of shape %s is too large; ask for at most %s"
              .formatted(count, shape(), MAX_VALUES / imageSize));
    }
    float[] pixels = new float[count * imageSize];
    int[] labels = new int[count];
    if (count > 1) {
      // Single images are read in any order.
      source.expect(IntStream.range(offset + from, offset + size).iterator(), count);
    }
    source.read(offset + from, count, pixels, labels, 0);
    return new ArrayBatch(shape(), pixels, labels, offset + from);
  }

  @Override
  public ImageSet range(int from, int count) {
    checkRange(from, count);
    return new SourceImages(source, offset + from, count);
  }

  @Override
  public ImageSet subset(int... indices) {
    if (indices.length == 0) {
      throw new InvalidInputException("a subset needs at least one index, got none");
    }
    BitSet seen = new BitSet(size);
    int[] records = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int index = indices[i];
      if (index < 0 || index >= size) {
        throw new IndexOutOfBoundsException(
            "index %s is not in this set of %s images (0 to %s)".formatted(index, size, size - 1));
      }
      if (seen.get(index)) {
        throw new InvalidInputException(
            "a subset takes each image at most once, index " + index + " occurs twice");
      }
      seen.set(index);
      records[i] = offset + index;
    }
    return all(new ChosenRecords(source, records));
  }

  private void checkRange(int from, int count) {
    if (count < 1) {
      throw new IndexOutOfBoundsException("the number of images must be at least 1, got " + count);
    }
    if (from < 0 || from > size - count) {
      throw new IndexOutOfBoundsException(
          count + " images from index " + from + " are not in this set of " + size + " images");
    }
  }

  @Override
  public String toString() {
    return name() + " [" + offset + ", " + (offset + size) + ")";
  }
}
