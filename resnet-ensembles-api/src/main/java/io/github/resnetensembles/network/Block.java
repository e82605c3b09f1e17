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
 * @param output the shape of y_i
 * @param parameters the trainable parameters of branch and shortcut (weights, BatchNorm scale and
 *     shift); 0 for an opaque block
 * @param multiplyAccumulates multiplications of the convolutions of branch and shortcut for one
 *     image; 0 for an opaque block
 */
public record Block(
    int number,
    BlockSpec spec,
    int stage,
    boolean transition,
    FeatureShape input,
    FeatureShape output,
    long parameters,
    long multiplyAccumulates) {
  /**
   * Checks the components.
   *
   * @param number from 1
   * @param spec its description
   * @param stage the number of its stage
   * @param transition whether it changes the shape
   * @param input the shape of y_{i-1}
   * @param output the shape of y_i
   * @param parameters the trainable parameters of branch and shortcut
   * @param multiplyAccumulates multiplications of the convolutions of branch and shortcut for one
   *     image
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Block {
    Require.present("spec", spec);
    Require.present("input", input);
    Require.present("output", output);
    Require.atLeast(1, "number", number);
    Require.atLeast(1, "stage", stage);
    Require.atLeast(0, "parameters", parameters);
    Require.atLeast(0, "multiplyAccumulates", multiplyAccumulates);
  }
}
