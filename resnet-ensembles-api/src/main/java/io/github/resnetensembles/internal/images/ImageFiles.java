package io.github.resnetensembles.internal.images;

import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ImageSets;
import java.nio.file.Path;
import java.util.List;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class ImageFiles {
  private ImageFiles() {}

  public static ImageSet cifar10(List<Path> files) {
    throw new UnsupportedOperationException("stub");
  }

  public static ImageSet cifar100(List<Path> files) {
    throw new UnsupportedOperationException("stub");
  }

  public static ImageSet mnist(Path images, Path labels) {
    throw new UnsupportedOperationException("stub");
  }

  public static ImageSet open(Path path, ImageSets.Split split) {
    throw new UnsupportedOperationException("stub");
  }
}
