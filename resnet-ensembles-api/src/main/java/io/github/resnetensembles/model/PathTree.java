package io.github.resnetensembles.model;

import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Single paths, pulled back together: paths that take the same connections from the loss down to
 * some block share the cotangent there. So that no more cotangents are alive than in a sweep of
 * sums, paths that are alike go together, so many at a time.
 */
final class PathTree {
  private final List<Wiring.Step> steps;
  private final List<List<ResidualPath>> groups = new ArrayList<>();

  PathTree(List<Wiring.Step> steps, Collection<ResidualPath> paths) {
    this.steps = steps;
    TreeSet<ResidualPath> sorted = new TreeSet<>(fromTheLoss(steps));
    sorted.addAll(paths);
    List<ResidualPath> all = List.copyOf(sorted);
    int size = groupSize();
    for (int from = 0; from < all.size(); from += size) {
      groups.add(all.subList(from, Math.min(from + size, all.size())));
    }
  }

  /** How many paths are pulled back at a time. */
  int groupSize() {
    return Math.max(16, steps.size() + 1);
  }

  /** The order in which paths with a common end stand together. */
  private static Comparator<ResidualPath> fromTheLoss(List<Wiring.Step> steps) {
    return (a, b) -> {
      for (int i = steps.size() - 1; i >= 0; i--) {
        int block = steps.get(i).block();
        int order = Boolean.compare(a.contains(block), b.contains(block));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  /** A cotangent and the paths, of a group, that it is shared by. */
  private record Node(Activation cotangent, List<ResidualPath> paths) {}

  /** The squared norms of each path's gradient, image by image. */
  Map<ResidualPath, double[]> run(ForwardPass pass, Workers workers, GradientPlace place) {
    Map<ResidualPath, double[]> squares = new HashMap<>();
    for (List<ResidualPath> group : groups) {
      List<Node> nodes = new ArrayList<>(List.of(new Node(pass.gradient(), group)));
      try {
        for (int i = steps.size(); i >= 1; i--) {
          pullBack(pass, workers, i, nodes);
        }
        if (place == GradientPlace.IMAGE) {
          pullBackThroughStem(pass, workers, nodes);
        }
        List<double[]> dots =
            workers.map(nodes, node -> pass.derivatives().dots(node.cotangent(), node.cotangent()));
        for (int n = 0; n < dots.size(); n++) {
          double[] squaresOfNode = dots.get(n);
          nodes.get(n).paths().forEach(path -> squares.put(path, squaresOfNode));
        }
      } finally {
        close(pass, nodes);
      }
    }
    return squares;
  }

  private void pullBack(ForwardPass pass, Workers workers, int i, List<Node> nodes) {
    Wiring.Step step = steps.get(i - 1);
    List<Cotangents> cotangents = new ArrayList<>();
    List<List<ResidualPath>> sharers = new ArrayList<>();
    for (Node node : nodes) {
      int split = split(node.paths(), step.block());
      if (split > 0) {
        cotangents.add(Cotangents.ofSkip(node.cotangent(), step.skipGain()));
        sharers.add(node.paths().subList(0, split));
      }
      if (split < node.paths().size()) {
        cotangents.add(Cotangents.ofBranch(node.cotangent(), step.branchGain()));
        sharers.add(node.paths().subList(split, node.paths().size()));
      }
    }
    List<Activation> results = workers.pullBack(pass.trace(i), cotangents);
    close(pass, nodes);
    nodes.clear();
    for (int r = 0; r < results.size(); r++) {
      nodes.add(new Node(results.get(r), sharers.get(r)));
    }
  }

  /** How many of some paths, the first ones, go around a block. */
  private static int split(List<ResidualPath> paths, int block) {
    int split = 0;
    while (split < paths.size() && !paths.get(split).contains(block)) {
      split++;
    }
    return split;
  }

  private static void pullBackThroughStem(ForwardPass pass, Workers workers, List<Node> nodes) {
    List<Activation> results =
        workers.pullBack(pass.stem(), nodes.stream().map(Node::cotangent).toList());
    close(pass, nodes);
    for (int r = 0; r < results.size(); r++) {
      nodes.set(r, new Node(results.get(r), nodes.get(r).paths()));
    }
  }

  private static void close(ForwardPass pass, List<Node> nodes) {
    nodes.forEach(node -> pass.closeUnlessOwn(node.cotangent()));
  }

  /** How many block VJPs {@link #run} does. */
  long vjps() {
    long vjps = 0;
    for (List<ResidualPath> group : groups) {
      List<List<ResidualPath>> nodes = List.of(group);
      for (int i = steps.size() - 1; i >= 0; i--) {
        List<List<ResidualPath>> next = new ArrayList<>();
        for (List<ResidualPath> node : nodes) {
          int split = split(node, steps.get(i).block());
          if (split > 0) {
            next.add(node.subList(0, split));
          }
          if (split < node.size()) {
            next.add(node.subList(split, node.size()));
            vjps++;
          }
        }
        nodes = next;
      }
    }
    return vjps;
  }
}
