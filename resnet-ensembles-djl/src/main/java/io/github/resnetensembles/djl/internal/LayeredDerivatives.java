package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.List;
import java.util.function.Function;

/** The derivatives of a network of layers this library knows. */
final class LayeredDerivatives implements Derivatives {
  private final StepDerivatives stem;
  private final List<StepDerivatives> blocks;
  private final StepDerivatives head;

  LayeredDerivatives(
      Architecture architecture,
      NetworkLayers layers,
      Tensors parameters,
      PlainWeights weights,
      Scripts scripts) {
    LayerForm folded = new FoldedForm(new Transposes(parameters, scripts));
    Function<BatchNormMode, LayerForm> literal =
        mode ->
            new LiteralForm(
                weights::array,
                architecture.batchNormEpsilon(),
                mode == BatchNormMode.TRAIN ? NormStatistics.BATCH : NormStatistics.RUNNING);
    this.stem =
        derivatives(scripts, form -> StepChains.of(layers.stem().chain(form)), folded, literal);
    this.blocks =
        layers.blocks().stream()
            .map(block -> derivatives(scripts, block::chains, folded, literal))
            .toList();
    this.head =
        derivatives(scripts, form -> StepChains.of(layers.head().chain(form)), folded, literal);
  }

  private static StepDerivatives derivatives(
      Scripts scripts,
      Function<LayerForm, StepChains> chains,
      LayerForm folded,
      Function<BatchNormMode, LayerForm> literal) {
    return new StepDerivatives(
        scripts, chains.apply(folded), mode -> chains.apply(literal.apply(mode)));
  }

  @Override
  public Forward stem(NDArray pixels, BatchNormMode mode) {
    return stem.forward(0, 1, pixels, mode);
  }

  @Override
  public Forward step(
      int block, double skipGain, double branchGain, NDArray x, BatchNormMode mode) {
    return blocks.get(block - 1).forward(skipGain, branchGain, x, mode);
  }

  @Override
  public Forward head(NDArray x, BatchNormMode mode) {
    return head.forward(0, 1, x, mode);
  }
}
