package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.examples.EvaluatedImages;
import io.github.resnetensembles.images.ImageSet;
import java.util.List;
import java.util.Optional;

/**
 * The images of a report.
 *
 * @param test what networks are studied on
 * @param training what they are trained on, and what BatchNorm's statistics are estimated from;
 *     empty if there are none
 * @param flags that name the data on the command line
 */
public record ReportImages(ImageSet test, Optional<ImageSet> training, List<String> flags) {
  /**
   * Copies the list.
   *
   * @param test what networks are studied on
   * @param training what they are trained on
   * @param flags that name the data on the command line
   */
  public ReportImages {
    flags = List.copyOf(flags);
  }

  /** Refuses images of which the first so many tell nothing. */
  void check(int first) {
    EvaluatedImages.require("a report needs", test.limit(first));
  }
}
