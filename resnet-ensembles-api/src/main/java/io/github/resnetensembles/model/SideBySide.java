package io.github.resnetensembles.model;

import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Subtrees of a prefix tree that are run together, with the activations of many wirings side by
 * side in one. They wait until they lead to as many wirings as are to be run at once. The block
 * with the lowest number that is next for any of them is run first, for all that take an equal step
 * in it; so wirings that left each other, by a deletion or in their order, meet again.
 *
 * <p>The first wiring of the tree is never among them: its results must not depend on what it is
 * run beside, for they are those of the baseline in every part of a study.
 *
 * <p>Between two blocks, activations of at most as many wirings are held as are run at once; within
 * one, up to three times as many. Not thread-safe.
 */
final class SideBySide implements AutoCloseable {
  /** Runs a step, on the images of any number of wirings. */
  interface Stepper {
    Activation run(Step step, Activation y);
  }

  /** Takes the logits of a wiring, laid out (N, classes). */
  interface Logits {
    void add(int wiring, double[] logits);
  }

  /** A node, and the output side by side with others that is its own or what its step is run on. */
  private record Turn(Lanes lanes, int lane, PrefixTree.Node node) {
    Step step() {
      return node.step();
    }

    Network.Part part() {
      return lanes.part(lane);
    }
  }

  /** Outputs side by side in one activation, with what is still to be made of them. */
  private static final class Lanes {
    final Activation y;
    final int count;
    final List<Turn> turns = new ArrayList<>();

    Lanes(Activation y, int count) {
      this.y = y;
      this.count = count;
    }

    /** The images of one output. */
    Network.Part part(int lane) {
      int images = y.images() / count;
      return new Network.Part(y, lane * images, images);
    }
  }

  private final Network network;
  private final int most;
  private final Stepper stepper;
  private final Logits logits;
  private final List<Lanes> held = new ArrayList<>();
  private int wirings;

  /** With the number of wirings to be run at once; 1 takes none. */
  SideBySide(Network network, int most, Stepper stepper, Logits logits) {
    this.network = network;
    this.most = most;
    this.stepper = stepper;
    this.logits = logits;
  }

  /** Whether there is room for a subtree. */
  boolean takes(PrefixTree.Node node) {
    return most > 1 && !node.ofFirst() && wirings + node.leaves() <= most;
  }

  /** Takes a subtree over, with the activation at its root; runs all when there are enough. */
  void add(PrefixTree.Node node, Activation y) {
    wirings += node.leaves();
    hold(y, List.of(node));
    if (wirings == most) {
      run();
    }
  }

  /** Runs what waits. */
  void run() {
    while (!held.isEmpty()) {
      runBlock(
          held.stream()
              .flatMap(lanes -> lanes.turns.stream())
              .mapToInt(turn -> turn.step().block())
              .min()
              .orElseThrow());
    }
    wirings = 0;
  }

  private void runBlock(int block) {
    Map<Step, List<Turn>> groups = new LinkedHashMap<>();
    for (Lanes lanes : held) {
      for (Turn turn : lanes.turns) {
        if (turn.step().block() == block) {
          groups.computeIfAbsent(turn.step(), step -> new ArrayList<>()).add(turn);
        }
      }
    }
    groups.forEach(
        (step, turns) -> {
          if (step.replacesBranch()) {
            // The output that takes the branch's place is there for the images of one wiring.
            turns.forEach(turn -> run(step, List.of(turn)));
          } else {
            run(step, turns);
          }
        });
    tidy();
  }

  private void run(Step step, List<Turn> turns) {
    Activation result;
    Lanes first = turns.get(0).lanes();
    if (isAll(first, turns)) {
      turns.forEach(SideBySide::done);
      result = stepper.run(step, first.y);
    } else {
      try (Activation input = gather(turns.stream().map(Turn::part).toList())) {
        turns.forEach(SideBySide::done);
        release();
        result = stepper.run(step, input);
      }
    }
    release();
    hold(result, turns.stream().map(Turn::node).toList());
  }

  private static void done(Turn turn) {
    turn.lanes().turns.remove(turn);
  }

  /** Whether these are all outputs of an activation, in order. */
  private static boolean isAll(Lanes lanes, List<Turn> turns) {
    if (turns.size() != lanes.count) {
      return false;
    }
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).lanes() != lanes || turns.get(i).lane() != i) {
        return false;
      }
    }
    return true;
  }

  /** Puts outputs side by side; those that follow each other already are one part. */
  private Activation gather(List<Network.Part> outputs) {
    List<Network.Part> parts = new ArrayList<>();
    for (Network.Part part : outputs) {
      int last = parts.size() - 1;
      if (last >= 0 && follows(part, parts.get(last))) {
        Network.Part before = parts.get(last);
        parts.set(last, new Network.Part(part.of(), before.from(), before.count() + part.count()));
      } else {
        parts.add(part);
      }
    }
    return network.gather(parts);
  }

  @SuppressWarnings("ReferenceEquality") // The very activation is meant, not its values.
  private static boolean follows(Network.Part part, Network.Part before) {
    return before.of() == part.of() && before.from() + before.count() == part.from();
  }

  /** Closes what nothing is to be made of any more. */
  private void release() {
    held.removeIf(
        lanes -> {
          if (lanes.turns.isEmpty()) {
            lanes.y.close();
          }
          return lanes.turns.isEmpty();
        });
  }

  /** Holds the outputs of nodes until their next steps are made; takes the logits of ends. */
  private void hold(Activation y, List<PrefixTree.Node> nodes) {
    Lanes lanes = new Lanes(y, nodes.size());
    held.add(lanes);
    List<Turn> ends = new ArrayList<>();
    for (int lane = 0; lane < nodes.size(); lane++) {
      PrefixTree.Node node = nodes.get(lane);
      if (!node.wirings().isEmpty()) {
        ends.add(new Turn(lanes, lane, node));
      }
      for (PrefixTree.Node child : node.children()) {
        lanes.turns.add(new Turn(lanes, lane, child));
      }
    }
    if (!ends.isEmpty()) {
      takeLogits(lanes, ends);
    }
    release();
  }

  private void takeLogits(Lanes lanes, List<Turn> ends) {
    double[] all = head(lanes, ends);
    int length = all.length / ends.size();
    for (int i = 0; i < ends.size(); i++) {
      double[] own = Arrays.copyOfRange(all, i * length, (i + 1) * length);
      ends.get(i).node().wirings().forEach(wiring -> logits.add(wiring, own));
    }
  }

  private double[] head(Lanes lanes, List<Turn> ends) {
    if (isAll(lanes, ends)) {
      return network.head(lanes.y);
    }
    try (Activation some = gather(ends.stream().map(Turn::part).toList())) {
      return network.head(some);
    }
  }

  /** Keeps of each activation only what something is still to be made of. */
  private void tidy() {
    for (int i = 0; i < held.size(); i++) {
      Lanes lanes = held.get(i);
      List<Integer> left = lanes.turns.stream().map(Turn::lane).distinct().toList();
      if (left.size() < lanes.count) {
        Lanes rest = new Lanes(gather(left.stream().map(lanes::part).toList()), left.size());
        lanes.turns.forEach(
            turn -> rest.turns.add(new Turn(rest, left.indexOf(turn.lane()), turn.node())));
        held.set(i, rest);
        lanes.y.close();
      }
    }
  }

  @Override
  public void close() {
    held.forEach(lanes -> lanes.y.close());
    held.clear();
  }
}
