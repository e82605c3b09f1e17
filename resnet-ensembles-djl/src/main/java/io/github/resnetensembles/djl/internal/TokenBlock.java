package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A block of the user's on tokens (N, T, D), which are features (D, T, 1) outside: the same memory,
 * with other strides.
 */
final class TokenBlock extends AbstractBlock {
  private final Block inner;
  private final boolean takesTokens;
  private final boolean givesTokens;

  private TokenBlock(Block inner, boolean takesTokens, boolean givesTokens) {
    this.inner = inner;
    this.takesTokens = takesTokens;
    this.givesTokens = givesTokens;
  }

  /**
   * {@return a block from features to features, which is the inner one where there are no tokens}
   */
  static Block of(Block inner, boolean takesTokens, boolean givesTokens) {
    return takesTokens || givesTokens ? new TokenBlock(inner, takesTokens, givesTokens) : inner;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.singletonOrThrow();
    NDArray y =
        inner
            .forward(parameters, new NDList(takesTokens ? tokens(x) : x), training)
            .singletonOrThrow();
    return new NDList(givesTokens ? features(y) : y);
  }

  /** Contiguous, since modules may look at memory: flattening copies where it is not. */
  private static NDArray tokens(NDArray features) {
    Shape shape = features.getShape();
    return features
        .transpose(0, 2, 1, 3)
        .reshape(features.size())
        .reshape(shape.get(0), shape.get(2), shape.get(1));
  }

  private static NDArray features(NDArray tokens) {
    return tokens.transpose(0, 2, 1).expandDims(3);
  }

  @Override
  public ParameterList getParameters() {
    return inner.getParameters();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    throw new UnsupportedOperationException("the shapes of a block of tokens show when it runs");
  }
}
