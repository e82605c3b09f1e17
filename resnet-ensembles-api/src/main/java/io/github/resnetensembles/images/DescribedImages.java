package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.util.Optional;
import java.util.function.Supplier;

/** Images of which their user says what their files do not tell. */
final class DescribedImages implements ImageSet {
  private final ImageSet images;
  private final int classes;
  private final Supplier<Optional<KnownDataset>> dataset;

  private DescribedImages(ImageSet images, int classes, Supplier<Optional<KnownDataset>> dataset) {
    this.images = images;
    this.classes = classes;
    this.dataset = dataset;
  }

  /** As {@link ImageSet#knownAs}. */
  static ImageSet of(ImageSet images, KnownDataset dataset) {
    if (images.classes() != dataset.classes()) {
      throw new InvalidImagesException(
          "%s has %s classes, but %s has %s"
              .formatted(dataset.title(), dataset.classes(), images.name(), images.classes()));
    }
    return new DescribedImages(
        CheckedImages.of(images), images.classes(), () -> Optional.of(dataset));
  }

  /** As {@link ImageSet#amongClasses}. */
  static ImageSet of(ImageSet images, int classes) {
    if (classes < images.classes()) {
      throw new InvalidImagesException(
          "%s has %s classes, which cannot be some of %s"
              .formatted(images.name(), images.classes(), classes));
    }
    ImageSet checked = CheckedImages.of(images);
    return new DescribedImages(checked, classes, Optional::empty);
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return dataset.get();
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
    return classes;
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
    return new DescribedImages(images.range(from, count), classes, dataset);
  }

  @Override
  public ImageSet subset(int... indices) {
    return new DescribedImages(images.subset(indices), classes, Optional::empty);
  }

  @Override
  public String toString() {
    return images.toString();
  }
}
