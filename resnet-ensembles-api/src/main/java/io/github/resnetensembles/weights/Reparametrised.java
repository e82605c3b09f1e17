package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.Set;

/** Recognises tensors that are not weights but what PyTorch computes weights from. */
final class Reparametrised {
  private static final String NEW = ".parametrizations.";

  private Reparametrised() {}

  /**
   * Refuses such tensors, says what they are and how to save the weights themselves.
   *
   * @param names of all tensors
   */
  static void check(Set<String> names) {
    for (String name : names) {
      int at = name.indexOf(NEW);
      if (at >= 0) {
        String layer = name.substring(0, at);
        String parameter = name.substring(at + NEW.length()).replaceFirst("\\..*", "");
        throw refused(
            name,
            "PyTorch's parametrizations (weight or spectral norm)",
            "torch.nn.utils.parametrize.remove_parametrizations(layer, '" + parameter + "')",
            layer);
      }
      if (name.endsWith("_g") && names.contains(stem(name) + "_v")) {
        throw refused(
            name + "' and '" + stem(name) + "_v",
            "weight normalisation",
            "torch.nn.utils.remove_weight_norm(layer)",
            layer(name));
      }
      if (name.endsWith("_orig") && names.contains(stem(name) + "_mask")) {
        throw refused(
            name + "' and '" + stem(name) + "_mask",
            "pruning",
            "torch.nn.utils.prune.remove(layer, '" + parameter(name) + "')",
            layer(name));
      }
      if (name.endsWith("_orig") && names.contains(stem(name) + "_u")) {
        throw refused(
            name + "' and '" + stem(name) + "_u",
            "spectral normalisation",
            "torch.nn.utils.remove_spectral_norm(layer)",
            layer(name));
      }
    }
  }

  private static String stem(String name) {
    return name.substring(0, name.lastIndexOf('_'));
  }

  private static String layer(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static String parameter(String name) {
    return stem(name).substring(name.lastIndexOf('.') + 1);
  }

  private static InvalidWeightsException refused(
      String tensors, String kind, String remedy, String layer) {
    return new InvalidWeightsException(
        ("the tensors '%s' are those of %s, from which the weight of '%s' is computed;"
                + " call %s for each such layer and save the state dict again")
            .formatted(Names.shorten(tensors), kind, Names.shorten(layer), remedy));
  }
}
