package io.github.resnetensembles.internal.wiring;

import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many wirings, their shared prefixes once. Depth-first, with the child that leads to the most
 * wirings last, a walk holds at most log2(wirings) + 2 activations at a time: before the last child
 * the parent's activation is no longer needed.
 */
public final class PrefixTree {
  /** What has been run so far. */
  public static final class Node {
    private final @Nullable Step step;
    private final boolean ofFirst;
    private final Map<Step, Node> childrenByStep = new LinkedHashMap<>();
    private final List<Integer> wirings = new ArrayList<>();
    private List<Node> children = List.of();
    private int leaves;

    private Node(@Nullable Step step, boolean ofFirst) {
      this.step = step;
      this.ofFirst = ofFirst;
    }

    /** The step that leads here. */
    public Step step() {
      if (step == null) {
        throw new IllegalStateException("no step leads to the root");
      }
      return step;
    }

    /** Whether the first wiring comes through here, which is the baseline's. */
    public boolean ofFirst() {
      return ofFirst;
    }

    /** How many wirings come through here. */
    public int leaves() {
      return leaves;
    }

    /** The next steps, the one that leads to the most wirings last. */
    public List<Node> children() {
      return children;
    }

    /** The numbers of the wirings that end here. */
    public List<Integer> wirings() {
      return wirings;
    }
  }

  private static final Interrupts INTERRUPTS = Interrupts.during("the wirings were joined");

  private final Node root = new Node(null, /* ofFirst= */ true);
  private final List<Wiring> wirings;
  private int blockEvaluations;

  public PrefixTree(List<Wiring> wirings) {
    this.wirings = List.copyOf(wirings);
    for (int i = 0; i < wirings.size(); i++) {
      INTERRUPTS.check(i);
      Node node = root;
      node.leaves++;
      for (Step step : wirings.get(i).steps()) {
        Node child = node.childrenByStep.get(step);
        if (child == null) {
          child = new Node(step, i == 0);
          node.childrenByStep.put(step, child);
          blockEvaluations += step.computesBranch() ? 1 : 0;
        }
        node = child;
        node.leaves++;
      }
      node.wirings.add(i);
    }
    sort();
  }

  private void sort() {
    List<Node> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      Node node = open.remove(open.size() - 1);
      node.children =
          node.childrenByStep.values().stream()
              .sorted(Comparator.comparingInt(child -> child.leaves))
              .toList();
      open.addAll(node.children);
    }
  }

  public Node root() {
    return root;
  }

  public List<Wiring> wirings() {
    return wirings;
  }

  /** Branches computed for one image, prefixes shared. */
  public int blockEvaluations() {
    return blockEvaluations;
  }

  /** Branches computed for one image if every wiring were run on its own. */
  public long blockEvaluationsWithoutReuse() {
    return wirings.stream().mapToLong(Wiring::blockEvaluations).sum();
  }
}
