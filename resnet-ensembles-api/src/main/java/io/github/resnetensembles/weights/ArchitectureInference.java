package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import java.util.Map;

/** Finds the network that has these tensors, and what had to be assumed of it. */
final class ArchitectureInference {
  private ArchitectureInference() {}

  static Architecture infer(TensorNames.Recognised file, Assumptions assumptions) {
    Tensors tensors = new Tensors(file.tensors(), file.pooled());
    try {
      if (tensors.has("head.linear1.weight")
          && file.scheme().family() != NamingScheme.Family.PLAIN) {
        return vgg(file.tensors());
      }
      return switch (file.scheme().family()) {
        case RESIDUAL -> new ResidualInference(file, tensors, assumptions).build();
        case CONVNEXT -> ConvNextInference.build(file, tensors, assumptions);
        case TRANSFORMER -> TransformerInference.build(tensors, assumptions);
        case INVERTED -> InvertedInference.build(file, tensors, assumptions);
        case PLAIN -> PlainInference.build(tensors, assumptions);
      };
    } catch (InvalidWeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidWeightsException(
          "the tensors describe no network that can be built: " + e.getMessage() + Tensors.REMEDY,
          e);
    }
  }

  /** Where a VGG network pools, tensors do not tell: only the preset is recognised. */
  private static Architecture vgg(Map<String, StoredTensor> tensors) {
    Architecture preset = Architecture.of("vgg-15");
    StoredTensor last = tensors.get("head.linear2.weight");
    if (last == null || last.shape().size() != 2 || last.shape().get(0) == 10) {
      return preset;
    }
    return preset.toBuilder().classes(Math.max(2, last.shape().get(0))).build();
  }
}
