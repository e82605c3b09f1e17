package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer at its place in a network.
 *
 * @param name what the names of its tensors begin with in the network, such as {@code
 *     blocks.3.conv1}; for a layer without tensors, the name of the part it is in
 * @param layer what it is
 * @param input the shape of its input
 * @param output the shape of its output
 */
public record PlacedLayer(String name, Layer layer, FeatureShape input, FeatureShape output) {
  /** What the names of the head's tensors begin with. */
  static final String HEAD = "head";

  /**
   * Checks the components.
   *
   * @param name what the names of its tensors begin with
   * @param layer what it is
   * @param input the shape of its input
   * @param output the shape of its output
   * @throws IllegalArgumentException if the name cannot be shown
   */
  public PlacedLayer {
    Require.present("name", name);
    String unused = Names.require("the name of a layer", name, Names.MAX_KEPT);
    Require.present("layer", layer);
    Require.present("input", input);
    Require.present("output", output);
  }

  /** Places layers one after another into the part of that name. */
  static List<PlacedLayer> place(String part, List<Layer> layers, FeatureShape input) {
    List<PlacedLayer> placed = new ArrayList<>();
    FeatureShape shape = input;
    for (Layer layer : layers) {
      if (layer instanceof Layer.Dropout && !part.equals(HEAD)) {
        throw new InvalidInputException(
            part + ": dropout is for heads only, got " + layer + "; leave it out here");
      }
      String name = layer.name().isEmpty() ? part : part + "." + layer.name();
      FeatureShape output;
      try {
        output = layer.output(shape);
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(name + ": " + e.getMessage());
      }
      placed.add(new PlacedLayer(name, layer, shape, output));
      shape = output;
    }
    return List.copyOf(placed);
  }

  /** The shape after some layers, which is that before them if there is none. */
  static FeatureShape output(List<PlacedLayer> layers, FeatureShape input) {
    return layers.isEmpty() ? input : layers.get(layers.size() - 1).output();
  }

  /** {@return its tensors, by their names in the network} */
  public List<ParameterSpec> parameters() {
    return layer.parameters(input).stream()
        .map(tensor -> new ParameterSpec(tensor(tensor.name()), tensor.shape(), tensor.role()))
        .toList();
  }

  /**
   * {@return the name in the network of one of its tensors}
   *
   * @param tensor the tensor's name in the layer, such as {@code weight}
   */
  public String tensor(String tensor) {
    return name + "." + tensor;
  }

  /** {@return the multiplications of its convolutions or matrices for one image} */
  public long multiplyAccumulates() {
    return layer.multiplyAccumulates(input);
  }
}
