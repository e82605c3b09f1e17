package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The derivatives of a network of layers this library knows. */
final class LayeredDerivatives implements Derivatives {
  private final Scripts scripts;
  private final Map<BatchNormMode, Supplier<NetworkChains>> literal =
      new EnumMap<>(BatchNormMode.class);
  private final StepDerivatives stem;
  private final List<StepDerivatives> blocks;
  private final StepDerivatives head;

  LayeredDerivatives(
      Architecture architecture, NetworkChains folded, PlainWeights weights, Scripts scripts) {
    this.scripts = scripts;
    for (BatchNormMode mode : BatchNormMode.values()) {
      NormStatistics statistics =
          mode == BatchNormMode.TRAIN ? NormStatistics.BATCH : NormStatistics.RUNNING;
      LayerForm form =
          new LiteralForm(
              weights::array, architecture.batchNormEpsilon(), statistics, false, Optional.empty());
      literal.put(mode, Suppliers.memoize(() -> NetworkChains.of(architecture, form)));
    }
    this.stem = derivatives(StepChains.of(folded.stem()), all -> StepChains.of(all.stem()));
    this.blocks =
        IntStream.range(0, architecture.size())
            .mapToObj(i -> derivatives(folded.blocks().get(i), all -> all.blocks().get(i)))
            .toList();
    this.head = derivatives(StepChains.of(folded.head()), all -> StepChains.of(all.head()));
  }

  private StepDerivatives derivatives(StepChains folded, Function<NetworkChains, StepChains> part) {
    return new StepDerivatives(
        scripts, folded, mode -> part.apply(Objects.requireNonNull(literal.get(mode)).get()));
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
