package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.network.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a network is trained on and what it is evaluated on, for a network to be named.
 *
 * @param training the images
 * @param test others
 */
record TrainingData(
    Function<Architecture, ImageSet> training, Function<Architecture, ImageSet> test) {
  /**
   * Finds both.
   *
   * @param data as {@code --data} names it
   * @param test as {@code --test} names it; null for the test images of the same data
   * @param folder how folders are read
   * @param ofNetwork whether the network is there, with its classes
   */
  static TrainingData find(
      @Nullable String data, @Nullable String test, FolderFlags folder, boolean ofNetwork) {
    if (data == null) {
      throw new InvalidInputException("no images: give --data DIR, FILE or 'builtin'");
    }
    if (folder.labels != null) {
      throw new InvalidInputException(
          "--labels has the labels of one folder, and training needs two: give a folder for each"
              + " class");
    }
    if (test == null && Files.isRegularFile(Path.of(data))) {
      throw new InvalidInputException(
          "--data " + data + " is a single file, which has no test images: give --test, too");
    }
    FolderFlags.Classes classes =
        ofNetwork ? FolderFlags.Classes.OF_NETWORK : FolderFlags.Classes.OF_IMAGES;
    boolean folders = isFolder(data, folder);
    if (folders && (test == null || isFolder(test, folder))) {
      Path training =
          test == null || folder.hasTraining(Path.of(data))
              ? folder.ofSplit(Path.of(data), Split.TRAIN)
              : Path.of(data);
      Path tests = folder.ofSplit(Path.of(test == null ? data : test), Split.TEST);
      folder.requireSameClasses(training, tests);
      return new TrainingData(
          architecture -> folder.open(training, architecture, classes),
          architecture -> folder.open(tests, architecture, classes));
    }
    if (folders || (test != null && isFolder(test, folder))) {
      throw new InvalidInputException(
          "--data %s and --test %s have to be both folders of images, or neither"
              .formatted(data, test));
    }
    return new TrainingData(
        DataOptions.find(data, Split.TRAIN, folder, classes),
        DataOptions.find(test == null ? data : test, Split.TEST, folder, classes));
  }

  private static boolean isFolder(String data, FolderFlags folder) {
    return !data.equals(DataOptions.BUILT_IN)
        && Files.isDirectory(Path.of(data))
        && folder.mean(Path.of(data));
  }
}
