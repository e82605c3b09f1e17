package io.github.resnetensembles.images;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * Image files of a folder, decoded as they are read and ahead of it. Nothing of an image stays in
 * memory but its name and its label.
 */
final class FolderImages implements RecordSource {
  /** What decoded images may take that nobody asked for yet. */
  private static final int AHEAD_BYTES = 1 << 26;

  private static final int MOST_AHEAD = 512;

  private final FolderListing listing;
  private final Preprocessing preprocessing;
  private final boolean skipDamaged;
  private final DecodingMemory memory = DecodingMemory.ofThisJvm();
  private final ReadAhead<Decoded> ahead;

  /** An image as a network takes it, or why there is none. */
  private static final class Decoded {
    final byte[] pixels;
    final String damage;

    Decoded(byte[] pixels, String damage) {
      this.pixels = pixels;
      this.damage = damage;
    }
  }

  private FolderImages(FolderListing listing, FolderSettings settings) {
    this.listing = listing;
    this.preprocessing = settings.preprocessing();
    this.skipDamaged = settings.skipDamaged();
    this.ahead =
        new ReadAhead<>(
            this::decode, Math.min(MOST_AHEAD, AHEAD_BYTES / preprocessing.shape().size() + 1));
  }

  /** As {@link ImageSets#folder(Path, FolderOptions)}. */
  static ImageSet open(Path folder, FolderOptions options) {
    FolderSettings settings = (FolderSettings) options;
    return SourceImages.all(new FolderImages(FolderListing.of(folder, settings), settings));
  }

  @Override
  public String name() {
    return listing.name();
  }

  @Override
  public int size() {
    return listing.size();
  }

  @Override
  public int classes() {
    return listing.classes();
  }

  @Override
  public boolean hasLabels() {
    return listing.hasLabels();
  }

  @Override
  public FeatureShape shape() {
    return preprocessing.shape();
  }

  @Override
  public String sha256() {
    return listing.sha256();
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return Optional.empty();
  }

  @Override
  public void expect(PrimitiveIterator.OfInt records, int now) {
    ahead.expect(records, now);
  }

  @Override
  public void read(int from, int count, float[] pixels, int[] labels, int at) {
    int size = shape().size();
    List<FutureTask<Decoded>> records =
        IntStream.range(from, from + count).mapToObj(ahead::claim).toList();
    for (int i = 0; i < count; i++) {
      Decoded decoded = finished(records.get(i));
      labels[at + i] = label(from + i, decoded);
      Scaling.toFloats(decoded.pixels, 0, pixels, (at + i) * size, decoded.pixels.length);
    }
  }

  private int label(int record, Decoded decoded) {
    if (decoded.damage.isEmpty()) {
      return listing.label(record);
    }
    if (skipDamaged) {
      return ImageBatch.SKIPPED;
    }
    throw new InvalidImagesException(
        ("%s (record %s) is damaged: %s; mend or remove it, or have damaged files skipped"
                + " (--skip-damaged, FolderOptions.skipDamaged)")
            .formatted(DataFiles.show(listing.file(record)), record, decoded.damage));
  }

  private static Decoded finished(FutureTask<Decoded> record) {
    record.run();
    try {
      return Uninterruptibles.getUninterruptibly(record);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      Throwables.throwIfUnchecked(cause);
      throw new IllegalStateException(cause);
    }
  }

  private Decoded decode(int record) {
    Path file = listing.file(record);
    byte[] bytes = DataFiles.read(file, () -> Files.readAllBytes(file));
    try {
      ImageDecoder.Size size = ImageDecoder.size(bytes);
      byte[] pixels =
          memory.with(
              size.bytes(),
              DataFiles.show(file),
              () -> preprocessing.apply(ImageDecoder.decode(bytes)));
      return new Decoded(pixels, "");
    } catch (DamagedImageException e) {
      return new Decoded(new byte[0], Names.oneLine(e.reason(), Names.MAX_KEPT));
    }
  }

  @Override
  public String toString() {
    return name() + " " + Arrays.asList(preprocessing.identity(), sha256());
  }
}
