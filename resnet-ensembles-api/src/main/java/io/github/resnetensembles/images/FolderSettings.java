package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings that are all within their ranges. */
record FolderSettings(
    Optional<Path> labels,
    Optional<Path> classes,
    OptionalInt classCount,
    OptionalInt resize,
    int crop,
    Interpolation interpolation,
    int channels,
    boolean skipDamaged,
    boolean unlabelled)
    implements FolderOptions {
  private static final int MOST = 4096;

  /** Images of this size and below show their object alone; nothing of them is cut off. */
  private static final int SMALL = 64;

  static final FolderSettings IMAGENET = usual(256, 224, 3);

  FolderSettings {
    Require.present("labels", labels);
    Require.present("classes", classes);
    Require.present("interpolation", interpolation);
    if (classCount.isPresent()) {
      Require.between(2, Integer.MAX_VALUE, "the number of classes", classCount.getAsInt());
    }
    Require.between(1, MOST, "crop", crop);
    if (resize.isPresent()) {
      Require.between(1, MOST, "resize", resize.getAsInt());
    }
    if (channels != 1 && channels != 3) {
      throw new InvalidInputException("images have 1 or 3 channels, got " + channels);
    }
  }

  static FolderSettings of(FeatureShape input) {
    if (input.height() != input.width()) {
      throw new InvalidInputException(
          "images are cut to squares, but the network takes "
              + input
              + "; images of that shape are"
              + " those of ImageSets.of");
    }
    int crop = input.height();
    int resize = crop <= SMALL ? crop : (int) Math.round(crop * 8 / 7.0);
    return usual(resize, crop, input.channels());
  }

  private static FolderSettings usual(int resize, int crop, int channels) {
    return new FolderSettings(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.of(resize),
        crop,
        Interpolation.BILINEAR,
        channels,
        false,
        false);
  }

  /**
   * What is done with an image.
   *
   * @throws InvalidInputException if the square is larger than what the short side becomes
   */
  Preprocessing preprocessing() {
    if (resize.isPresent() && resize.getAsInt() < crop) {
      throw new InvalidInputException(
          ("a square of %s pixels cannot be cut from images whose short side is resized to %s;"
                  + " resize to %s or more, or cut less")
              .formatted(crop, resize.getAsInt(), crop));
    }
    return new Preprocessing(resize, crop, interpolation, channels);
  }
}
