package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.util.Optional;

/** Images that their user says are of a known data set. */
final class KnownImages implements ImageSet {
  private final ImageSet images;
  private final KnownDataset dataset;

  private KnownImages(ImageSet images, KnownDataset dataset) {
    this.images = images;
    this.dataset = dataset;
  }

  /** As {@link ImageSet#knownAs}. */
  static ImageSet of(ImageSet images, KnownDataset dataset) {
    if (images.classes() != dataset.classes()) {
      throw new InvalidImagesException(
          "%s has %s classes, but %s has %s"
              .formatted(dataset.title(), dataset.classes(), images.name(), images.classes()));
    }
    return new KnownImages(CheckedImages.of(images), dataset);
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return Optional.of(dataset);
  }

  @Override
  public String name() {
    return images.name();
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int offset() {
    return images.offset();
  }

  @Override
  public int classes() {
    return images.classes();
  }

  @Override
  public boolean hasLabels() {
    return images.hasLabels();
  }

  @Override
  public FeatureShape shape() {
    return images.shape();
  }

  @Override
  public String sha256() {
    return images.sha256();
  }

  @Override
  public ImageBatch batch(int from, int count) {
    return images.batch(from, count);
  }

  @Override
  public ImageSet range(int from, int count) {
    return new KnownImages(images.range(from, count), dataset);
  }

  @Override
  public ImageSet subset(int... indices) {
    return images.subset(indices);
  }

  @Override
  public String toString() {
    return images.toString();
  }
}
