package io.github.resnetensembles.model;

import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a batch of images through wirings, whose common prefixes are run once: depth-first, each
 * step on its own, but for subtrees that are run side by side.
 *
 * @param foreign the branch outputs that wirings take from elsewhere
 * @param images that batches are of
 * @param averaged the wirings whose predictions are averaged too
 * @param wiringsAtOnce how many wirings are run side by side; 1 for each alone
 */
record BatchWalk(
    Network network,
    BranchOutputs foreign,
    ImageSet images,
    Measures measures,
    Set<Integer> averaged,
    int wiringsAtOnce,
    Cancellation cancellation) {
  private Architecture architecture() {
    return network.architecture();
  }

  /**
   * What a batch gave.
   *
   * @param tallies one for each wiring of the tree; the average's after them, if there is one
   * @param flips the records whose intact prediction is another one than in single precision; empty
   *     unless the network computes in 16 bits
   */
  record Walked(List<TallyBuilder> tallies, List<Integer> flips) {}

  Walked run(PrefixTree tree, ImageBatch batch) {
    Optional<FlipSearch> search = FlipSearch.of(network);
    BatchTallies results =
        new BatchTallies(
            tree.wirings().size(),
            averaged,
            search.isEmpty() ? -1 : tree.wirings().indexOf(Wiring.intact(architecture())),
            batch.firstRecord(),
            batch.labels(),
            architecture().head().classes(),
            measures);
    float[] pixels = Pixels.normalisedWithSkipped(batch, architecture());
    try (BranchOutputs.Batch outputs =
            foreign.forBatch(batch, images.sha256(), cancellation::check);
        SideBySide besides =
            new SideBySide(
                network, wiringsAtOnce, (step, y) -> step(step, y, outputs), results::add)) {
      walk(tree.root(), network.stem(pixels, batch.size()), outputs, besides, results);
      besides.run();
    }
    return new Walked(
        results.all(),
        search.map(flips -> flips.search(batch, pixels, results.ofWatched())).orElse(List.of()));
  }

  /**
   * Walks a subtree, but for what is to be run beside others; closes {@code y}, the activation at
   * its root, as soon as it can.
   */
  private void walk(
      PrefixTree.Node node,
      Activation y,
      BranchOutputs.Batch outputs,
      SideBySide besides,
      BatchTallies results) {
    Activation current = y;
    PrefixTree.Node at = node;
    boolean handedOver = false;
    try {
      while (!besides.takes(at)) {
        if (!at.wirings().isEmpty()) {
          double[] logits = network.head(current);
          at.wirings().forEach(wiring -> results.add(wiring, logits));
        }
        List<PrefixTree.Node> children = at.children();
        if (children.isEmpty()) {
          return;
        }
        PrefixTree.Node last = children.get(children.size() - 1);
        for (PrefixTree.Node child : children.subList(0, children.size() - 1)) {
          walk(child, step(child.step(), current, outputs), outputs, besides, results);
        }
        Activation next = step(last.step(), current, outputs);
        current.close();
        current = next;
        at = last;
      }
      handedOver = true;
      besides.add(at, current);
    } finally {
      if (!handedOver) {
        current.close();
      }
    }
  }

  private Activation step(Step step, Activation y, BranchOutputs.Batch outputs) {
    cancellation.check();
    return Steps.run(network, step, y, outputs);
  }
}
