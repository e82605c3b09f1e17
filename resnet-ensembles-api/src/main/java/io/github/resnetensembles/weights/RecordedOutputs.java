package io.github.resnetensembles.weights;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What another implementation of a network gave for some images, to compare with: the first output
 * that deviates names the block that was taken for another.
 *
 * @param source where it comes from, for people to read
 * @param input the images as the network sees them, normalised (and padded, if it pads them): (N,
 *     C, H, W)
 * @param outputs some of y_0 … y_n by their numbers, 0 being the stem's output: each (N, C, H, W),
 *     or (N, T, D) where these are tokens
 * @param logits (N, classes), if they are known
 */
public record RecordedOutputs(
    String source,
    NamedTensor input,
    Map<Integer, NamedTensor> outputs,
    Optional<NamedTensor> logits) {
  /**
   * Checks the components.
   *
   * @param source where it comes from
   * @param input the images as the network sees them
   * @param outputs some of y_0 … y_n by their numbers
   * @param logits of the images, if they are known
   * @throws IllegalArgumentException if the input is no (N, C, H, W), an output has another number
   *     of images or of dimensions, or there is nothing to compare
   */
  public RecordedOutputs {
    Require.present("source", source);
    source = Names.oneLine(source, Names.MAX_KEPT);
    Require.present("input", input);
    Require.present("logits", logits);
    outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
    if (input.shape().size() != 4 || input.shape().contains(0)) {
      throw new InvalidInputException(
          "input is the images (N, C, H, W), got the shape " + input.shape());
    }
    int images = input.shape().get(0);
    outputs.forEach(
        (number, output) -> {
          Require.atLeast(0, "the number of an output", number);
          requireImages("output " + number, output, images, List.of(3, 4));
        });
    logits.ifPresent(given -> requireImages("logits", given, images, List.of(2)));
    if (outputs.isEmpty() && logits.isEmpty()) {
      throw new InvalidInputException("there is no output to compare, only the input");
    }
  }

  private static void requireImages(
      String what, NamedTensor tensor, int images, List<Integer> dimensions) {
    if (!dimensions.contains(tensor.shape().size()) || tensor.shape().get(0) != images) {
      throw new InvalidInputException(
          "%s has the shape %s, but has to begin with %s images and have %s dimensions"
              .formatted(
                  what,
                  tensor.shape(),
                  images,
                  String.join(" or ", dimensions.stream().map(String::valueOf).toList())));
    }
  }

  /**
   * Reads a safetensors file with the tensors {@code input}, {@code logits} and any of {@code
   * stem}, {@code block.1}, {@code block.2} …
   *
   * @param file the file; treated as untrusted, like one of weights
   * @return its tensors
   * @throws InvalidWeightsException if it is damaged or no safetensors, has a tensor of another
   *     name, or tensors that do not fit each other; the message names the file
   * @throws FileAccessException if it cannot be read
   * @throws RunInterruptedException if the thread was interrupted
   */
  public static RecordedOutputs read(Path file) {
    try {
      return OutputsFile.read(file);
    } catch (IllegalArgumentException e) {
      throw new InvalidWeightsException(
          "%s: %s".formatted(Names.shorten(file.toString()), e.getMessage()), e);
    }
  }

  /** {@return the number of images, N} */
  public int images() {
    return input.shape().get(0);
  }
}
