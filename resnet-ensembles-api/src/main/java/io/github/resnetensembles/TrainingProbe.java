package io.github.resnetensembles;

import io.github.resnetensembles.internal.training.Probes;
import java.util.function.UnaryOperator;

/** A study that is made of a network while it is trained. */
public interface TrainingProbe {
  /** {@return its name in file names: lower-case letters, digits and hyphens} */
  String name();

  /**
   * Studies a copy of the network as it is after an epoch.
   *
   * @param model the copy, in eval mode; closed after the call
   * @param images the test images
   * @param epoch from 1
   * @return the result as JSON
   */
  String run(ResidualModel model, ImageSet images, int epoch);

  /**
   * A lesion study.
   *
   * @param setup which lesions, such as {@code LesionStudy::deleteEachBlock}
   * @return the probe {@code lesions}
   */
  static TrainingProbe lesions(UnaryOperator<LesionStudy> setup) {
    return Probes.of(
        "lesions", (model, images) -> setup.apply(model.lesions()).run(images).toJson());
  }
}
