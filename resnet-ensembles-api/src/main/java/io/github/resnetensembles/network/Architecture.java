package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An immutable description of a network: its input, stem, blocks and head. Two architectures are
 * equal if their descriptions are, whatever their names.
 *
 * <p>Presets are {@linkplain #of found by name} or by depth; {@link #toBuilder()} changes one.
 *
 * <p>Implemented by this library alone.
 */
@MappedBy(ArchitectureJson.class)
public interface Architecture {
  /**
   * Finds a preset by name.
   *
   * @param name {@code resnet-N}, {@code preresnet-N}, {@code plain-N} (N = 6n+2, from 8), {@code
   *     resnet-bottleneck-N}, {@code preresnet-bottleneck-N} (N = 9n+2, from 11), {@code vgg-15},
   *     {@code imagenet-resnet-18|34|50|101|152}, {@code imagenet-preresnet-200}; {@code
   *     cifar-resnet-18|34|50|101|152} (64 to 512 channels), {@code cifar-preresnet-18}, {@code
   *     wide-resnet-D-K} (D = 6n+4, from 10), {@code resnext-29-8x64}, {@code
   *     imagenet-resnext-50-32x4}, {@code imagenet-wide-resnet-50-2}, {@code imagenet-resnet-d-50},
   *     {@code imagenet-se-resnet-50}, {@code convnext-atto|tiny}, {@code vit-ti|s|b-PATCH-SIZE}
   *     (such as {@code vit-ti-16-224}), {@code efficientnet-b0}, {@code mobilenet-v2}, and the
   *     plain {@code alexnet}, {@code vgg-16}, {@code vgg-16-bn}
   * @return the preset
   * @throws IllegalArgumentException if there is none of that name; the message lists the names
   */
  static Architecture of(String name) {
    return Presets.of(name);
  }

  /**
   * The post-activation CIFAR ResNet of He et al. 2015: 16, 32, 64 channels, three stages, basic
   * blocks, shortcuts zero-padded evenly, 10 classes.
   *
   * @param depth 6n+2, from 8 (20, 32, 44, 56, 110, 1202 …)
   * @return the preset {@code resnet-N}
   * @throws IllegalArgumentException if the depth is not of that form
   */
  static Architecture resnet(int depth) {
    return of("resnet-" + depth);
  }

  /**
   * The pre-activation CIFAR ResNet of He et al. 2016, the paper's own kind: shortcuts zero-padded
   * at the end, BatchNorm after the stem and in block 1.
   *
   * @param depth 6n+2, from 8
   * @return the preset {@code preresnet-N}
   * @throws IllegalArgumentException if the depth is not of that form
   */
  static Architecture preResnet(int depth) {
    return of("preresnet-" + depth);
  }

  /**
   * {@link #resnet} without its skip connections.
   *
   * @param depth 6n+2, from 8
   * @return the preset {@code plain-N}
   * @throws IllegalArgumentException if the depth is not of that form
   */
  static Architecture plain(int depth) {
    return of("plain-" + depth);
  }

  /**
   * Starts a description from nothing: a CIFAR input and stem, no block, a pooling head of 10
   * classes.
   *
   * @param name what results call the network, not blank
   * @return a builder
   */
  static Builder builder(String name) {
    return ArchitectureBuilder.create(name);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal architecture
   * @throws InvalidJsonException if the text is not such a description; the message says where
   */
  static Architecture fromJson(String json) {
    return JsonNode.parse(json, "the architecture").as(Architecture.class);
  }

  /** {@return what results call the network} */
  String name();

  /** {@return what the stem is fed with} */
  InputSpec input();

  /** {@return the layers before block 1} */
  StemSpec stem();

  /** {@return the blocks' descriptions, in order} */
  List<BlockSpec> blockSpecs();

  /** {@return the layers after the last block} */
  HeadSpec head();

  /** {@return the epsilon of every BatchNorm: 1e-5 in the presets, 1e-3 in VGG} */
  double batchNormEpsilon();

  /** {@return the number of blocks, n} */
  int size();

  /**
   * Returns one block with what follows from its place.
   *
   * @param number from 1 to n
   * @return the block
   * @throws InvalidLesionException if there is no such block
   */
  Block block(int number);

  /** {@return all blocks, in order} */
  List<Block> blocks();

  /** {@return the stages: the numbers of each run of blocks with one output shape} */
  List<List<Integer>> stages();

  /** {@return the numbers of the blocks that change the shape} */
  Set<Integer> transitions();

  /** {@return whether no block has a skip connection} */
  boolean plain();

  /** {@return whether some block is the user's own, known by its shapes only} */
  boolean opaque();

  /** {@return the stem's layers at their places; none of an opaque network} */
  List<PlacedLayer> stemLayers();

  /** {@return the head's layers at their places; none of an opaque network} */
  List<PlacedLayer> headLayers();

  /** {@return all layers at their places: stem, blocks, head; none of an opaque network} */
  Stream<PlacedLayer> layers();

  /** {@return the shape of y_0} */
  FeatureShape stemOutput();

  /** {@return the shape of y_n} */
  FeatureShape finalOutput();

  /**
   * {@return every tensor of the network, in the order stem, blocks, head; none for opaque blocks,
   * and none at all for a network that has one}
   */
  List<ParameterSpec> parameters();

  /** {@return the trainable parameters of the whole network; 0 if it is opaque} */
  long parameterCount();

  /**
   * {@return multiplications of all convolutions and linear layers for one image; 0 if it is
   * opaque}
   */
  long multiplyAccumulates();

  /** {@return a builder that starts from this description} */
  Builder toBuilder();

  /** {@return this description as JSON, one line} */
  String toJson();

  /** A description in the making. Immutable: every setting returns a changed copy. */
  interface Builder {
    /**
     * Sets the name.
     *
     * @param name not blank
     * @return the changed copy
     */
    Builder name(String name);

    /**
     * Sets the input.
     *
     * @param input the new one
     * @return the changed copy
     */
    Builder input(InputSpec input);

    /**
     * Sets the input normalisation.
     *
     * @param mean per channel, of x/255
     * @param std per channel, of x/255, positive
     * @return the changed copy
     */
    Builder normalisation(List<Double> mean, List<Double> std);

    /**
     * Sets the input and the number of classes to those of a data set. Images smaller than 32
     * pixels are padded, as evenly as whole pixels on all sides allow, to 32 at least (MNIST's
     * digits by 2). Where the number of channels changes, so does the normalisation: to MNIST's
     * mean .1307 and std .3081 for one channel, to {@code resnet-N}'s for three.
     *
     * @param images what the network will be trained on
     * @return the changed copy
     */
    Builder fitting(ImageSet images);

    /**
     * Sets the stem.
     *
     * @param stem the new one
     * @return the changed copy
     */
    Builder stem(StemSpec stem);

    /**
     * Sets the blocks.
     *
     * @param blocks their descriptions, in order
     * @return the changed copy
     */
    Builder blocks(List<? extends BlockSpec> blocks);

    /**
     * Changes every block.
     *
     * @param change maps the old description to the new one
     * @return the changed copy
     */
    Builder mapBlocks(UnaryOperator<BlockSpec> change);

    /**
     * Sets how every zero-padding shortcut pads.
     *
     * @param shortcut {@link Shortcut#ZERO_PAD_EVEN} or {@link Shortcut#ZERO_PAD_END}
     * @return the changed copy
     * @throws IllegalArgumentException for another kind
     */
    Builder zeroPadding(Shortcut shortcut);

    /**
     * Sets what the shortcut of every pre-activation transition block sees.
     *
     * @param shortcutInput raw or activated
     * @return the changed copy
     */
    Builder shortcutInput(ShortcutInput shortcutInput);

    /**
     * Sets whether all blocks lack their skip connections.
     *
     * @param plain true for a plain network
     * @return the changed copy
     */
    Builder plain(boolean plain);

    /**
     * Sets which BatchNorm-ReLU pairs a pre-activation network begins with.
     *
     * @param variant one of the three public variants
     * @return the changed copy
     */
    Builder firstBlock(FirstBlock variant);

    /**
     * Sets the head.
     *
     * @param head the new one
     * @return the changed copy
     */
    Builder head(HeadSpec head);

    /**
     * Sets the number of classes.
     *
     * @param classes at least 2
     * @return the changed copy
     */
    Builder classes(int classes);

    /**
     * Sets the epsilon of every BatchNorm.
     *
     * @param epsilon positive
     * @return the changed copy
     */
    Builder batchNormEpsilon(double epsilon);

    /**
     * Sets the test-time branch gain of every block.
     *
     * @param gains one for each block
     * @return the changed copy
     * @throws IllegalArgumentException if there are not as many gains as blocks
     */
    Builder gains(List<Double> gains);

    /**
     * Checks the description as a whole.
     *
     * @return the architecture
     * @throws IllegalArgumentException if there is no block, or a block does not fit its
     *     predecessor's shape; the message names the block and both shapes
     */
    Architecture build();
  }

  /** The three public variants of how a pre-activation network begins. */
  enum FirstBlock {
    /** BatchNorm and ReLU after the stem, and again at the start of block 1: the preset. */
    STEM_AND_BLOCK,
    /** BatchNorm and ReLU after the stem only; block 1 begins with its convolution. */
    STEM_ONLY,
    /** BatchNorm and ReLU at the start of block 1 only; the stem is a bare convolution. */
    BLOCK_ONLY
  }
}
