package io.github.resnetensembles.examples;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What images must be for error rates on them to say something. */
public final class EvaluatedImages {
  private static final int READ_AT_ONCE = 256;

  private EvaluatedImages() {}

  /**
   * Refuses images that tell nothing of a network, before any work is done with them: statistics of
   * lesions need two images, and two classes. Reads until it finds the second class.
   *
   * @param whoNeeds begins the message, such as "a report needs"
   * @param images what the networks will see
   * @throws InvalidInputException if there is a single image, or all are of one class
   */
  public static void require(String whoNeeds, ImageSet images) {
    if (images.size() < 2) {
      throw new InvalidInputException(
          whoNeeds + " at least 2 images, but " + images.name() + " has one; choose more");
    }
    Set<Integer> classes = new HashSet<>();
    for (int from = 0; from < images.size() && classes.size() < 2; from += READ_AT_ONCE) {
      int count = Math.min(READ_AT_ONCE, images.size() - from);
      Arrays.stream(images.batch(from, count).labels()).forEach(classes::add);
    }
    if (classes.size() < 2) {
      throw new InvalidInputException(
          ("%s images of at least 2 classes, but the first %s of %s are of one; choose" + " more")
              .formatted(whoNeeds, images.size(), images.name()));
    }
  }
}
