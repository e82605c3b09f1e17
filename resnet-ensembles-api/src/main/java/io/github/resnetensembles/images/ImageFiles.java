package io.github.resnetensembles.images;

import java.nio.file.Path;
import java.util.List;

/** Image sets read from files. */
final class ImageFiles {
  private ImageFiles() {}

  /** As {@link ImageSets#cifar10}. */
  static ImageSet cifar10(List<Path> files) {
    return cifar(CifarFormat.CIFAR_10, files);
  }

  /** As {@link ImageSets#cifar100}. */
  static ImageSet cifar100(List<Path> files) {
    return cifar(CifarFormat.CIFAR_100, files);
  }

  /** As {@link ImageSets#mnist}. */
  static ImageSet mnist(Path images, Path labels) {
    return SourceImages.all(MnistFiles.open(DataFiles.name(images), images, labels));
  }

  /** As {@link ImageSets#open}. */
  static ImageSet open(Path path, ImageSets.Split split) {
    return SourceImages.all(Recognition.open(path, split));
  }

  private static ImageSet cifar(CifarFormat format, List<Path> files) {
    String name = files.isEmpty() ? "" : DataFiles.name(files.get(0));
    if (files.size() > 1) {
      name += " and " + (files.size() - 1) + " more";
    }
    return SourceImages.all(CifarFiles.open(name, format, files));
  }
}
