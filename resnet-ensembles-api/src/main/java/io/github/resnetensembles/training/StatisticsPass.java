package io.github.resnetensembles.training;

import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.internal.wiring.PrefixTree.Node;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Batches go through all wirings of a tree, and the statistics that each wiring computes are
 * averaged. No wiring runs a block twice, so where one ends, each block that it has run was last
 * run for it, and the network holds its statistics.
 */
final class StatisticsPass {
  private final TrainingNetwork network;
  private final Architecture architecture;
  private final PrefixTree tree;

  /** The averages of each wiring, by tensor name; null before the first batch. */
  private final List<Map<String, double[]>> means = new ArrayList<>();

  private int batches;

  /**
   * Creates the averages of no batch.
   *
   * @param network its running statistics after a batch are the batch's
   */
  StatisticsPass(TrainingNetwork network, PrefixTree tree) {
    this.network = network;
    this.architecture = network.architecture();
    this.tree = tree;
    for (Wiring wiring : tree.wirings()) {
      Map<String, double[]> computed = new LinkedHashMap<>();
      computed(wiring).forEach(name -> computed.put(name, new double[0]));
      means.add(computed);
    }
  }

  /** The averages of one wiring, by tensor name. */
  Map<String, double[]> means(int wiring) {
    return means.get(wiring);
  }

  /** The statistics of what a wiring computes, by name: a side without a gain is not (T2). */
  private Stream<String> computed(Wiring wiring) {
    Stream<PlacedLayer> layers = architecture.stemLayers().stream();
    for (Step step : wiring.steps()) {
      BlockLayers block = architecture.block(step.block()).layers();
      boolean skip = step.skipGain() != 0;
      boolean branch = step.computesBranch();
      layers = skip || branch ? Stream.concat(layers, block.lead().stream()) : layers;
      layers = branch ? Stream.concat(layers, block.branch().stream()) : layers;
      layers = skip ? Stream.concat(layers, block.skip().stream()) : layers;
      layers = Stream.concat(layers, block.post().stream());
    }
    return Stream.concat(layers, architecture.headLayers().stream())
        .flatMap(layer -> layer.parameters().stream())
        .filter(parameter -> !parameter.role().trainable())
        .map(parameter -> parameter.name());
  }

  /**
   * Takes one batch more into the averages.
   *
   * @param done told the number of each wiring as soon as its averages have the batch
   */
  void run(ImageBatch batch, IntConsumer done) {
    batches++;
    StemPass stem = network.stem(Pixels.normalised(batch, architecture), batch.size());
    walk(tree.root(), stem.output(), stem::close, batch, done);
  }

  /** Runs all that follows an activation, and closes it. */
  private void walk(
      Node from, Activation output, Runnable close, ImageBatch batch, IntConsumer done) {
    Node node = from;
    Activation y = output;
    Runnable closing = close;
    try {
      for (boolean ended = false; !ended; ) {
        for (int wiring : node.wirings()) {
          network.head(y, batch.labels(), 0).close();
          average(means.get(wiring), network.tensors());
          done.accept(wiring);
        }
        List<Node> children = node.children();
        int last = children.size() - 1;
        for (int i = 0; i < last; i++) {
          StepPass pass = step(children.get(i), y);
          walk(children.get(i), pass.output(), pass::close, batch, done);
        }
        ended = children.isEmpty();
        if (!ended) {
          node = children.get(last);
          StepPass pass = step(node, y);
          closing.run();
          closing = pass::close;
          y = pass.output();
        }
      }
    } finally {
      closing.run();
    }
  }

  private StepPass step(Node node, Activation y) {
    Step step = node.step();
    double[] skipGain = {step.skipGain()};
    double[] branchGain = {step.branchGain()};
    return network.step(step.block(), skipGain, branchGain, y);
  }

  private void average(Map<String, double[]> averages, Map<String, double[]> tensors) {
    averages.replaceAll(
        (name, before) -> {
          double[] values = Objects.requireNonNull(tensors.get(name));
          double[] mean = batches == 1 ? values.clone() : before;
          for (int i = 0; i < mean.length; i++) {
            mean[i] += (values[i] - mean[i]) / batches;
          }
          return mean;
        });
  }
}
