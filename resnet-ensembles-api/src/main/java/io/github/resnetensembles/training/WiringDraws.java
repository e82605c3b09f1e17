package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.training.TrainingWiring.DrawFor;
import io.github.resnetensembles.training.TrainingWiring.KeptScaling;
import io.github.resnetensembles.training.TrainingWiring.SurvivalCurve;
import io.github.resnetensembles.training.TrainingWiring.SurvivalScaling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;

/** Draws the wiring of each mini-batch. */
final class WiringDraws {
  private static final String KIND = "training wiring";

  private WiringDraws() {}

  static List<Double> survival(TrainingWiring wiring, Architecture architecture) {
    int blocks = architecture.size();
    if (wiring instanceof TrainingWiring.StochasticDepth depth) {
      return each(
          blocks,
          block ->
              depth.curve() == SurvivalCurve.UNIFORM
                  ? depth.last()
                  : 1 - (double) block / blocks * (1 - depth.last()));
    }
    if (wiring instanceof TrainingWiring.ExactlyKept kept) {
      Set<Integer> always = checkedAlways(kept, architecture);
      int drawn = blocks - always.size();
      double share = drawn == 0 ? 1 : (double) (kept.blocks() - always.size()) / drawn;
      return each(blocks, block -> always.contains(block) ? 1 : share);
    }
    return each(blocks, block -> 1);
  }

  static Architecture trained(TrainingWiring wiring, Architecture architecture) {
    if (wiring instanceof TrainingWiring.AllBlocks) {
      return architecture;
    }
    List<Double> survival = survival(wiring, architecture);
    boolean scaled =
        (wiring instanceof TrainingWiring.StochasticDepth depth
                && depth.scaling() == SurvivalScaling.AT_TEST_TIME)
            || (wiring instanceof TrainingWiring.ExactlyKept kept
                && kept.scaling() == KeptScaling.KEPT_SHARE);
    List<Double> gains = scaled ? survival : each(architecture.size(), block -> 1);
    return architecture.toBuilder().gains(gains).build();
  }

  /** The wiring of one batch; {@code step} counts from 0 over the whole training. */
  static List<TrainedBlock> draw(
      TrainingWiring wiring, Architecture architecture, long seed, long step, int images) {
    UniformRandomProvider generator = Generators.of(seed, KIND, 0, Math.toIntExact(step));
    if (wiring instanceof TrainingWiring.StochasticDepth depth) {
      return stochasticDepth(depth, architecture, generator, images);
    }
    if (wiring instanceof TrainingWiring.ExactlyKept kept) {
      return exactlyKept(kept, architecture, generator);
    }
    return architecture.blocks().stream()
        .map(block -> TrainedBlock.of(block, new double[] {block.spec().gain()}))
        .toList();
  }

  private static List<TrainedBlock> stochasticDepth(
      TrainingWiring.StochasticDepth depth,
      Architecture architecture,
      UniformRandomProvider generator,
      int images) {
    List<Double> survival = survival(depth, architecture);
    List<TrainedBlock> blocks = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      double probability = survival.get(block.number() - 1);
      double gain = depth.scaling() == SurvivalScaling.IN_TRAINING ? 1 / probability : 1;
      double[] gains = new double[depth.drawFor() == DrawFor.IMAGE ? images : 1];
      for (int i = 0; i < gains.length; i++) {
        gains[i] = generator.nextDouble() < probability ? gain : 0;
      }
      blocks.add(TrainedBlock.of(block, gains));
    }
    return blocks;
  }

  private static List<TrainedBlock> exactlyKept(
      TrainingWiring.ExactlyKept kept, Architecture architecture, UniformRandomProvider generator) {
    Set<Integer> chosen = new HashSet<>(checkedAlways(kept, architecture));
    List<Integer> candidates = new ArrayList<>();
    for (int block = 1; block <= architecture.size(); block++) {
      if (!chosen.contains(block)) {
        candidates.add(block);
      }
    }
    int missing = kept.blocks() - chosen.size();
    ListSampler.shuffle(generator, candidates);
    chosen.addAll(candidates.subList(0, missing));
    return architecture.blocks().stream()
        .map(
            block -> TrainedBlock.of(block, new double[] {chosen.contains(block.number()) ? 1 : 0}))
        .toList();
  }

  private static Set<Integer> checkedAlways(
      TrainingWiring.ExactlyKept kept, Architecture architecture) {
    Set<Integer> always = kept.always().blocks(architecture);
    if (kept.blocks() < always.size() || kept.blocks() > architecture.size()) {
      throw new InvalidInputException(
          "of the %s blocks of %s %s are always kept, so %s to %s can be kept in each batch, got %s"
              .formatted(
                  architecture.size(),
                  architecture.name(),
                  always.size(),
                  always.size(),
                  architecture.size(),
                  kept.blocks()));
    }
    return always;
  }

  private static List<Double> each(int blocks, IntToDoubleFunction value) {
    return Collections.unmodifiableList(
        IntStream.rangeClosed(1, blocks).mapToDouble(value).boxed().toList());
  }
}
