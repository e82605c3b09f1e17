package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The paths of a network in its unravelled view (section 3 of the paper): counted, measured, listed
 * and drawn, without running anything. An immutable value; every setting returns a narrower view,
 * and views combine: {@code paths.ofLength(3).around(7).stream()}.
 *
 * <p>A path passes every step of the wiring by its skip connection or by its branch. A connection
 * whose gain is 0 lets no signal through, and neither does a branch whose output is a mean or
 * another image's: so a deleted branch leaves the skip connection alone, and every path goes
 * through a plain block. Other gains and the order of the blocks do not matter. The length of a
 * path is the number of branches that it takes.
 *
 * <p>A {@link ResidualPath} names a path by its blocks. That is not unique where a block is
 * duplicated or has several parallel branches: there {@link #count()}, {@link #lengths()} and
 * {@link #weightLayers()} hold, and whatever lists, ranks or draws paths throws {@link
 * InvalidPathException}, unless a view such as {@code around(5)} has settled the matter.
 *
 * <p>Every stream is lazy and ordered. It splits by rank, so it can be run in parallel, and knows
 * its size where that fits a long; only those of {@link #mostProbable} do neither.
 *
 * <p>Implemented by this library alone.
 */
public interface PathEnumerator {
  /** The most blocks, and the most steps of a wiring. */
  int MAX_BLOCKS = 10_000;

  /** The most blocks for which paths can be bit masks. */
  int MAX_MASK_BLOCKS = 63;

  /**
   * The 2^n paths of a residual network.
   *
   * @param blocks the number n of its blocks, from 0 to {@value #MAX_BLOCKS}
   * @return all paths, in numerical order
   * @throws InvalidPathException if the number is out of range
   */
  static PathEnumerator of(int blocks) {
    return BlockPaths.of(blocks);
  }

  /**
   * The paths of an intact network.
   *
   * @param architecture the network, of at most {@value #MAX_BLOCKS} blocks
   * @return all paths, in numerical order
   * @throws InvalidPathException if there are too many blocks
   */
  static PathEnumerator of(Architecture architecture) {
    return of(architecture, Wiring.intact(architecture));
  }

  /**
   * The paths of a network under a wiring, such as {@code lesion.applyTo(architecture)}.
   *
   * @param architecture the network
   * @param wiring how its blocks are connected, of at most {@value #MAX_BLOCKS} steps
   * @return all paths, in numerical order
   * @throws InvalidLesionException if the wiring does not fit the network
   * @throws InvalidPathException if there are too many blocks or steps
   */
  static PathEnumerator of(Architecture architecture, Wiring wiring) {
    return BlockPaths.of(architecture, wiring);
  }

  /**
   * The paths through given steps, which need not be those of an {@link Architecture}: parallel
   * branches, for one.
   *
   * @param steps in order, at most {@value #MAX_BLOCKS}; the number of blocks is the largest among
   *     them
   * @return all paths, in numerical order
   * @throws InvalidPathException if there are too many steps
   */
  static PathEnumerator of(List<PathStep> steps) {
    return BlockPaths.of(steps);
  }

  /** {@return the number n of blocks of the network} */
  int blocks();

  /** {@return in how many ways this view's paths pass each step, in the order of the wiring} */
  List<PathStep> steps();

  /** {@return the order of streams and ranks; numerical unless set} */
  PathOrder order();

  /** {@return how many paths there are} */
  BigInteger count();

  /** {@return how many paths there are of each length, counted in branches} */
  PathCounts lengths();

  /**
   * Counts paths by their weight layers: the convolutions of the branches on the path, two for each
   * basic block and three for each bottleneck. Stem, head and the projections of skip connections
   * are not counted, so paths of 5 to 17 basic blocks have the 10 to 34 layers of the paper's
   * abstract.
   *
   * @return how many paths there are of each number of weight layers
   * @throws InvalidPathException if the layers of a branch are not known, or this view is
   *     restricted in length while branches differ in their layers
   */
  PathCounts weightLayers();

  /**
   * Keeps the paths of one length.
   *
   * @param length at least 0; there may be no such path
   * @return the narrower view
   * @throws InvalidPathException if the length is negative
   */
  default PathEnumerator ofLength(int length) {
    return ofLengths(length, length);
  }

  /**
   * Keeps the paths of some lengths.
   *
   * @param from the smallest length, at least 0
   * @param to the largest length, at least {@code from}; there may be no such path
   * @return the narrower view
   * @throws InvalidPathException if {@code from} is negative or above {@code to}
   */
  PathEnumerator ofLengths(int from, int to);

  /**
   * Keeps the paths that take the branches of all given blocks.
   *
   * @param blocks their numbers
   * @return the narrower view
   * @throws InvalidPathException if there is no such block, or one is run several times
   */
  PathEnumerator through(int... blocks);

  /**
   * Keeps the paths that take the skip connections of all given blocks: those that are left when
   * the blocks are deleted.
   *
   * @param blocks their numbers
   * @return the narrower view
   * @throws InvalidPathException if there is no such block
   */
  PathEnumerator around(int... blocks);

  /**
   * Sets the order of streams and ranks.
   *
   * @param order the new one
   * @return the same paths in that order
   */
  PathEnumerator ordered(PathOrder order);

  /**
   * Says whether a path is one of these.
   *
   * @param path any path
   * @return whether it is
   * @throws InvalidPathException if blocks do not name paths here
   */
  boolean contains(ResidualPath path);

  /**
   * All paths, in order.
   *
   * @return a lazy stream
   * @throws InvalidPathException if blocks do not name paths here
   * @throws RunInterruptedException from the stream, if the thread that goes through it in order
   *     was interrupted; the threads of a parallel stream are not asked
   */
  Stream<ResidualPath> stream();

  /**
   * A range of the paths, in order: the share of one machine, for example.
   *
   * @param from the first rank, from 0
   * @param to the rank after the last, at least {@code from} and at most {@link #count()}
   * @return a lazy stream
   * @throws InvalidPathException if the range does not fit, or blocks do not name paths here
   * @throws RunInterruptedException as {@link #stream()} says
   */
  Stream<ResidualPath> stream(BigInteger from, BigInteger to);

  /**
   * All paths as {@linkplain ResidualPath#mask() bit masks}, in order; by far the fastest way to
   * visit them, as nothing is allocated for a path.
   *
   * @return a lazy stream
   * @throws InvalidPathException if there are more than {@value #MAX_MASK_BLOCKS} blocks, or blocks
   *     do not name paths here
   * @throws RunInterruptedException as {@link #stream()} says
   */
  LongStream masks();

  /**
   * A range of the paths as bit masks, in order.
   *
   * @param from the first rank, from 0
   * @param to the rank after the last, at least {@code from} and at most {@link #count()}
   * @return a lazy stream
   * @throws InvalidPathException if the range does not fit, there are more than {@value
   *     #MAX_MASK_BLOCKS} blocks, or blocks do not name paths here
   * @throws RunInterruptedException as {@link #stream()} says
   */
  LongStream masks(BigInteger from, BigInteger to);

  /**
   * The place of a path.
   *
   * @param path one of these paths
   * @return how many paths come before it in this view's order
   * @throws InvalidPathException if it is none of these, or blocks do not name paths here
   */
  BigInteger rank(ResidualPath path);

  /**
   * The path at a place.
   *
   * @param rank from 0 to {@link #count()} - 1
   * @return the path with that {@link #rank}
   * @throws InvalidPathException if the rank is out of range, or blocks do not name paths here
   */
  ResidualPath unrank(BigInteger rank);

  /**
   * Draws paths uniformly, with repetition. A draw depends on (view, seed, draw number) alone, not
   * on the order nor on how many are drawn, and is the same on every JVM.
   *
   * @param draws how many, at least 0
   * @param seed any
   * @return a lazy stream
   * @throws InvalidPathException if the number is negative, there is no path to draw, or blocks do
   *     not name paths here
   * @throws RunInterruptedException as {@link #stream()} says
   */
  Stream<ResidualPath> sample(int draws, long seed);

  /**
   * The same paths by how probable they are under stochastic depth, the most probable first. A
   * path's probability is that exactly its blocks survive, all blocks of the network deciding for
   * themselves: the product of p_i over the blocks on the path and of 1 - p_i over all others. That
   * is the longest path through what is left, whose length {@link PathLengths#survivors} has; for a
   * path drawn uniformly among those through what is left ({@link PathLengths#survival}), give p_i
   * / 2. A view only chooses among paths: the probabilities of all paths of a network without
   * lesions or plain blocks add up to 1, those of a view to the probability of the view. Where
   * blocks are deleted or plain, the order is right for any p_i of theirs; the probabilities are
   * those of the network left if p_i is 0 for a deleted and 1 for a plain block.
   *
   * <p>Paths of equal probability come in this view's {@linkplain #order() order}: numerically,
   * unless it is set. Equal means equal without rounding, each p_i being the decimal number of the
   * fewest digits that is this double: with the probabilities 0.2 and 0.8 of two blocks, {@code {}}
   * and {@code {1,2}} are equal, and the latter comes later. Probabilities are exact fractions
   * until they are given out, rounded once. Impossible paths, which miss a block of p_i = 1 or take
   * one of p_i = 0, come last.
   *
   * <p>The stream is lazy: what it remembers grows with what was taken from it, by at most three
   * paths for each, never with 2^n. So {@code limit} ends it soon; it does not know its size, and
   * splits no better than any iterator.
   *
   * @param survival the survival probability p_i of each block of the network, in [0, 1], {@link
   *     #blocks()} of them
   * @return a lazy stream
   * @throws InvalidPathException if there are more or fewer probabilities than blocks, one is not
   *     in [0, 1], or blocks do not name paths here
   * @throws RunInterruptedException as {@link #stream()} says
   */
  Stream<ProbablePath> mostProbable(double... survival);

  /**
   * The same paths by how probable they are under stochastic depth, as {@link
   * #mostProbable(double...)} says; for what {@code TrainingWiring.survivalProbabilities} gives.
   *
   * @param survival the survival probability of each block, in [0, 1], {@link #blocks()} of them
   * @return a lazy stream
   * @throws InvalidPathException if there are more or fewer probabilities than blocks, one is not
   *     in [0, 1], or blocks do not name paths here
   */
  default Stream<ProbablePath> mostProbable(List<Double> survival) {
    return mostProbable(survival.stream().mapToDouble(p -> p).toArray());
  }

  /**
   * The share that these paths are of others: {@code paths.around(3, 7).fractionOf(paths)} is what
   * deleting blocks 3 and 7 leaves.
   *
   * @param all paths to compare with, at least one
   * @return this count divided by the other
   * @throws InvalidPathException if there are none to compare with
   */
  double fractionOf(PathEnumerator all);

  /**
   * The share of these paths that is left, on average, after deleting blocks drawn uniformly among
   * all n: a path of x blocks is left with probability C(n-d, x)/C(n, x) (section 4.2 of the paper,
   * figure 7, which has it for the paths of one length).
   *
   * @param deleted the number d of deleted blocks, from 0 to n
   * @return the expected share, in [0, 1]
   * @throws InvalidPathException if the number is out of range, there is no path, or a block occurs
   *     in several steps with a branch
   */
  double fractionLeft(int deleted);

  /**
   * The share of these paths that damage touches: those that take a skip connection or branch whose
   * gain or source differs between this view's wiring and the damaged one, or the branch of a block
   * that is moved or run another number of times there.
   *
   * @param damaged another wiring of the same blocks
   * @return the share, in [0, 1]
   * @throws InvalidPathException if there is no path
   */
  double fractionAffected(Wiring damaged);
}
