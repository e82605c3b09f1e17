package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.Require;

/**
 * What an {@link Architecture} knows of one of its blocks.
 *
 * @param number from 1
 * @param spec its description
 * @param stage the number of its stage, from 1; a stage begins at block 1 and at every block that
 *     changes the shape
 * @param transition whether it changes the shape (it begins a stage whose shape differs)
 * @param input the shape of y_{i-1}
 * @param sum the shape of skip connection plus branch, before post
 * @param output the shape of y_i
 * @param layers its layers at their places; none for an opaque block
 */
public record Block(
    int number,
    BlockSpec spec,
    int stage,
    boolean transition,
    FeatureShape input,
    FeatureShape sum,
    FeatureShape output,
    BlockLayers layers) {
  /**
   * Checks the components.
   *
   * @param number from 1
   * @param spec its description
   * @param stage the number of its stage
   * @param transition whether it changes the shape
   * @param input the shape of y_{i-1}
   * @param sum the shape of skip connection plus branch
   * @param output the shape of y_i
   * @param layers its layers at their places
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Block {
    Require.present("spec", spec);
    Require.present("input", input);
    Require.present("sum", sum);
    Require.present("output", output);
    Require.present("layers", layers);
    Require.atLeast(1, "number", number);
    Require.atLeast(1, "stage", stage);
  }

  /**
   * {@return the trainable parameters of branch and skip connection (weights, biases, BatchNorm
   * scale and shift); 0 for an opaque block}
   */
  public long parameters() {
    return layers
        .all()
        .flatMap(layer -> layer.parameters().stream())
        .filter(parameter -> parameter.role().trainable())
        .mapToLong(ParameterSpec::count)
        .sum();
  }

  /**
   * {@return multiplications of the convolutions of branch and skip connection for one image; 0 for
   * an opaque block}
   */
  public long multiplyAccumulates() {
    return layers.all().mapToLong(PlacedLayer::multiplyAccumulates).sum();
  }
}
