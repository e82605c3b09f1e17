package io.github.resnetensembles.network;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers after the last block, from y_n to the logits.
 *
 * @param layers in order; the last is linear, with one output for each class. None where the head
 *     is the user's own
 * @param classes the number of logits, at least 2
 */
public record HeadSpec(List<Layer> layers, int classes) {
  /**
   * Checks that the layers end in the logits.
   *
   * @param layers in order
   * @param classes the number of logits
   * @throws IllegalArgumentException if {@code classes} is below 2 or not what the last layer gives
   */
  public HeadSpec {
    Require.present("layers", layers);
    layers = List.copyOf(layers);
    if (classes < 2) {
      throw new InvalidInputException("a head has at least 2 classes, got " + classes);
    }
    if (!layers.isEmpty()
        && !(layers.get(layers.size() - 1) instanceof Layer.Linear last
            && last.outputs() == classes)) {
      throw new InvalidInputException(
          "a head's last layer is linear, with %s outputs, got %s"
              .formatted(classes, layers.get(layers.size() - 1)));
    }
  }

  /**
   * Global average pooling, then a linear layer: post-activation and plain networks.
   *
   * @param classes the number of logits, at least 2
   * @return the head
   */
  public static HeadSpec poolLinear(int classes) {
    return ending(List.of(new Layer.GlobalAveragePool()), "linear", classes);
  }

  /**
   * BatchNorm, ReLU, global average pooling, linear: pre-activation networks.
   *
   * @param classes the number of logits, at least 2
   * @return the head
   */
  public static HeadSpec normPoolLinear(int classes) {
    return ending(
        List.of(new Layer.BatchNorm("bn"), new Layer.Relu(), new Layer.GlobalAveragePool()),
        "linear",
        classes);
  }

  /**
   * Flatten, linear, BatchNorm, ReLU, linear: VGG.
   *
   * @param hidden the hidden width, at least 1
   * @param classes the number of logits, at least 2
   * @return the head
   */
  public static HeadSpec hiddenLinear(int hidden, int classes) {
    return ending(
        List.of(
            new Layer.Flatten(),
            new Layer.Linear("linear1", hidden),
            new Layer.BatchNorm("bn"),
            new Layer.Relu()),
        "linear2",
        classes);
  }

  /**
   * The user's own.
   *
   * @param classes the number of logits, at least 2
   * @return the head
   */
  public static HeadSpec opaque(int classes) {
    return new HeadSpec(List.of(), classes);
  }

  /**
   * Returns this head with another number of classes.
   *
   * @param classes at least 2
   * @return the changed copy
   */
  public HeadSpec withClasses(int classes) {
    return layers.isEmpty()
        ? opaque(classes)
        : ending(
            layers.subList(0, layers.size() - 1), layers.get(layers.size() - 1).name(), classes);
  }

  private static HeadSpec ending(List<Layer> before, String name, int classes) {
    List<Layer> layers = new ArrayList<>(before);
    layers.add(new Layer.Linear(name, Math.max(1, classes)));
    return new HeadSpec(layers, classes);
  }
}
