package io.github.resnetensembles.network;

import io.github.resnetensembles.internal.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers before block 1; their output is y_0.
 *
 * @param layers in order; none where the stem is the user's own
 */
public record StemSpec(List<Layer> layers) {
  /** The user's own, known by its output's shape only. */
  public static final StemSpec OPAQUE = new StemSpec(List.of());

  /**
   * Copies the list.
   *
   * @param layers in order
   */
  public StemSpec {
    Require.present("layers", layers);
    layers = List.copyOf(layers);
  }

  /**
   * The stem of CIFAR networks: a 3x3 convolution of stride 1, BatchNorm, ReLU.
   *
   * @param width the output channels, at least 1
   * @return the stem
   */
  public static StemSpec conv3x3(int width) {
    return new StemSpec(
        List.of(
            new Layer.Convolution("conv", width, 3, 1),
            new Layer.BatchNorm("bn"),
            new Layer.Relu()));
  }

  /**
   * The stem of ImageNet networks: a 7x7 convolution of stride 2, BatchNorm, ReLU, 3x3 max-pooling
   * of stride 2.
   *
   * @param width the output channels, at least 1
   * @return the stem
   */
  public static StemSpec conv7x7MaxPool(int width) {
    return new StemSpec(
        List.of(
            new Layer.Convolution("conv", width, 7, 2),
            new Layer.BatchNorm("bn"),
            new Layer.Relu(),
            new Layer.MaxPool(3, 2, 1, false)));
  }

  /** {@return whether BatchNorm follows the last convolution} */
  public boolean batchNorm() {
    return layers.stream().skip(afterConvolution()).anyMatch(Layer.BatchNorm.class::isInstance);
  }

  /**
   * Returns this stem with or without the BatchNorm and ReLU after its last convolution, which
   * pre-activation networks may leave to block 1.
   *
   * @param batchNorm whether it has them
   * @return the changed copy
   */
  public StemSpec withBatchNorm(boolean batchNorm) {
    if (batchNorm == batchNorm()) {
      return this;
    }
    List<Layer> changed = new ArrayList<>(layers.subList(0, afterConvolution()));
    if (batchNorm) {
      changed.add(new Layer.BatchNorm("bn"));
      changed.add(new Layer.Relu());
    }
    layers.stream()
        .skip(afterConvolution())
        .filter(layer -> !(layer instanceof Layer.BatchNorm || layer instanceof Layer.Relu))
        .forEach(changed::add);
    return new StemSpec(changed);
  }

  private int afterConvolution() {
    int end = layers.size();
    while (end > 0 && !(layers.get(end - 1) instanceof Layer.Convolution)) {
      end--;
    }
    return end;
  }
}
