package io.github.resnetensembles.path;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.math.BigIntegerMath;
import com.google.common.primitives.Ints;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Wiring;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Paths through the steps of a wiring. */
final class BlockPaths implements PathEnumerator {
  private static final Interrupts DRAWING = Interrupts.during("paths were drawn");

  private final int blocks;
  private final Wiring wiring;

  /** One for each step of the wiring. */
  private final List<PathStep> steps;

  private final int shortest;
  private final int longest;
  private final PathOrder order;

  /** Of the steps alone, so shared by views that differ in length or order. */
  private final Supplier<BigInteger[]> polynomial;

  private final Supplier<PathCounts> lengths;
  private final Supplier<Listing> listing;

  private BlockPaths(
      int blocks,
      Wiring wiring,
      List<PathStep> steps,
      int shortest,
      int longest,
      PathOrder order,
      Supplier<BigInteger[]> polynomial) {
    this.blocks = blocks;
    this.wiring = wiring;
    this.steps = steps;
    this.shortest = shortest;
    this.longest = longest;
    this.order = order;
    this.polynomial = polynomial;
    this.lengths = Suppliers.memoize(() -> new CountedLengths(polynomial.get(), shortest, longest));
    this.listing = Suppliers.memoize(this::list);
  }

  private static BlockPaths of(int blocks, Wiring wiring, List<PathStep> steps) {
    PathStep.check("the number of blocks", blocks, 0, MAX_BLOCKS);
    PathStep.check("the number of steps", steps.size(), 0, MAX_BLOCKS);
    List<PathStep> copy = List.copyOf(steps);
    return new BlockPaths(
        blocks, wiring, copy, 0, copy.size(), PathOrder.NUMERICAL, memoized(copy));
  }

  private static Supplier<BigInteger[]> memoized(List<PathStep> steps) {
    return Suppliers.memoize(() -> LengthPolynomial.of(steps, step -> 1));
  }

  static PathEnumerator of(int blocks) {
    PathStep.check("the number of blocks", blocks, 0, MAX_BLOCKS);
    return of(IntStream.rangeClosed(1, blocks).mapToObj(PathStep::residual).toList());
  }

  static PathEnumerator of(List<PathStep> steps) {
    Wiring wiring =
        new Wiring(
            steps.stream()
                .map(
                    step ->
                        new Wiring.Step(
                            step.block(),
                            step.skips(),
                            Math.min(1, step.branches()),
                            BranchSource.own()))
                .toList());
    return of(steps.stream().mapToInt(PathStep::block).max().orElse(0), wiring, steps);
  }

  static PathEnumerator of(Architecture architecture, Wiring wiring) {
    PathStep.check("the number of blocks", architecture.size(), 0, MAX_BLOCKS);
    wiring.validate(architecture);
    List<PathStep> steps =
        wiring.steps().stream()
            .map(
                step ->
                    new PathStep(
                        step.block(),
                        step.skipGain() != 0 ? 1 : 0,
                        step.computesBranch() ? 1 : 0,
                        convolutions(architecture.block(step.block()))))
            .toList();
    return of(architecture.size(), wiring, steps);
  }

  private static int convolutions(Block block) {
    return (int)
        block.layers().branch().stream()
            .filter(placed -> placed.layer() instanceof Layer.Convolution)
            .count();
  }

  @Override
  public int blocks() {
    return blocks;
  }

  @Override
  public List<PathStep> steps() {
    return steps;
  }

  @Override
  public PathOrder order() {
    return order;
  }

  @Override
  public BigInteger count() {
    return lengths.get().total();
  }

  @Override
  public PathCounts lengths() {
    return lengths.get();
  }

  @Override
  public PathCounts weightLayers() {
    for (PathStep step : steps) {
      if (step.branches() > 0 && step.layers() == 0) {
        throw new InvalidPathException(
            ("the weight layers of block %s are not known; give PathStep.withLayers, or"
                    + " count blocks with lengths()")
                .formatted(step.block()));
      }
    }
    int[] widths =
        steps.stream()
            .filter(step -> step.branches() > 0)
            .mapToInt(PathStep::layers)
            .distinct()
            .toArray();
    if (widths.length == 1) {
      return widened(widths[0]);
    }
    if (shortest > 0 || longest < steps.size()) {
      throw new InvalidPathException(
          ("the branches differ in their weight layers, so those of paths %s are not"
                  + " counted; count those of all paths")
              .formatted(range()));
    }
    BigInteger[] counts = LengthPolynomial.of(steps, PathStep::layers);
    return new CountedLengths(counts, 0, counts.length - 1);
  }

  private PathCounts widened(int width) {
    BigInteger[] narrow = polynomial.get();
    BigInteger[] wide = new BigInteger[Math.max(0, (narrow.length - 1) * width + 1)];
    Arrays.fill(wide, BigInteger.ZERO);
    for (int k = 0; k < narrow.length; k++) {
      wide[k * width] = narrow[k];
    }
    return new CountedLengths(wide, shortest * width, longest * width);
  }

  @Override
  public PathEnumerator ofLengths(int from, int to) {
    if (from < 0) {
      throw new InvalidPathException("a path length is at least 0, got " + from);
    }
    CountedLengths.checkInterval(from, to);
    return withLengths(Math.max(shortest, from), Math.min(longest, to));
  }

  private PathEnumerator withLengths(int from, int to) {
    return new BlockPaths(blocks, wiring, steps, from, to, order, polynomial);
  }

  @Override
  public PathEnumerator through(int... through) {
    BlockPaths view = this;
    for (int block : Set.copyOf(Ints.asList(through))) {
      checkExists(block);
      long runs = steps.stream().filter(step -> step.block() == block).count();
      if (runs == 0) {
        return withLengths(1, 0);
      }
      if (runs > 1) {
        throw new InvalidPathException(
            String.format(
                "block %s is run %s times, so the paths through it are not one choice; go around"
                    + " it, or take another block",
                block, runs));
      }
      view = view.replace(block, s -> new PathStep(block, 0, s.branches(), s.layers()));
    }
    return view;
  }

  @Override
  public PathEnumerator around(int... around) {
    BlockPaths view = this;
    for (int block : Set.copyOf(Ints.asList(around))) {
      checkExists(block);
      view = view.replace(block, step -> step.withBranches(0));
    }
    return view;
  }

  private void checkExists(int block) {
    if (block < 1 || block > blocks) {
      throw new InvalidPathException(
          "there is no block " + block + ": the blocks are 1 to " + blocks);
    }
  }

  private BlockPaths replace(int block, UnaryOperator<PathStep> rule) {
    return withSteps(
        steps.stream().map(step -> step.block() == block ? rule.apply(step) : step).toList());
  }

  private BlockPaths withSteps(List<PathStep> changed) {
    return new BlockPaths(blocks, wiring, changed, shortest, longest, order, memoized(changed));
  }

  @Override
  public PathEnumerator ordered(PathOrder newOrder) {
    return new BlockPaths(blocks, wiring, steps, shortest, longest, newOrder, polynomial);
  }

  /** The paths as subsets of the blocks that a path may or may not take. */
  private record Listing(Ground ground, Subsets subsets) {
    private void checkRange(BigInteger from, BigInteger to) {
      BigInteger count = subsets.count();
      if (from.signum() < 0 || from.compareTo(to) > 0 || to.compareTo(count) > 0) {
        throw new InvalidPathException(
            String.format(
                "a range of ranks lies in 0..%s and ascends, got %s..%s",
                brief(count), brief(from), brief(to)));
      }
    }
  }

  /** A number that may have thousands of digits. */
  private static String brief(BigInteger number) {
    return number.bitLength() <= 128
        ? number.toString()
        : "a number of " + number.bitLength() + " bits";
  }

  private Listing list() {
    BitSet forced = new BitSet(blocks);
    BitSet free = new BitSet(blocks);
    boolean blocked = shortest > longest;
    for (PathStep step : steps) {
      blocked |= step.skips() + step.branches() == 0;
    }
    for (PathStep step : steps) {
      int bit = step.block() - 1;
      if (step.branches() == 0 || blocked) {
        continue;
      }
      if (step.branches() > 1) {
        throw unnamed(step.block(), "has " + step.branches() + " parallel branches");
      }
      if (forced.get(bit) || free.get(bit)) {
        throw unnamed(step.block(), "is run several times");
      }
      (step.skips() == 0 ? forced : free).set(bit);
    }
    Ground ground = new Ground(forced, free);
    return new Listing(
        ground,
        blocked
            ? new Subsets(0, 1, 0, order)
            : new Subsets(
                ground.free(), shortest - ground.forced(), longest - ground.forced(), order));
  }

  private static InvalidPathException unnamed(int block, String why) {
    return new InvalidPathException(
        String.format(
            "block %s %s, so a set of blocks does not name one path; count() and lengths() still"
                + " hold, and so does around(%s)",
            block, why, block));
  }

  @Override
  public boolean contains(ResidualPath path) {
    int length = path.length();
    Listing list = listing.get();
    return length >= shortest
        && length <= longest
        && list.subsets().count().signum() > 0
        && list.ground().contains(path);
  }

  @Override
  public Stream<ResidualPath> stream() {
    return stream(BigInteger.ZERO, listing.get().subsets().count());
  }

  @Override
  public Stream<ResidualPath> stream(BigInteger from, BigInteger to) {
    Listing list = listing.get();
    list.checkRange(from, to);
    return StreamSupport.stream(
        blocks <= MAX_MASK_BLOCKS
            ? new PathSpliterator.OfMasks(
                new MaskSpliterator(list.subsets(), list.ground(), from, to), order)
            : new PathSpliterator(list.subsets(), list.ground(), from, to),
        false);
  }

  @Override
  public LongStream masks() {
    return masks(BigInteger.ZERO, listing.get().subsets().count());
  }

  @Override
  public LongStream masks(BigInteger from, BigInteger to) {
    if (blocks > MAX_MASK_BLOCKS) {
      throw new InvalidPathException(
          String.format(
              "masks are for at most %s blocks, but there are %s; use stream()",
              MAX_MASK_BLOCKS, blocks));
    }
    Listing list = listing.get();
    list.checkRange(from, to);
    return StreamSupport.longStream(
        new MaskSpliterator(list.subsets(), list.ground(), from, to), false);
  }

  @Override
  public BigInteger rank(ResidualPath path) {
    if (!contains(path)) {
      throw new InvalidPathException("the path " + path + " is none of the " + this);
    }
    Listing list = listing.get();
    return list.subsets().rank(list.ground().subset(path));
  }

  @Override
  public ResidualPath unrank(BigInteger rank) {
    Listing list = listing.get();
    BigInteger count = list.subsets().count();
    if (rank.signum() < 0 || rank.compareTo(count) >= 0) {
      throw new InvalidPathException(
          "ranks of the " + this + " are from 0 to below " + brief(count) + ", got " + brief(rank));
    }
    return list.ground().path(list.subsets().unrank(rank));
  }

  @Override
  public Stream<ResidualPath> sample(int draws, long seed) {
    PathStep.check("the number of draws", draws, 0, Integer.MAX_VALUE);
    Listing list = listing.get();
    Subsets subsets = list.subsets();
    if (subsets.count().signum() == 0) {
      throw new InvalidPathException("there is no path to draw among the " + this);
    }
    return IntStream.range(0, draws)
        .mapToObj(
            i -> {
              DRAWING.check(i);
              return list.ground()
                  .path(subsets.draw(Generators.of(seed, "path", subsets.smallest(), i + 1)));
            });
  }

  @Override
  public Stream<ProbablePath> mostProbable(double... survival) {
    Listing list = listing.get();
    return MostProbable.stream(this, list.ground(), list.subsets(), survival);
  }

  @Override
  public double fractionOf(PathEnumerator all) {
    BigInteger count = all.count();
    if (count.signum() == 0) {
      throw new InvalidPathException("there is no path among the " + all + " to compare with");
    }
    return Ratios.of(count(), count);
  }

  @Override
  public double fractionLeft(int deleted) {
    PathStep.check("the number of deleted blocks", deleted, 0, blocks);
    BitSet seen = new BitSet(blocks + 1);
    for (PathStep step : steps) {
      if (step.branches() > 0 && seen.get(step.block())) {
        throw unnamed(step.block(), "is run several times");
      }
      seen.set(step.block(), step.branches() > 0 || seen.get(step.block()));
    }
    PathCounts counts = lengths();
    if (counts.total().signum() == 0) {
      throw new InvalidPathException("there is no path among the " + this);
    }
    BigInteger left = BigInteger.ZERO;
    for (int length = counts.shortest();
        length <= Math.min(counts.longest(), blocks - deleted);
        length++) {
      left =
          left.add(
              counts.count(length).multiply(BigIntegerMath.binomial(blocks - length, deleted)));
    }
    return Ratios.of(left, counts.total().multiply(BigIntegerMath.binomial(blocks, deleted)));
  }

  @Override
  public double fractionAffected(Wiring damaged) {
    damaged.order().forEach(this::checkExists);
    if (count().signum() == 0) {
      throw new InvalidPathException("there is no path among the " + this);
    }
    BlockPaths untouched = withSteps(new Damage(wiring, damaged).untouched(steps));
    return Ratios.of(count().subtract(untouched.count()), count());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlockPaths paths
        && blocks == paths.blocks
        && wiring.equals(paths.wiring)
        && steps.equals(paths.steps)
        && shortest == paths.shortest
        && longest == paths.longest
        && order == paths.order;
  }

  @Override
  public int hashCode() {
    return Objects.hash(blocks, wiring, steps, shortest, longest, order);
  }

  private String range() {
    return shortest == longest
        ? "of length " + shortest
        : "of lengths " + shortest + " to " + longest;
  }

  @Override
  public String toString() {
    return "paths " + range() + " through " + blocks + " blocks";
  }
}
