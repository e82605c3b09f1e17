package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A setting of a network that its tensors do not tell. */
enum Assumption {
  /** The step of the stem's first convolution. */
  STEM_STRIDE("1|2"),
  /** What pools behind the stem. */
  STEM_POOL("max|none"),
  /** What follows norms and stands between layers. */
  ACTIVATION("relu|relu6|leaky-relu|silu|gelu|gelu-tanh|hard-swish|sigmoid|hard-sigmoid"),
  /** The activation before images are 16 times smaller, where that is another. */
  EARLY_ACTIVATION("relu|relu6|leaky-relu|silu|gelu|gelu-tanh|hard-swish|sigmoid|hard-sigmoid"),
  /** What makes gates of the values of squeeze-and-excitation. */
  GATE("sigmoid|hard-sigmoid"),
  /** The epsilon of the norms. */
  EPS("a positive number", Assumption::positive),
  /** The epsilon of the last norm, where that is another. */
  HEAD_EPS("a positive number", Assumption::positive),
  /** Which convolution of a bottleneck has the block's stride. */
  BOTTLENECK_STRIDE("3x3|1x1"),
  /** What halves in place of a strided convolution. */
  ANTI_ALIAS("none|blur|avg"),
  /** The stride of each stage's first block. */
  STAGE_STRIDES("numbers such as 1x2x2x2", Assumption::numbers),
  /** The dilation of each stage. */
  DILATION("numbers such as 1x1x2x4", Assumption::numbers),
  /** What stands before the projections of shortcuts that halve. */
  SHORTCUT_POOL("avg|none"),
  /** On which sides convolutions are padded. */
  PADDING("symmetric"),
  /** What pools before the last layer. */
  GLOBAL_POOL("avg|max"),
  /** How many groups GroupNorm has. */
  NORM_GROUPS("a number", Assumption::number),
  /** The share of values that the head drops in training; without any there is no such layer. */
  DROPOUT("a number from 0, below 1", Assumption::probability),
  /** How many heads self-attention has. */
  HEADS("a number", Assumption::number),
  /** The height and width of the images that the network sees, in pixels. */
  IMAGE_SIZE("a number of pixels", Assumption::number),
  /** What the shortcuts of pre-activation transitions see. */
  SHORTCUT_INPUT("raw|activated");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern NUMBERS = Pattern.compile("[1-9][0-9]{0,2}(x[1-9][0-9]{0,2})*");
  private static final int MAX_LENGTH = 200;

  private final String possible;

  @SuppressWarnings("ImmutableEnumChecker") // Functions without a state.
  private final Predicate<String> fits;

  Assumption(String words) {
    this(words, List.of(words.split("\\|", -1))::contains);
  }

  Assumption(String possible, Predicate<String> fits) {
    this.possible = possible;
    this.fits = fits;
  }

  /** As users write it. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a key.
   *
   * @throws InvalidInputException if there is none such
   */
  static Assumption of(String key) {
    return Arrays.stream(values())
        .filter(assumption -> assumption.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "nothing named '%s' can be assumed; there are %s"
                        .formatted(Names.shorten(key), keys())));
  }

  private static String keys() {
    return Arrays.stream(values()).map(Assumption::key).collect(Collectors.joining(", "));
  }

  /**
   * Checks a value.
   *
   * @throws InvalidInputException if it is none that the setting can have
   */
  void check(String value) {
    if (value.length() > MAX_LENGTH || !fits.test(value)) {
      throw new InvalidInputException(
          "%s is %s, got '%s'".formatted(key(), possible, Names.shorten(value)));
    }
  }

  private static boolean number(String text) {
    return NUMBER.matcher(text).matches();
  }

  private static boolean numbers(String text) {
    return NUMBERS.matcher(text).matches();
  }

  private static boolean probability(String text) {
    try {
      double value = Double.parseDouble(text);
      return value >= 0 && value < 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean positive(String text) {
    try {
      double value = Double.parseDouble(text);
      return value > 0 && Float.isFinite((float) value);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
