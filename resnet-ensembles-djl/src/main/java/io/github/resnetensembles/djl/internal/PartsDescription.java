package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.InputSpec;
import java.util.List;
import java.util.Optional;

/**
 * What {@code model.json} says of a folder of TorchScript modules. Parts are named by their files,
 * as paths within the folder.
 *
 * @param input what the stem is fed with
 * @param stem from pixels to y_0
 * @param blocks in order
 * @param head from y_n to logits
 */
record PartsDescription(Input input, String stem, List<BlockFiles> blocks, String head) {
  /** A post function that needs no file. */
  static final String RELU = "relu";

  PartsDescription {
    if (blocks.isEmpty()) {
      throw new InvalidInputException("there are no blocks: name at least one branch");
    }
  }

  /**
   * The images, which are square.
   *
   * @param channels 1 or 3
   * @param size height and width in pixels
   * @param mean of each channel, of x/255
   * @param std of each channel, of x/255
   */
  record Input(int channels, int size, List<Double> mean, List<Double> std) {
    Input {
      InputSpec checked = new InputSpec(channels, size, size, 0, mean, std);
      mean = checked.mean();
      std = checked.std();
    }

    InputSpec spec() {
      return new InputSpec(channels, size, size, 0, mean, std);
    }
  }

  /**
   * One residual block.
   *
   * @param branch f
   * @param skip s, or none for the identity
   * @param post what follows the sum: a file, or {@value #RELU}
   */
  record BlockFiles(String branch, Optional<String> skip, Optional<String> post) {}

  static PartsDescription parse(String text, String what) {
    JsonNode node = JsonNode.parse(text, what).only("input", "stem", "blocks", "head");
    node.get("input").only("channels", "size", "mean", "std");
    node.get("blocks").list(block -> block.only("branch", "skip", "post"));
    return node.as(PartsDescription.class);
  }
}
