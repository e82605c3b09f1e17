package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * One layer of a stem, a block or a head, as data: its settings, the shapes of its tensors, its
 * cost. What it computes is the backends' part. Sizes are those of one image; height and width are
 * treated alike.
 *
 * <p>Closed: each kind is a record of this interface, and {@link PlacedLayer} puts one into a
 * network.
 */
public sealed interface Layer {
  /**
   * {@return the shape of the output}
   *
   * @param input the shape of the input
   * @throws IllegalArgumentException if the layer cannot take this input; the message says why
   */
  FeatureShape output(FeatureShape input);

  /**
   * {@return what the names of its tensors begin with, inside its stem, block or head, such as
   * {@code conv1}; empty if it has none}
   */
  default String name() {
    return "";
  }

  /**
   * {@return its tensors, named relative to the layer: {@code weight}, {@code bias} …}
   *
   * @param input the shape of the input
   */
  default List<ParameterSpec> parameters(FeatureShape input) {
    return List.of();
  }

  /**
   * {@return the multiplications of its convolutions or matrices for one image}
   *
   * @param input the shape of the input
   */
  default long multiplyAccumulates(FeatureShape input) {
    return 0;
  }

  /**
   * A two-dimensional convolution, padded with zeros. The output is floor((size + 2·padding -
   * dilation·(kernel - 1) - 1) / stride) + 1 pixels high and wide.
   *
   * @param name of its tensors: {@code weight} (channels, input channels / groups, kernel, kernel)
   *     and, with a bias, {@code bias} (channels)
   * @param channels the output channels
   * @param kernel the kernel's height and width
   * @param stride the step between output pixels
   * @param padding the rows and columns of zeros on each side, at most dilation·(kernel - 1)
   * @param dilation the step between the kernel's taps; 1 for an ordinary convolution
   * @param groups the number of groups into which both input and output channels are cut, each
   *     output seeing its own group only; 1 for an ordinary convolution
   * @param bias whether a bias is added
   */
  @JsonForm(kind = "convolution")
  record Convolution(
      String name,
      int channels,
      int kernel,
      int stride,
      int padding,
      int dilation,
      int groups,
      boolean bias)
      implements Layer {
    private static final int MOST = 4096;

    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param channels the output channels
     * @param kernel the kernel's height and width
     * @param stride the step between output pixels
     * @param padding the rows and columns of zeros on each side
     * @param dilation the step between the kernel's taps
     * @param groups the number of groups
     * @param bias whether a bias is added
     * @throws IllegalArgumentException if a setting is out of range, or groups do not divide
     *     channels
     */
    public Convolution {
      requireName(name);
      Require.atLeast(1, "channels", channels);
      Require.between(1, MOST, "kernel", kernel);
      Require.between(1, MOST, "stride", stride);
      Require.between(1, MOST, "dilation", dilation);
      Require.between(0, (long) dilation * (kernel - 1), "padding", padding);
      Require.atLeast(1, "groups", groups);
      if (channels % groups != 0) {
        throw new InvalidInputException(
            channels + " channels cannot be cut into " + groups + " groups of one size");
      }
    }

    /**
     * Creates the usual convolution: an odd kernel, padded by half of it, without bias.
     *
     * @param name of its tensors
     * @param channels the output channels
     * @param kernel the kernel's height and width, odd
     * @param stride the step between output pixels
     */
    public Convolution(String name, int channels, int kernel, int stride) {
      this(name, channels, kernel, stride, kernel / 2, 1, 1, false);
    }

    /** {@return whether the kernel has one tap only} */
    public boolean pointwise() {
      return kernel == 1;
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input.channels() % groups != 0) {
        throw new InvalidInputException(
            "its input has %s channels, which cannot be cut into %s groups of one size"
                .formatted(input.channels(), groups));
      }
      int span = dilation * (kernel - 1) + 1;
      return new FeatureShape(
          channels,
          pixels(input.height(), span, stride, padding, false),
          pixels(input.width(), span, stride, padding, false));
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      List<Integer> shape = List.of(channels, input.channels() / groups, kernel, kernel);
      ParameterSpec weight = new ParameterSpec("weight", shape, ParameterSpec.Role.CONVOLUTION);
      return bias
          ? List.of(
              weight,
              new ParameterSpec("bias", List.of(channels), ParameterSpec.Role.CONVOLUTION_BIAS))
          : List.of(weight);
    }

    @Override
    public long multiplyAccumulates(FeatureShape input) {
      return (long) output(input).size() * (input.channels() / groups) * kernel * kernel;
    }
  }

  /**
   * BatchNorm: (x - mean) / sqrt(variance + epsilon) · weight + bias in each channel.
   *
   * @param name of its tensors, (channels) each: {@code weight}, {@code bias}, {@code
   *     running_mean}, {@code running_var}
   * @param epsilon positive; empty if it is the {@link Architecture#batchNormEpsilon() network's}
   */
  @JsonForm(kind = "batch-norm", fields = "name epsilon?")
  record BatchNorm(String name, OptionalDouble epsilon) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param epsilon positive, or empty
     * @throws IllegalArgumentException if the name is empty or cannot be shown, or epsilon is not
     *     positive
     */
    public BatchNorm {
      requireName(name);
      Require.present("epsilon", epsilon);
      epsilon.ifPresent(Layer::requireEpsilon);
    }

    /**
     * Creates a BatchNorm with the network's epsilon.
     *
     * @param name of its tensors
     */
    public BatchNorm(String name) {
      this(name, OptionalDouble.empty());
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      List<Integer> shape = List.of(input.channels());
      return List.of(
          new ParameterSpec("weight", shape, ParameterSpec.Role.NORM_WEIGHT),
          new ParameterSpec("bias", shape, ParameterSpec.Role.NORM_BIAS),
          new ParameterSpec("running_mean", shape, ParameterSpec.Role.RUNNING_MEAN),
          new ParameterSpec("running_var", shape, ParameterSpec.Role.RUNNING_VARIANCE));
    }
  }

  /** max(0, x). */
  @JsonForm(kind = "relu")
  record Relu() implements Layer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }
  }

  /** A function of one value, by which layers transform each value on its own. */
  @JsonForm(lowerCase = true)
  enum Function {
    /** max(0, x). */
    RELU,
    /** min(max(0, x), 6). */
    RELU6,
    /** x · sigmoid(x), also called swish. */
    SILU,
    /** x · Φ(x), with the distribution function Φ of the standard normal distribution. */
    GELU,
    /** x · (1 + tanh(sqrt(2/π) · (x + 0.044715·x³))) / 2: the approximation of GELU. */
    GELU_TANH,
    /** x · min(max(0, x + 3), 6) / 6. */
    HARD_SWISH,
    /** min(max(0, x + 3), 6) / 6. */
    HARD_SIGMOID,
    /** 1 / (1 + exp(-x)). */
    SIGMOID;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /**
     * {@return the function at a place, in double precision; NaN at NaN}
     *
     * @param x the place
     */
    public double at(double x) {
      return switch (this) {
        case RELU -> Math.max(0, x);
        case RELU6 -> Math.min(Math.max(0, x), 6);
        case SILU -> x / (1 + StrictMath.exp(-x));
        case GELU -> x * NORMAL.cumulativeProbability(x);
        case GELU_TANH ->
            x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        case HARD_SWISH -> x * Math.min(Math.max(0, x + 3), 6) / 6;
        case HARD_SIGMOID -> Math.min(Math.max(0, x + 3), 6) / 6;
        case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      };
    }
  }

  /**
   * A function of each value.
   *
   * @param function which one; ReLU is a {@link Relu}
   */
  @JsonForm(kind = "activation")
  record ActivationFunction(Function function) implements Layer {
    /**
     * Checks the function.
     *
     * @param function which one
     * @throws IllegalArgumentException if it is ReLU, which has a record of its own
     */
    public ActivationFunction {
      Require.present("function", function);
      if (function == Function.RELU) {
        throw new InvalidInputException("ReLU is the layer 'relu', not an 'activation'");
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }
  }

  /**
   * x where that is positive, slope · x elsewhere.
   *
   * @param slope from 0 to 1
   */
  @JsonForm(kind = "leaky-relu")
  record LeakyRelu(double slope) implements Layer {
    /**
     * Checks the slope.
     *
     * @param slope from 0 to 1
     * @throws IllegalArgumentException if it is outside
     */
    public LeakyRelu {
      if (!(slope >= 0 && slope <= 1)) {
        throw new InvalidInputException(
            "the slope of a leaky ReLU lies between 0 and 1, got " + slope);
      }
      slope = Numbers.unsignedZero(slope);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }
  }

  /**
   * Max-pooling. The output is floor((size + 2·padding - kernel) / stride) + 1 pixels high and
   * wide, or the same rounded up.
   *
   * @param kernel the window's height and width
   * @param stride the step between windows
   * @param padding the rows and columns on each side that never are the maximum, at most kernel / 2
   * @param roundUp whether a last window that lies partly outside counts
   */
  @JsonForm(kind = "max-pool")
  record MaxPool(int kernel, int stride, int padding, boolean roundUp) implements Layer {
    /**
     * Checks the settings.
     *
     * @param kernel the window's height and width
     * @param stride the step between windows
     * @param padding the rows and columns on each side
     * @param roundUp whether a last window that lies partly outside counts
     * @throws IllegalArgumentException if a setting is out of range
     */
    public MaxPool {
      Require.between(1, Convolution.MOST, "kernel", kernel);
      Require.between(1, Convolution.MOST, "stride", stride);
      Require.between(0, kernel / 2, "padding", padding);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(
          input.channels(),
          pixels(input.height(), kernel, stride, padding, roundUp),
          pixels(input.width(), kernel, stride, padding, roundUp));
    }
  }

  /**
   * Average pooling. The output is floor((size + 2·padding - kernel) / stride) + 1 pixels high and
   * wide, or the same rounded up.
   *
   * @param kernel the window's height and width
   * @param stride the step between windows
   * @param padding the rows and columns of zeros on each side, at most kernel / 2
   * @param roundUp whether a last window that lies partly outside counts
   * @param countPadding whether the zeros count in the mean; what lies beyond them never does
   */
  @JsonForm(kind = "average-pool")
  record AveragePool(int kernel, int stride, int padding, boolean roundUp, boolean countPadding)
      implements Layer {
    /**
     * Checks the settings.
     *
     * @param kernel the window's height and width
     * @param stride the step between windows
     * @param padding the rows and columns of zeros on each side
     * @param roundUp whether a last window that lies partly outside counts
     * @param countPadding whether the zeros count in the mean
     * @throws IllegalArgumentException if a setting is out of range
     */
    public AveragePool {
      Require.between(1, Convolution.MOST, "kernel", kernel);
      Require.between(1, Convolution.MOST, "stride", stride);
      Require.between(0, kernel / 2, "padding", padding);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(
          input.channels(),
          pixels(input.height(), kernel, stride, padding, roundUp),
          pixels(input.width(), kernel, stride, padding, roundUp));
    }
  }

  /**
   * Blur pooling (Zhang 2019): each channel is filtered with the 3x3 kernel (1, 2, 1) × (1, 2, 1) /
   * 16, padded by one pixel's reflection, and every stride-th pixel kept. The output is floor((size
   * - 1) / stride) + 1 pixels high and wide.
   *
   * @param stride the step between output pixels
   */
  @JsonForm(kind = "blur-pool")
  record BlurPool(int stride) implements Layer {
    /**
     * Checks the stride.
     *
     * @param stride the step between output pixels
     * @throws IllegalArgumentException if it is out of range
     */
    public BlurPool {
      Require.between(1, Convolution.MOST, "stride", stride);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input.height() < 2 || input.width() < 2) {
        throw new InvalidInputException(
            "blur pooling reflects images of at least 2x2 pixels, not " + input);
      }
      return new FeatureShape(
          input.channels(),
          pixels(input.height(), 3, stride, 1, false),
          pixels(input.width(), 3, stride, 1, false));
    }
  }

  /**
   * Squeeze-and-excitation (Hu et al. 2018): each channel times a gate that sees the means of all,
   * x · gate(W2 · inner(W1 · mean(x) + b1) + b2).
   *
   * @param name of its tensors, those of two 1x1 convolutions: {@code fc1.weight} (squeezed,
   *     channels, 1, 1), {@code fc1.bias} (squeezed), {@code fc2.weight} (channels, squeezed, 1,
   *     1), {@code fc2.bias} (channels)
   * @param squeezed how many values are between the two
   * @param inner what follows the first
   * @param gate what follows the second
   */
  @JsonForm(kind = "squeeze-excitation")
  record SqueezeExcitation(String name, int squeezed, Function inner, Function gate)
      implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param squeezed how many values are between the two convolutions
     * @param inner what follows the first
     * @param gate what follows the second
     * @throws IllegalArgumentException if nothing is between
     */
    public SqueezeExcitation {
      requireName(name);
      Require.atLeast(1, "squeezed", squeezed);
      Require.present("inner", inner);
      Require.present("gate", gate);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      int channels = input.channels();
      return List.of(
          new ParameterSpec(
              "fc1.weight", List.of(squeezed, channels, 1, 1), ParameterSpec.Role.LINEAR_WEIGHT),
          new ParameterSpec("fc1.bias", List.of(squeezed), ParameterSpec.Role.LINEAR_BIAS),
          new ParameterSpec(
              "fc2.weight", List.of(channels, squeezed, 1, 1), ParameterSpec.Role.LINEAR_WEIGHT),
          new ParameterSpec("fc2.bias", List.of(channels), ParameterSpec.Role.LINEAR_BIAS));
    }

    @Override
    public long multiplyAccumulates(FeatureShape input) {
      return 2L * input.channels() * squeezed;
    }
  }

  /**
   * Efficient channel attention (Wang et al. 2020): each channel times the sigmoid of what a
   * one-dimensional convolution along the channels makes of their means, padded with zeros.
   *
   * @param name of its tensor: {@code conv.weight} (1, 1, kernel)
   * @param kernel how many neighbouring channels the gate sees, odd
   */
  @JsonForm(kind = "channel-attention")
  record ChannelAttention(String name, int kernel) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensor
     * @param kernel how many neighbouring channels the gate sees
     * @throws IllegalArgumentException if the kernel is not odd
     */
    public ChannelAttention {
      requireName(name);
      Require.between(1, Convolution.MOST, "kernel", kernel);
      if (kernel % 2 == 0) {
        throw new InvalidInputException("the kernel of a channel attention is odd, got " + kernel);
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return List.of(
          new ParameterSpec(
              "conv.weight", List.of(1, 1, kernel), ParameterSpec.Role.LINEAR_WEIGHT));
    }

    @Override
    public long multiplyAccumulates(FeatureShape input) {
      return (long) input.channels() * kernel;
    }
  }

  /**
   * Layer scale (Touvron et al. 2021): each channel times a parameter.
   *
   * @param name of its tensor: {@code weight} (channels)
   */
  @JsonForm(kind = "layer-scale")
  record LayerScale(String name) implements Layer {
    /**
     * Checks the name.
     *
     * @param name of its tensor
     * @throws IllegalArgumentException if it is empty or cannot be shown
     */
    public LayerScale {
      requireName(name);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return List.of(
          new ParameterSpec("weight", List.of(input.channels()), ParameterSpec.Role.NORM_WEIGHT));
    }
  }

  /**
   * GroupNorm (Wu and He 2018): (x - mean) / sqrt(variance + epsilon) · weight + bias, with mean
   * and variance of one image's values in a group of channels, the variance being the biased one.
   *
   * @param name of its tensors, (channels) each: {@code weight}, {@code bias}
   * @param groups the number of groups into which the channels are cut; 1 for all values of an
   *     image together
   * @param epsilon positive
   */
  @JsonForm(kind = "group-norm")
  record GroupNorm(String name, int groups, double epsilon) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param groups the number of groups
     * @param epsilon positive
     * @throws IllegalArgumentException if a setting is out of range
     */
    public GroupNorm {
      requireName(name);
      Require.atLeast(1, "groups", groups);
      requireEpsilon(epsilon);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input.channels() % groups != 0) {
        throw new InvalidInputException(
            "its input has %s channels, which cannot be cut into %s groups of one size"
                .formatted(input.channels(), groups));
      }
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return scaleAndShift(input);
    }
  }

  /**
   * LayerNorm over channels (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon) · weight +
   * bias, with mean and variance of the channels at one pixel, the variance being the biased one.
   *
   * @param name of its tensors, (channels) each: {@code weight}, {@code bias}
   * @param epsilon positive
   */
  @JsonForm(kind = "layer-norm")
  record LayerNorm(String name, double epsilon) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param epsilon positive
     * @throws IllegalArgumentException if a setting is out of range
     */
    public LayerNorm {
      requireName(name);
      requireEpsilon(epsilon);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return scaleAndShift(input);
    }
  }

  /** The maximum of each channel over its pixels: (C, H, W) to (C, 1, 1). */
  @JsonForm(kind = "global-max-pool")
  record GlobalMaxPool() implements Layer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(input.channels(), 1, 1);
    }
  }

  /** The mean of each channel over its pixels: (C, H, W) to (C, 1, 1). */
  @JsonForm(kind = "global-average-pool")
  record GlobalAveragePool() implements Layer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(input.channels(), 1, 1);
    }
  }

  /**
   * The pixels of an image, row by row, as tokens: (C, H, W) to (C, H·W, 1). Behind a convolution
   * whose stride is its kernel it makes a vision transformer's patch embedding.
   */
  @JsonForm(kind = "tokens")
  record Tokens() implements Layer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(input.channels(), input.height() * input.width(), 1);
    }
  }

  /**
   * A token that is a parameter, put before the others: (D, T, 1) to (D, T + 1, 1).
   *
   * @param name of its tensor: {@code weight} (1, 1, D)
   */
  @JsonForm(kind = "class-token")
  record ClassToken(String name) implements Layer {
    /**
     * Checks the name.
     *
     * @param name of its tensor
     * @throws IllegalArgumentException if it is empty or cannot be shown
     */
    public ClassToken {
      requireName(name);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      requireTokens(input);
      return new FeatureShape(input.channels(), input.height() + 1, 1);
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return List.of(
          new ParameterSpec(
              "weight", List.of(1, 1, input.channels()), ParameterSpec.Role.EMBEDDING));
    }
  }

  /**
   * A parameter added to each value of each token: it fixes the number of tokens.
   *
   * @param name of its tensor: {@code weight} (1, T, D); of an image the pixels, row by row, are
   *     the tokens
   */
  @JsonForm(kind = "position-embedding")
  record PositionEmbedding(String name) implements Layer {
    /**
     * Checks the name.
     *
     * @param name of its tensor
     * @throws IllegalArgumentException if it is empty or cannot be shown
     */
    public PositionEmbedding {
      requireName(name);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      int tokens = input.height() * input.width();
      return List.of(
          new ParameterSpec(
              "weight", List.of(1, tokens, input.channels()), ParameterSpec.Role.EMBEDDING));
    }
  }

  /**
   * Multi-head self-attention (Vaswani et al. 2017) among the pixels or tokens of an image: with
   * the rows Q, K, V of qkv · x + bias, cut into heads of d channels each, a head gives softmax(Q ·
   * Kᵀ / sqrt(d)) · V, and all heads side by side go through proj.
   *
   * @param name of its tensors: {@code qkv.weight} (3·channels, channels), with a bias {@code
   *     qkv.bias} (3·channels), {@code proj.weight} (channels, channels), {@code proj.bias}
   *     (channels)
   * @param heads into how many groups the channels are cut
   * @param bias whether Q, K and V have a bias
   */
  @JsonForm(kind = "self-attention")
  record SelfAttention(String name, int heads, boolean bias) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param heads into how many groups the channels are cut
     * @param bias whether Q, K and V have a bias
     * @throws IllegalArgumentException if there is no head
     */
    public SelfAttention {
      requireName(name);
      Require.atLeast(1, "heads", heads);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input.channels() % heads != 0) {
        throw new InvalidInputException(
            "its input has %s channels, which cannot be cut into %s heads of one size"
                .formatted(input.channels(), heads));
      }
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      int channels = input.channels();
      List<ParameterSpec> tensors = new ArrayList<>();
      tensors.add(
          new ParameterSpec(
              "qkv.weight", List.of(3 * channels, channels), ParameterSpec.Role.LINEAR_WEIGHT));
      if (bias) {
        tensors.add(
            new ParameterSpec("qkv.bias", List.of(3 * channels), ParameterSpec.Role.LINEAR_BIAS));
      }
      tensors.add(
          new ParameterSpec(
              "proj.weight", List.of(channels, channels), ParameterSpec.Role.LINEAR_WEIGHT));
      tensors.add(
          new ParameterSpec("proj.bias", List.of(channels), ParameterSpec.Role.LINEAR_BIAS));
      return tensors;
    }

    @Override
    public long multiplyAccumulates(FeatureShape input) {
      long tokens = (long) input.height() * input.width();
      long channels = input.channels();
      return 4 * tokens * channels * channels + 2 * tokens * tokens * channels;
    }
  }

  /**
   * Some of the tokens: (D, T, 1) to (D, count, 1).
   *
   * @param first the first that is kept, from 0
   * @param count how many are kept
   */
  @JsonForm(kind = "token-selection")
  record TokenSelection(int first, int count) implements Layer {
    /**
     * Checks the range.
     *
     * @param first the first that is kept
     * @param count how many are kept
     * @throws IllegalArgumentException if a number is out of range
     */
    public TokenSelection {
      Require.atLeast(0, "first", first);
      Require.atLeast(1, "count", count);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      requireTokens(input);
      if ((long) first + count > input.height()) {
        throw new InvalidInputException(
            "it selects the tokens %s to %s, but there are %s"
                .formatted(first, (long) first + count - 1, input.height()));
      }
      return new FeatureShape(input.channels(), count, 1);
    }
  }

  /** All values of an image as one row: (C, H, W) to (C·H·W, 1, 1). */
  @JsonForm(kind = "flatten")
  record Flatten() implements Layer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return new FeatureShape(input.size(), 1, 1);
    }
  }

  /**
   * Dropout (Srivastava et al. 2014), in heads only and in training only: a value becomes 0 with
   * the probability p, and x / (1 - p) otherwise. It is the identity wherever a network is
   * evaluated or differentiated. Which values are dropped is a function of the training's seed, the
   * step, the layer's place in the head, the image in the batch and the value.
   *
   * @param probability p, in [0, 1)
   */
  @JsonForm(kind = "dropout")
  record Dropout(double probability) implements Layer {
    /**
     * Checks the probability.
     *
     * @param probability p, in [0, 1)
     * @throws IllegalArgumentException if it is outside
     */
    public Dropout {
      if (!(probability >= 0 && probability < 1)) {
        throw new InvalidInputException(
            "the probability of dropout lies in [0, 1), got " + probability);
      }
      probability = Numbers.unsignedZero(probability);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }
  }

  /**
   * A linear layer on images of one pixel.
   *
   * @param name of its tensors: {@code weight} (outputs, inputs) and {@code bias} (outputs)
   * @param outputs the output features
   */
  @JsonForm(kind = "linear")
  record Linear(String name, int outputs) implements Layer {
    /**
     * Checks the settings.
     *
     * @param name of its tensors
     * @param outputs the output features
     * @throws IllegalArgumentException if there is no output
     */
    public Linear {
      requireName(name);
      Require.atLeast(1, "outputs", outputs);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input.height() != 1 || input.width() != 1) {
        throw new InvalidInputException(
            "a linear layer takes images of one pixel, not " + input + ": pool or flatten before");
      }
      return new FeatureShape(outputs, 1, 1);
    }

    @Override
    public List<ParameterSpec> parameters(FeatureShape input) {
      return List.of(
          new ParameterSpec(
              "weight", List.of(outputs, input.channels()), ParameterSpec.Role.LINEAR_WEIGHT),
          new ParameterSpec("bias", List.of(outputs), ParameterSpec.Role.LINEAR_BIAS));
    }

    @Override
    public long multiplyAccumulates(FeatureShape input) {
      return (long) input.channels() * outputs;
    }
  }

  /**
   * The parameter-free shortcut (option A): keeps every stride-th pixel and adds channels of zeros.
   *
   * @param channels the output channels, at least the input's
   * @param stride the step between kept pixels
   * @param even whether half of the new channels come before the old ones (the smaller half),
   *     instead of all after them
   */
  @JsonForm(kind = "zero-padding")
  record ZeroPadding(int channels, int stride, boolean even) implements Layer {
    /**
     * Checks the settings.
     *
     * @param channels the output channels
     * @param stride the step between kept pixels
     * @param even whether half of the new channels come before the old ones
     * @throws IllegalArgumentException if a number is out of range
     */
    public ZeroPadding {
      Require.atLeast(1, "channels", channels);
      Require.between(1, Convolution.MOST, "stride", stride);
    }

    /**
     * {@return how many of the new channels come before the old ones}
     *
     * @param input the shape of the input
     */
    public int before(FeatureShape input) {
      return even ? (channels - input.channels()) / 2 : 0;
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (channels < input.channels()) {
        throw new InvalidInputException(
            "zero-padding cannot remove channels (%s to %s): use a projection"
                .formatted(input.channels(), channels));
      }
      return new FeatureShape(
          channels,
          pixels(input.height(), 1, stride, 0, false),
          pixels(input.width(), 1, stride, 0, false));
    }
  }

  /**
   * The first channels: what stands in for a plain block that lessens them.
   *
   * @param channels how many are kept
   */
  @JsonForm(kind = "first-channels")
  record FirstChannels(int channels) implements Layer {
    /**
     * Checks the number.
     *
     * @param channels how many are kept
     * @throws IllegalArgumentException if none is
     */
    public FirstChannels {
      Require.atLeast(1, "channels", channels);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (channels > input.channels()) {
        throw new InvalidInputException(
            "it keeps %s channels of an input of %s: use zero-padding"
                .formatted(channels, input.channels()));
      }
      return new FeatureShape(channels, input.height(), input.width());
    }
  }

  private static void requireTokens(FeatureShape input) {
    if (input.width() != 1) {
      throw new InvalidInputException(
          "its input is (D, T, 1), tokens of D values each, not " + input);
    }
  }

  private static List<ParameterSpec> scaleAndShift(FeatureShape input) {
    List<Integer> shape = List.of(input.channels());
    return List.of(
        new ParameterSpec("weight", shape, ParameterSpec.Role.NORM_WEIGHT),
        new ParameterSpec("bias", shape, ParameterSpec.Role.NORM_BIAS));
  }

  private static void requireEpsilon(double epsilon) {
    if (!(epsilon > 0) || !Double.isFinite(epsilon)) {
      throw new InvalidInputException("an epsilon is a positive number, got " + epsilon);
    }
  }

  private static void requireName(String name) {
    Require.present("name", name);
    if (name.isBlank()) {
      throw new InvalidInputException("a layer with tensors needs a name");
    }
    String unused = Names.require("the name of a layer", name, Names.MAX_KEPT / 2);
  }

  /** How many windows fit; with {@code up}, a last one may lie partly outside. */
  private static int pixels(int size, long span, int stride, int padding, boolean up) {
    long free = size + 2L * padding - span;
    if (free < 0 && !up) {
      throw new InvalidInputException(
          "its window of %s pixels is larger than its input of %s, padded by %s"
              .formatted(span, size, padding));
    }
    // A window that is rounded up begins inside the image or its padding before it.
    return Math.toIntExact(
        up
            ? Math.min(Math.floorDiv(free + stride - 1, stride), (size + padding - 1L) / stride) + 1
            : free / stride + 1);
  }
}
