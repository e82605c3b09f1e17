package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/** A TorchScript module of ours, which is never in training mode, whatever it is called with. */
final class ModuleBlock extends AbstractBlock {
  private final Block module;

  ModuleBlock(Block module) {
    this.module = module;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    return Torch.run(module, inputs);
  }

  @Override
  public ParameterList getDirectParameters() {
    return module.getDirectParameters();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    throw new UnsupportedOperationException("the shapes of a module show when it runs");
  }
}
