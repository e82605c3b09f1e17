package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The paths that can occur under stochastic depth, the most probable first, paths of equal
 * probability in their own order. Blocks that surely survive or surely do not are settled; the
 * others stand in a row by falling odds p / (1 - p), equal odds by number.
 *
 * <p>Paths form a tree in which each comes strictly after its parent, so a heap of the children of
 * those that were given out has the next one on top. The root is the best path. The best path of
 * each size, the first so many of the row, has the best of the next size as its child, away from
 * the root's. Within a size a child comes about by moving one block a place down the row, where the
 * odds are no better and equal ones have a higher number: the last block first, then the one before
 * it, so that each path has one parent.
 *
 * <p>Probabilities are compared as exact fractions of the root's: rounded ones, or sums of rounded
 * logarithms, would part what is equal.
 */
final class MostProbable implements Iterator<ProbablePath> {
  /** Far more digits than a double has, so that its rounding is the last one. */
  private static final MathContext DIGITS = new MathContext(40);

  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** A positive fraction in lowest terms. */
  private record Fraction(BigInteger above, BigInteger below) implements Comparable<Fraction> {
    static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

    static Fraction of(BigInteger above, BigInteger below) {
      BigInteger divisor = above.gcd(below);
      return new Fraction(above.divide(divisor), below.divide(divisor));
    }

    Fraction times(Fraction other) {
      return of(above.multiply(other.above), below.multiply(other.below));
    }

    Fraction dividedBy(Fraction other) {
      return of(above.multiply(other.below), below.multiply(other.above));
    }

    @Override
    public int compareTo(Fraction other) {
      return above.multiply(other.below).compareTo(other.above.multiply(below));
    }
  }

  /** A block that may survive or not: bit 0 is block 1. */
  private record Candidate(int bit, Fraction odds) {}

  /**
   * A path in the tree.
   *
   * @param share its probability as a fraction of the root's
   * @param moving which of its blocks, counted along the row, moved last: those before it are the
   *     first of the row; the number of blocks if none has moved
   * @param place where in the row that block is; the length of the row if none has moved
   * @param end the place of the block behind it, which it cannot reach
   */
  private record Node(ResidualPath path, Fraction share, int moving, int place, int end) {}

  private final List<Candidate> row;
  private final int smallest;
  private final int largest;
  private final int rootSize;
  private final BigDecimal rootProbability;
  private final PriorityQueue<Node> heap;
  private long visited;

  private MostProbable(
      List<Candidate> row,
      BitSet settled,
      List<BigDecimal> survival,
      int smallest,
      int largest,
      PathOrder order) {
    this.row = row;
    this.smallest = smallest;
    this.largest = largest;
    heap =
        new PriorityQueue<>(
            Comparator.comparing(Node::share).reversed().thenComparing(Node::path, order));
    long likely = row.stream().filter(block -> block.odds().compareTo(Fraction.ONE) > 0).count();
    rootSize = Math.max(smallest, Math.min(largest, (int) likely));
    BitSet root = (BitSet) settled.clone();
    row.subList(0, rootSize).forEach(block -> root.set(block.bit()));
    BigDecimal probability = BigDecimal.ONE;
    for (int bit = 0; bit < survival.size(); bit++) {
      BigDecimal p = survival.get(bit);
      probability = probability.multiply(root.get(bit) ? p : BigDecimal.ONE.subtract(p), DIGITS);
    }
    rootProbability = probability;
    heap.add(unmoved(BlockSet.of(root), Fraction.ONE, rootSize));
  }

  /**
   * All paths of a view: those that can occur, then the others.
   *
   * @param paths the view, blocks of which name paths
   * @param ground the blocks that its paths must and may take
   * @param subsets which of the latter they take
   * @param survival one for each block
   */
  static Stream<ProbablePath> stream(
      PathEnumerator paths, Ground ground, Subsets subsets, double... survival) {
    if (survival.length != paths.blocks()) {
      throw new InvalidPathException(
          "there are %s blocks, so there must be %s survival probabilities, got %s"
              .formatted(paths.blocks(), paths.blocks(), survival.length));
    }
    List<BigDecimal> exact = new ArrayList<>();
    BitSet always = new BitSet();
    BitSet never = new BitSet();
    for (int bit = 0; bit < survival.length; bit++) {
      PoissonBinomial.checkSurvival(survival[bit], bit + 1);
      exact.add(decimal(survival[bit]));
      always.set(bit, survival[bit] == 1);
      never.set(bit, survival[bit] == 0);
    }
    Stream<ProbablePath> possible = possible(ground, subsets, exact, always, never);
    if (always.isEmpty() && never.isEmpty()) {
      return possible;
    }
    ResidualPath forAll = BlockSet.of(always);
    ResidualPath forNone = BlockSet.of(never);
    return Stream.concat(
        possible,
        paths.stream()
            .filter(path -> !path.containsAll(forAll) || path.intersection(forNone).length() > 0)
            .map(path -> new ProbablePath(path, 0, Double.NEGATIVE_INFINITY)));
  }

  private static Stream<ProbablePath> possible(
      Ground ground, Subsets subsets, List<BigDecimal> survival, BitSet always, BitSet never) {
    BitSet settled = ground.forcedBits();
    BitSet free = ground.freeBits();
    BitSet sure = (BitSet) free.clone();
    sure.and(always);
    int smallest = Math.max(0, subsets.smallest() - sure.cardinality());
    settled.or(sure);
    BitSet missing = (BitSet) always.clone();
    missing.andNot(settled);
    if (settled.intersects(never) || !missing.isEmpty()) {
      return Stream.empty();
    }
    List<Candidate> row =
        free.stream()
            .filter(bit -> !always.get(bit) && !never.get(bit))
            .mapToObj(bit -> new Candidate(bit, odds(survival.get(bit))))
            .sorted(Comparator.comparing(Candidate::odds).reversed())
            .toList();
    int largest = Math.min(row.size(), subsets.largest() - sure.cardinality());
    if (smallest > largest) {
      return Stream.empty();
    }
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new MostProbable(row, settled, survival, smallest, largest, subsets.order()),
            Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL),
        false);
  }

  /** The decimal number of the fewest digits that is this double, as people write it. */
  private static BigDecimal decimal(double value) {
    int digits = 1;
    BigDecimal decimal = new BigDecimal(value, new MathContext(digits));
    while (decimal.doubleValue() != value) {
      digits++;
      decimal = new BigDecimal(value, new MathContext(digits));
    }
    return decimal;
  }

  private static Fraction odds(BigDecimal survival) {
    BigDecimal dropped = BigDecimal.ONE.subtract(survival);
    int scale = Math.max(survival.scale(), dropped.scale());
    return Fraction.of(
        survival.setScale(scale).unscaledValue(), dropped.setScale(scale).unscaledValue());
  }

  @Override
  public boolean hasNext() {
    return !heap.isEmpty();
  }

  @Override
  public ProbablePath next() {
    MaskSpliterator.INTERRUPTS.check(visited++);
    Node node = heap.poll();
    if (node == null) {
      throw new NoSuchElementException();
    }
    if (node.place() == row.size()) {
      addNextSize(node);
    } else if (node.place() + 1 < node.end()) {
      addMoved(node, node.moving(), node.place(), node.end());
    }
    if (node.moving() > 0 && node.moving() < node.place()) {
      addMoved(node, node.moving() - 1, node.moving() - 1, node.place());
    }
    return probable(node);
  }

  private Node unmoved(ResidualPath path, Fraction share, int size) {
    return new Node(path, share, size, row.size(), row.size());
  }

  private void addNextSize(Node best) {
    int size = best.moving();
    if (size >= rootSize && size < largest) {
      Candidate more = row.get(size);
      heap.add(unmoved(flipped(best.path(), more), best.share().times(more.odds()), size + 1));
    }
    if (size <= rootSize && size > smallest) {
      Candidate less = row.get(size - 1);
      heap.add(unmoved(flipped(best.path(), less), best.share().dividedBy(less.odds()), size - 1));
    }
  }

  /** Adds a path with one of its blocks moved a place down the row. */
  private void addMoved(Node node, int moving, int place, int end) {
    Candidate from = row.get(place);
    Candidate to = row.get(place + 1);
    Fraction share = node.share().times(to.odds().dividedBy(from.odds()));
    heap.add(new Node(flipped(node.path(), from, to), share, moving, place + 1, end));
  }

  private static ResidualPath flipped(ResidualPath path, Candidate... blocks) {
    BitSet bits = BlockSet.bits(path);
    for (Candidate block : blocks) {
      bits.flip(block.bit());
    }
    return BlockSet.of(bits);
  }

  private ProbablePath probable(Node node) {
    BigDecimal probability =
        rootProbability
            .multiply(new BigDecimal(node.share().above()), DIGITS)
            .divide(new BigDecimal(node.share().below()), DIGITS);
    return new ProbablePath(
        node.path(), Math.min(1, probability.doubleValue()), Math.min(0, log(probability)));
  }

  private static double log(BigDecimal value) {
    if (value.compareTo(HALF) > 0) {
      return Math.log1p(value.subtract(BigDecimal.ONE).doubleValue());
    }
    int exponent = value.precision() - value.scale();
    return Math.log(value.scaleByPowerOfTen(-exponent).doubleValue()) + exponent * Math.log(10);
  }
}
