package io.github.resnetensembles.internal.training;

import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.TrainingProbe;
import java.util.function.BiFunction;

/** The library's own probes. */
public final class Probes {
  private record Named(String name, BiFunction<ResidualModel, ImageSet, String> study)
      implements TrainingProbe {
    @Override
    public String run(ResidualModel model, ImageSet images, int epoch) {
      return study.apply(model, images);
    }
  }

  private Probes() {}

  public static TrainingProbe of(String name, BiFunction<ResidualModel, ImageSet, String> study) {
    return new Named(name, study);
  }
}
