package io.github.resnetensembles.internal.images;

import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ImageSets;
import java.nio.file.Path;
import java.util.List;

/** Image sets read from files. */
public final class ImageFiles {
  private ImageFiles() {}

  /** As {@link ImageSets#cifar10}. */
  public static ImageSet cifar10(List<Path> files) {
    return cifar(CifarFormat.CIFAR_10, files);
  }

  /** As {@link ImageSets#cifar100}. */
  public static ImageSet cifar100(List<Path> files) {
    return cifar(CifarFormat.CIFAR_100, files);
  }

  /** As {@link ImageSets#mnist}. */
  public static ImageSet mnist(Path images, Path labels) {
    return RecordRange.all(MnistFiles.open(DataFiles.name(images), images, labels));
  }

  /** As {@link ImageSets#open}. */
  public static ImageSet open(Path path, ImageSets.Split split) {
    return RecordRange.all(Recognition.open(path, split));
  }

  private static ImageSet cifar(CifarFormat format, List<Path> files) {
    String name = files.isEmpty() ? "" : DataFiles.name(files.get(0));
    if (files.size() > 1) {
      name += " and " + (files.size() - 1) + " more";
    }
    return RecordRange.all(CifarFiles.open(name, format, files));
  }
}
