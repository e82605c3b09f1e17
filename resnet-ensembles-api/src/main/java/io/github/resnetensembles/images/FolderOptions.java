package io.github.resnetensembles.images;

import com.google.common.annotations.Beta;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.RecordBuilder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a folder of images is read: which classes there are, and how an image becomes one of the size
 * that a network takes. An immutable value; {@link #toBuilder()} changes it.
 *
 * <p>Beta: kinds of preprocessing that are not asked for yet may need other settings.
 */
@Beta
public sealed interface FolderOptions permits FolderSettings {
  /**
   * {@return the usual settings of ImageNet: class folders, 3 channels, the short side resized to
   * 256, a square of 224 from the middle, bilinear; a damaged file ends the run}
   */
  static FolderOptions imageNet() {
    return FolderSettings.IMAGENET;
  }

  /**
   * The usual settings for a network's input size: a square of that size from the middle of an
   * image whose short side is 8/7 of it (256 for 224), rounded, or for sizes up to 64 as long as
   * the square; else as {@link #imageNet()}.
   *
   * @param input the shape of an image as the network takes it, square, of 1 or 3 channels
   * @return the settings
   * @throws InvalidInputException if the shape is not square, or has other channels
   */
  static FolderOptions of(FeatureShape input) {
    return FolderSettings.of(input);
  }

  /** {@return a builder that starts from {@link #imageNet()}} */
  static Builder builder() {
    return imageNet().toBuilder();
  }

  /**
   * {@return the file of labels, for a single folder; empty for class folders} Each line is the
   * name of an image (its path below the folder) and its label, separated by a comma or blanks, or
   * all lines are labels alone, in the order of the sorted names. A label is the number of a class,
   * from 0, or its name as {@link #classes()} has it.
   */
  Optional<Path> labels();

  /**
   * {@return the file of the network's classes in order, one a line: a name, or the name of a
   * folder, a blank and what people call it} Without it, class folders are numbered in the order of
   * their names.
   */
  Optional<Path> classes();

  /**
   * {@return the number of classes, where labels are numbers and no file names the classes; empty:
   * one more than the largest label}
   */
  OptionalInt classCount();

  /** {@return what the short side of an image becomes; empty for images left as they are} */
  OptionalInt resize();

  /**
   * {@return the side of the square that is cut from the middle after resizing; black is added
   * where an image is smaller}
   */
  int crop();

  /** {@return the interpolation of resizing} */
  Interpolation interpolation();

  /** {@return 3, or 1 for grey (ITU-R 601-2, before resizing)} */
  int channels();

  /**
   * {@return whether damaged files are skipped: their records keep their numbers and count nowhere;
   * else the first one ends the run}
   */
  boolean skipDamaged();

  /**
   * {@return whether the images have no labels: all of the folder and of those below it are read,
   * for a network of {@link #classCount()} classes, and there is nothing that counts errors}
   */
  boolean unlabelled();

  /** {@return a builder that starts from these settings} */
  default Builder toBuilder() {
    return RecordBuilder.of(Builder.class, this);
  }

  /**
   * Settings in the making. Immutable: every setting returns a changed copy, and throws an {@link
   * InvalidInputException} if a size is not 1 to 4096 or there are other than 1 or 3 channels.
   */
  interface Builder {
    /**
     * Sets the file of labels.
     *
     * @param labels of a single folder
     * @return the changed copy
     */
    Builder labels(Path labels);

    /**
     * Sets the file of classes.
     *
     * @param classes one a line, in the network's order
     * @return the changed copy
     */
    Builder classes(Path classes);

    /**
     * Sets the number of classes.
     *
     * @param classCount at least 2
     * @return the changed copy
     */
    Builder classCount(int classCount);

    /**
     * Sets what the short side becomes.
     *
     * @param resize in pixels; empty for images left as they are
     * @return the changed copy
     */
    Builder resize(OptionalInt resize);

    /**
     * Sets the side of the square.
     *
     * @param crop in pixels
     * @return the changed copy
     */
    Builder crop(int crop);

    /**
     * Sets the interpolation of resizing.
     *
     * @param interpolation the new one
     * @return the changed copy
     */
    Builder interpolation(Interpolation interpolation);

    /**
     * Sets the number of channels.
     *
     * @param channels 1 or 3
     * @return the changed copy
     */
    Builder channels(int channels);

    /**
     * Sets what is done with damaged files.
     *
     * @param skipDamaged whether they are skipped
     * @return the changed copy
     */
    Builder skipDamaged(boolean skipDamaged);

    /**
     * Sets whether the images have no labels.
     *
     * @param unlabelled whether they have none
     * @return the changed copy
     */
    Builder unlabelled(boolean unlabelled);

    /** {@return the settings} */
    FolderOptions build();
  }
}
