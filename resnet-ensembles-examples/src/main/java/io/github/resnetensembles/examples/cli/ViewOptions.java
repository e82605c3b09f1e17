package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.model.ResidualModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The damage of the one network that a command looks at: flags combine in the order given. */
final class ViewOptions {
  @ArgGroup(exclusive = true, multiplicity = "0..*", heading = "Lesions, in the order given:%n")
  private List<LesionFlag> flags = new ArrayList<>();

  @Option(
      names = "--reference",
      paramLabel = "FILE|DIR|builtin",
      description =
          "Images for --replace-mean and --resample (default: the evaluated images themselves).")
  private @Nullable String reference;

  /** Checks that the flags make one network, before anything is read. */
  void check() {
    if (reference != null && flags.stream().noneMatch(LesionFlag::takesReference)) {
      throw new InvalidInputException(
          "--reference needs --replace-mean or --resample: other lesions take no images");
    }
    for (LesionFlag flag : flags) {
      flag.sweep()
          .ifPresent(
              sweep -> {
                throw new InvalidInputException(
                    "%s damages a network in many ways, and one is evaluated; name blocks, or use the command lesion"
                        .formatted(sweep.words()));
              });
      flag.check();
    }
  }

  /** The view with the damage; the model itself if there is none. */
  ResidualModel of(ResidualModel model, ImageSet images, DataOptions data, long seed) {
    if (flags.isEmpty()) {
      return model;
    }
    ImageSet source = reference == null ? images : data.reference(reference, model.architecture());
    Lesion lesion =
        Lesion.sequence(
            flags.stream().map(flag -> flag.lesion(() -> ReferenceSet.of(source), seed)).toList());
    return lesion.takesReference() ? model.withLesion(lesion, source) : model.withLesion(lesion);
  }
}
