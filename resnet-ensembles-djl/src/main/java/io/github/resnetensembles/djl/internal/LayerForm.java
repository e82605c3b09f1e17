package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How layers with parameters are differentiated: folded, or as they are. */
interface LayerForm {
  /**
   * A convolution, with the BatchNorm and the ReLU after it.
   *
   * @param input the shape of its input, if it is strided
   * @param before what {@link #normBeforeConvolution} was given, if anything
   */
  List<DerivableLayer> convolution(
      Convolution convolution, FeatureShape input, @Nullable Norm before);

  /** A BatchNorm that follows no convolution. */
  DerivableLayer norm(Norm norm);

  /**
   * A BatchNorm that is followed by ReLU and a convolution alone, which may take over its scale.
   */
  DerivableLayer normBeforeConvolution(Norm norm);

  /** A linear layer, with the BatchNorm and the ReLU after it. */
  List<DerivableLayer> linear(Linear linear);
}
