package io.github.resnetensembles.examples;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.PathOrder;
import io.github.resnetensembles.path.ProbablePath;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.training.TrainingWiring;
import java.io.PrintStream;
import java.math.BigInteger;
import java.util.List;

/** The paths of a network in its unravelled view: counted, listed, ranked, drawn. */
public final class PathsExample {
  private PathsExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
    mostProbable(System.out);
  }

  static void run(PrintStream out) {
    // region readme
    Architecture network = Architecture.preResnet(110);
    PathEnumerator paths = PathEnumerator.of(network); // or model.paths()
    out.println(paths.count()); // 18014398509481984 = 2^54
    out.println(paths.lengths().probability(19, 35)); // 0.98: nearly all
    out.println(paths.lengths().probability(5, 17)); // 0.0045: the effective ones
    out.println(paths.ofLength(20).fractionLeft(10)); // 0.0055 survive 10 deletions
    out.println(paths.fractionAffected(Lesion.delete(3, 7).applyTo(network))); // 0.75

    PathEnumerator short3 = paths.ofLength(3).around(1).ordered(PathOrder.BY_LENGTH);
    ResidualPath last = short3.unrank(short3.count().subtract(BigInteger.ONE));
    out.println(last); // {52,53,54}
    out.println(short3.masks().parallel().map(Long::bitCount).sum()); // 3 times as many paths
    paths.ofLengths(5, 17).sample(2, 42).forEach(out::println); // uniform, seeded
    // endregion
  }

  static void mostProbable(PrintStream out) {
    // region mostProbable
    Architecture network = Architecture.preResnet(110);
    List<Double> survival =
        TrainingWiring.stochasticDepth(0.5).survivalProbabilities(network); // 0.99 … 0.5
    PathEnumerator paths = PathEnumerator.of(network);
    paths
        .mostProbable(survival)
        .limit(3) // of 2^54, and no more are made
        .forEach(each -> out.println(each.path().length() + " blocks: " + each.probability()));
    ProbablePath best = paths.ofLengths(5, 17).mostProbable(survival).findFirst().orElseThrow();
    out.println(best.path() + " has the log probability " + best.logProbability());
    // endregion
  }
}
