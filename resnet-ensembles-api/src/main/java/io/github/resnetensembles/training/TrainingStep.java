package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.running.Predictions;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.HeadPass;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One mini-batch forward through its wiring and backward again; the update is not part of it. */
final class TrainingStep {
  /** The mean loss of the batch, and its wrong predictions. */
  record Outcome(double loss, int wrong) {}

  private final TrainingNetwork network;
  private final List<TrainedBlock> wiring;
  private final TrainedLengths lengths;
  private final Deque<StepPass> passes = new ArrayDeque<>();

  private TrainingStep(TrainingNetwork network, List<TrainedBlock> wiring, TrainedLengths lengths) {
    this.network = network;
    this.wiring = wiring;
    this.lengths = lengths;
  }

  /**
   * Leaves the gradient in the network. The wiring and what is dropped were drawn for the batch.
   */
  static Outcome run(
      TrainingNetwork network,
      TrainingBatches.Batch batch,
      List<TrainedBlock> wiring,
      double[][] dropout,
      TrainingRecipe recipe) {
    return new TrainingStep(network, wiring, recipe.lengths())
        .run(batch.pixels(), batch.labels(), recipe.labelSmoothing(), dropout);
  }

  private Outcome run(float[] pixels, int[] labels, double labelSmoothing, double[][] dropout) {
    try (StemPass stem = network.stem(pixels, labels.length)) {
      Activation y = stem.output();
      for (TrainedBlock block : wiring) {
        StepPass pass = network.step(block.number(), block.skipGains(), block.branchGains(), y);
        passes.push(pass);
        y = pass.output();
      }
      try (HeadPass head = network.head(y, labels, labelSmoothing, dropout)) {
        Activation cotangent = head.backward();
        if (lengths.unrestricted()) {
          backward(stem, cotangent);
        } else {
          backwardByLength(stem, cotangent);
        }
        return new Outcome(head.loss(), wrong(head.logits(), labels));
      }
    } finally {
      passes.forEach(StepPass::close);
    }
  }

  private void backward(StemPass stem, Activation cotangentOfHead) {
    Activation cotangent = cotangentOfHead;
    try {
      while (!passes.isEmpty()) {
        Activation next = passes.element().backward(cotangent);
        cotangent.close();
        cotangent = next;
        passes.pop().close();
      }
      stem.backward(cotangent);
    } finally {
      cotangent.close();
    }
  }

  /** Keeps the cotangents of paths of each length apart; lengths only grow on the way back. */
  private void backwardByLength(StemPass stem, Activation cotangentOfHead) {
    @Nullable Activation[] byLength = {cotangentOfHead};
    try {
      while (!passes.isEmpty()) {
        TrainedBlock block = wiring.get(passes.size() - 1);
        @Nullable Activation[] next = pullBack(passes.element(), block, byLength);
        close(byLength);
        byLength = next;
        passes.pop().close();
      }
      try (Activation sum = allowedSum(byLength, 0)) {
        if (sum != null) {
          stem.backward(sum);
        }
      }
    } finally {
      close(byLength);
    }
  }

  private @Nullable Activation[] pullBack(
      StepPass pass, TrainedBlock block, @Nullable Activation[] byLength) {
    boolean viaSkip = !block.withoutSkip();
    boolean viaBranch = !block.dropped();
    try (Activation skip = viaSkip ? allowedSum(byLength, 0) : null;
        Activation branch = viaBranch ? allowedSum(byLength, 1) : null) {
      if (skip != null || branch != null) {
        pass.addParameterGradient(new Cotangents(skip, 1, branch, 1));
      }
    }
    int longest = Math.min(lengths.to(), byLength.length - (viaBranch ? 0 : 1));
    @Nullable Activation[] next = new Activation[longest + 1];
    List<Cotangents> pulled = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int length = 0; length <= longest; length++) {
      Activation skip = viaSkip && length < byLength.length ? byLength[length] : null;
      Activation branch = viaBranch && length > 0 ? byLength[length - 1] : null;
      if (skip != null || branch != null) {
        pulled.add(new Cotangents(skip, 1, branch, 1));
        places.add(length);
      }
    }
    List<Activation> results = pass.pullBack(pulled);
    for (int i = 0; i < places.size(); i++) {
      next[places.get(i)] = results.get(i);
    }
    return next;
  }

  /** The sum of the cotangents whose length, with so many more branches, trains; null if none. */
  private @Nullable Activation allowedSum(@Nullable Activation[] byLength, int moreBranches) {
    List<Activation> terms = new ArrayList<>();
    for (int length = 0; length < byLength.length; length++) {
      Activation term = byLength[length];
      if (term != null && lengths.contains(length + moreBranches)) {
        terms.add(term);
      }
    }
    if (terms.isEmpty()) {
      return null;
    }
    double[] ones = new double[terms.size()];
    Arrays.fill(ones, 1);
    return network.sum(terms, ones);
  }

  private static void close(@Nullable Activation[] activations) {
    for (Activation activation : activations) {
      if (activation != null) {
        activation.close();
      }
    }
  }

  /** Images whose prediction is not the label. */
  private static int wrong(double[] logits, int[] labels) {
    int classes = logits.length / labels.length;
    int wrong = 0;
    for (int n = 0; n < labels.length; n++) {
      if (Predictions.of(logits, n * classes, classes) != labels[n]) {
        wrong++;
      }
    }
    return wrong;
  }
}
