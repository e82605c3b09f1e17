package io.github.resnetensembles.training;

import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import java.util.function.UnaryOperator;

/**
 * A study that is made of a network while it is trained.
 *
 * <p>Implemented by this library and by users.
 */
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
   * The same study under another name, so that several of one kind can be added.
   *
   * @param name in file names: 1 to 40 lower-case letters, digits and hyphens
   * @return the probe of that name
   */
  default TrainingProbe named(String name) {
    return Probes.named(name, this);
  }

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

  /**
   * The gradient by path length, with the effective lengths, on the first test images.
   *
   * @param images how many, at least 1; all there are if there are fewer
   * @param setup how it is measured, such as {@code GradientProbe::exact}
   * @return the probe {@code gradients}
   */
  static TrainingProbe gradients(int images, UnaryOperator<GradientProbe> setup) {
    return Probes.of(
        "gradients",
        (model, test) ->
            setup.apply(model.gradients()).run(test.batch(Math.min(images, test.size()))).toJson());
  }
}
