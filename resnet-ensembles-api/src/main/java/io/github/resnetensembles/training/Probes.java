package io.github.resnetensembles.training;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import java.util.function.BiFunction;

/** The library's own probes. */
final class Probes {
  /** A study and its name. */
  @FunctionalInterface
  private interface Study {
    String run(ResidualModel model, ImageSet images, int epoch);
  }

  private record Named(String name, Study study) implements TrainingProbe {
    @Override
    public String run(ResidualModel model, ImageSet images, int epoch) {
      return study.run(model, images, epoch);
    }
  }

  private Probes() {}

  static TrainingProbe of(String name, BiFunction<ResidualModel, ImageSet, String> study) {
    return new Named(name, (model, images, epoch) -> study.apply(model, images));
  }

  static TrainingProbe named(String name, TrainingProbe probe) {
    return new Named(name, probe::run);
  }
}
