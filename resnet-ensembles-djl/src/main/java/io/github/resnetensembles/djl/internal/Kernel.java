package io.github.resnetensembles.djl.internal;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Layers.Channels;
import io.github.resnetensembles.network.Layer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of a convolution, as a forward script takes them. */
sealed interface Kernel {
  /**
   * Writes the convolution.
   *
   * @param bias (out), or null
   * @return a value that the script has made for one use
   */
  String convolve(ScriptText text, String input, Layer.Convolution layer, @Nullable NDArray bias);

  /**
   * Weights as they are, for the engine's ordinary operator.
   *
   * @param weight (out, in / groups, k, k)
   */
  record Plain(NDArray weight) implements Kernel {
    @Override
    public String convolve(
        ScriptText text, String input, Layer.Convolution layer, @Nullable NDArray bias) {
      return Layers.convolve(text, input, layer, weight, bias);
    }
  }

  /**
   * Weights in the layout that oneDNN computes with, for its own operator. That could apply ReLU
   * while it writes the output, but would make 0 of NaN.
   *
   * @param parts the weights of each range of output channels; not to be read
   */
  record Packed(List<Part> parts) implements Kernel {
    /** The weights of some output channels. */
    record Part(Channels channels, NDArray weight) {}

    public Packed {
      parts = List.copyOf(parts);
    }

    @Override
    public String convolve(
        ScriptText text, String input, Layer.Convolution layer, @Nullable NDArray bias) {
      String pixels = Layers.pixelsFor(text, input, layer);
      List<String> outputs = new ArrayList<>();
      for (Part part : parts) {
        outputs.add(
            text.let(
                ("ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, %s, %s, %s, \"none\","
                        + " annotate(List[Optional[number]], []), \"\")")
                    .formatted(
                        pixels,
                        text.weight(part.weight()),
                        biasOf(text, part, bias),
                        Layers.pair(layer.padding()),
                        Layers.pair(Layers.strideOver(layer)),
                        Layers.pair(layer.dilation()),
                        layer.groups())));
      }
      return outputs.size() == 1
          ? outputs.get(0)
          : text.let(outputs.stream().collect(joining(", ", "torch.cat([", "], 1)")));
    }

    private String biasOf(ScriptText text, Part part, @Nullable NDArray bias) {
      if (bias == null) {
        return "None";
      }
      String all = text.weight(bias);
      return parts.size() == 1 ? all : part.channels().of(all, 0);
    }
  }
}
