package io.github.resnetensembles.weights;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a network, validated against its architecture: none is missing, extra, mis-shaped
 * or non-finite. Immutable; opaque networks have none.
 *
 * <p>Implemented by this library alone.
 */
public interface Weights {
  /**
   * Reads a weight file whose tensors and the defaults determine the network.
   *
   * @param file safetensors, a PyTorch checkpoint (zip or legacy pickle), or this library's own;
   *     told apart by content
   * @return the weights
   * @throws InvalidWeightsException if the file is damaged, unsafe, or does not fit; the message
   *     names the file, the value and the remedy
   * @throws FileAccessException if it cannot be read: it is missing, a directory, no regular file,
   *     or access is denied
   * @throws RunInterruptedException if the thread was interrupted
   */
  static Weights of(Path file) {
    return from(file).load();
  }

  /**
   * Starts reading a weight file whose tensors do not tell everything.
   *
   * @param file as for {@link #of}
   * @return settings; nothing is read before {@link Loader#load()}
   */
  static Loader from(Path file) {
    return StoredWeights.from(file);
  }

  /**
   * Untrained weights: convolutions from N(0, 2/(k²·out)) (He, fan-out), BatchNorm 1 and 0, linear
   * weights as PyTorch's default (uniform in ±1/sqrt(in)), linear biases 0 (paper section 4; He et
   * al. 2015). Running means are 0; running variances are the mean squares that arrive there in
   * expectation over the draws, for images of mean 0 and variance 1: a closed form that needs no
   * image. It is exact but for three simplifications: what enters a ReLU is taken as normal,
   * max-pooling multiplies mean squares by 1.82, and images at their borders are like images
   * elsewhere. So signals neither vanish nor overflow at any depth, but they are not centred as
   * after training; training replaces the statistics.
   *
   * <p>Where a BatchNorm comes behind gates, attention, pools that average or depthwise
   * convolutions, there is no such form. All running means and variances of such a network are
   * those of one batch of four to ten of the library's own images, scaled to the network's input
   * size, to 64 pixels at most if it takes them, and to mean 0 and variance 1, in which every
   * BatchNorm normalises with the batch's statistics. That takes plain Java a few seconds for a
   * network as large as ResNet-50.
   *
   * @param architecture the network, not opaque
   * @param seed of the draws; each tensor has its own generator, seeded by seed and name
   * @return the weights; {@link #trained()} is false
   * @throws IllegalArgumentException if the architecture is opaque
   */
  static Weights initialised(Architecture architecture, long seed) {
    return Initialiser.initialise(architecture, seed);
  }

  /**
   * Weights of a network that this library brings along, trained on its own images.
   *
   * @param name one of {@link PretrainedNetwork#all}
   * @return the weights; the same as those of the file that {@link #save} makes of them
   * @throws InvalidInputException if there is no such network, or its artifact is not on the class
   *     path; the message says which
   */
  static Weights pretrained(String name) {
    return PretrainedResources.load(name);
  }

  /**
   * Weights from memory.
   *
   * @param architecture the network, not opaque
   * @param tensors one for each of {@link Architecture#parameters()}, in order
   * @param trained false if the network was only initialised
   * @param source where they come from, for people to read
   * @return the weights; their hash is that of all values
   * @throws IllegalArgumentException if the tensors are not the network's
   */
  static Weights of(
      Architecture architecture,
      Collection<? extends NamedTensor> tensors,
      boolean trained,
      String source) {
    return ArrayWeights.inMemory(architecture, tensors, trained, source, Map.of(), Map.of());
  }

  /** {@return the network} */
  Architecture architecture();

  /** {@return the tensors by name, in the order of {@link Architecture#parameters()}} */
  Map<String, NamedTensor> tensors();

  /**
   * {@return the SHA-256 of the values in the order of {@link #tensors()}, each as four
   * little-endian bytes of float32; 64 lower-case hex digits. It is the same whether they are in
   * memory, saved or read again, and what results call {@code weightsSha256}}
   */
  String sha256();

  /**
   * {@return the SHA-256 of the file that they were read from, as {@code sha256sum} prints it, 64
   * lower-case hex digits; empty where there is no file}
   */
  default Optional<String> fileSha256() {
    return Optional.empty();
  }

  /** {@return false if the network was only initialised} */
  boolean trained();

  /** {@return where they come from, for people to read: the file's name, or the seed} */
  String source();

  /**
   * {@return what was assumed of the network, since the tensors do not tell it: settings of {@link
   * Loader#assume} by their keys, in the order in which they were needed; empty where the network
   * was described}
   */
  default Map<String, String> assumed() {
    return Map.of();
  }

  /**
   * Rounds convolution kernels and the matrices of linear layers to bfloat16 (8 significant bits,
   * to the nearest, ties to even); all other tensors are rounded to float32. A file of the result
   * is half as large.
   *
   * @return the rounded weights, with a hash of their own
   */
  default Weights rounded() {
    return RoundedWeights.of(this);
  }

  /**
   * The same weights for images of another size.
   *
   * @param size the images' height and width, without padding
   * @return the changed copy, with the same hashes
   * @throws IllegalArgumentException if the size is out of range, or the network is of one size: it
   *     has positions or flattens what it sees
   */
  default Weights withImageSize(int size) {
    return ArrayWeights.withImageSize(this, size);
  }

  /**
   * Writes one safetensors file with the architecture in its metadata, in one atomic move.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  default void save(Path file) {
    StoredWeights.save(this, file);
  }

  /**
   * Writes the tensors alone as one safetensors file, in one atomic move, under the names and in
   * the shapes that they had in the file they were read from: for {@code load_state_dict} of the
   * PyTorch program that wrote it. What the network does not need, such as {@code
   * num_batches_tracked}, is not written. Types are the narrowest of float32, float64 and, for
   * kernels and matrices, bfloat16 that hold every value. Weights that come from no file, or from
   * one that {@link #save} wrote, have the library's own names.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  default void saveAsRead(Path file) {
    StoredWeights.saveAsRead(this, file);
  }

  /**
   * The same weights, which {@link #saveAsRead} writes under the names of others: what was trained
   * further goes back to the program that the first weights came from.
   *
   * @param other weights of the same tensors, as they were read
   * @return the changed copy, with the same hashes
   * @throws IllegalArgumentException if the other network has other tensors
   */
  default Weights namedAs(Weights other) {
    return ArrayWeights.namedAs(this, other);
  }

  /** What the tensors of a file do not tell; every setting returns a new loader. */
  interface Loader {
    /**
     * Says which network it is. Without this it is inferred from the tensors.
     *
     * @param architecture the network; settings below still change it
     * @return the changed copy
     */
    Loader architecture(Architecture architecture);

    /**
     * Chooses the dictionary of a PyTorch checkpoint that has the tensors. Without this it is the
     * only dictionary of tensors in it, at any depth; where there are several (such as {@code
     * state_dict} and {@code state_dict_ema}) one has to be chosen. What stands beside it is not
     * read.
     *
     * @param name the dictionary's key, or the keys that lead to it joined by dots
     * @return the changed copy
     * @throws IllegalArgumentException if the name is empty
     */
    Loader key(String name);

    /**
     * Renames or drops tensors before they are recognised. A leading {@code module.} is removed
     * first. Afterwards the prefixes {@code _orig_mod.}, {@code model.}, {@code net.}, {@code
     * backbone.}, {@code encoder.} and {@code module.} are removed, in any order, as long as all
     * remaining tensors share them.
     *
     * @param rules applied in order to every name
     * @return the changed copy
     */
    Loader rename(RenameRules rules);

    /**
     * Sets how parameter-free shortcuts pad.
     *
     * @param shortcut {@link Shortcut#ZERO_PAD_EVEN} or {@link Shortcut#ZERO_PAD_END}
     * @return the changed copy
     */
    Loader zeroPadding(Shortcut shortcut);

    /**
     * Sets what the shortcuts of pre-activation transition blocks see.
     *
     * @param shortcutInput raw or activated
     * @return the changed copy
     */
    Loader shortcutInput(ShortcutInput shortcutInput);

    /**
     * Sets the input normalisation.
     *
     * @param mean per channel, of x/255
     * @param std per channel, of x/255, positive
     * @return the changed copy
     */
    Loader normalisation(List<Double> mean, List<Double> std);

    /**
     * Says something of the network that its tensors do not tell, in place of what is usual. What
     * was assumed is in {@link Weights#assumed}. Settings, by their keys:
     *
     * <ul>
     *   <li>{@code stem-stride=1|2}, {@code stem-pool=max|none}: the stem's first convolution, and
     *       what pools behind it
     *   <li>{@code activation=relu|relu6|leaky-relu|silu|gelu|gelu-tanh|hard-swish|…}
     *   <li>{@code early-activation}, of the same kinds: MobileNet-V3's, until images are 16 times
     *       smaller
     *   <li>{@code gate=sigmoid|hard-sigmoid}: of squeeze-and-excitation
     *   <li>{@code eps=1e-5}, {@code head-eps=1e-12}: of the norms, and of the last one where that
     *       has another
     *   <li>{@code bottleneck-stride=3x3|1x1}: which convolution of a bottleneck is strided
     *   <li>{@code stage-strides=1x2x2x2}, {@code dilation=1x1x2x4}: of each stage; a stage that is
     *       dilated has no stride unless its stride is given, and its first block begins with the
     *       dilation of the stage before
     *   <li>{@code anti-alias=none|blur|avg}: what halves after a strided convolution, which then
     *       has stride 1
     *   <li>{@code shortcut-pool=avg|none}: what stands before projections that halve, where names
     *       do not tell
     *   <li>{@code padding=symmetric}: the only kind there is; networks converted from TensorFlow
     *       have another
     *   <li>{@code global-pool=avg|max}
     *   <li>{@code norm-groups=32}: the norms are GroupNorm with so many groups
     *   <li>{@code dropout=0.5}: the share of values that the head drops in training; evaluations
     *       are the same with any
     *   <li>{@code heads=3}: of self-attention
     *   <li>{@code image-size=224}: the height and width of the images
     *   <li>{@code shortcut-input=raw|activated}: as {@link #shortcutInput}
     * </ul>
     *
     * @param key what is said
     * @param value what holds
     * @return the changed copy
     * @throws InvalidInputException if there is no such setting, it cannot have this value, or was
     *     given before
     */
    Loader assume(String key, String value);

    /**
     * Says whether the network lacks its skip connections.
     *
     * @param plain true for a plain network
     * @return the changed copy
     */
    Loader plain(boolean plain);

    /**
     * Reads and checks the file.
     *
     * @return the weights
     * @throws InvalidWeightsException as {@link Weights#of} says
     * @throws FileAccessException as {@link Weights#of} says
     * @throws RunInterruptedException if the thread was interrupted
     */
    Weights load();
  }
}
