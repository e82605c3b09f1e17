package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Test-time damage: a rewriting of a network's {@link Wiring}. Lesions are values: they compare,
 * compose with {@link #then}, print themselves and go through JSON; the network is never changed.
 *
 * <p>Lesions name blocks of the original network, not positions: after a swap or a duplication
 * {@code delete{4}} deletes every step of block 4. Gains multiply. A swap or order after a
 * duplication is refused.
 */
@MappedBy(LesionJson.class)
public sealed interface Lesion {
  /** No damage: {@code intact}. */
  record Intact() implements Lesion {
    @Override
    public Optional<Set<Integer>> deletedBlocks() {
      return Optional.of(Set.of());
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return Set.of();
    }

    @Override
    public String toString() {
      return "intact";
    }
  }

  /**
   * Deletes residual branches: branch gain 0, and in a plain block the shortcut stands in.
   *
   * @param blocks their numbers, at least one
   */
  @JsonForm(kind = "delete")
  record Delete(Set<Integer> blocks) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks their numbers
     */
    public Delete {
      blocks = checked(blocks);
    }

    @Override
    public Optional<Set<Integer>> deletedBlocks() {
      return Optional.of(blocks);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return blocks;
    }

    @Override
    public String toString() {
      return "delete" + text(blocks);
    }
  }

  /**
   * Deletes skip connections: skip gain 0. Refused for a block without one.
   *
   * @param blocks their numbers, at least one
   */
  @JsonForm(kind = "deleteSkip")
  record DeleteSkip(Set<Integer> blocks) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks their numbers
     */
    public DeleteSkip {
      blocks = checked(blocks);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return blocks;
    }

    @Override
    public String toString() {
      return "deleteSkip" + text(blocks);
    }
  }

  /**
   * Multiplies the branch gain of one block.
   *
   * @param block its number
   * @param factor finite
   */
  @MappedBy(LesionJson.Scale.class)
  @JsonForm(kind = "scale", fields = "blocks factor")
  record Scale(int block, double factor) implements Lesion {
    /**
     * Checks the components.
     *
     * @param block its number
     * @param factor finite
     */
    public Scale {
      checkNumber(block);
      if (!Double.isFinite(factor)) {
        throw new InvalidLesionException(
            "the factor of block " + block + " must be finite, got " + factor);
      }
      factor = Numbers.unsignedZero(factor);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return Set.of(block);
    }

    @Override
    public String toString() {
      return "scale{" + block + "=" + factor + "}";
    }

    List<Integer> blocks() {
      return List.of(block);
    }
  }

  /**
   * Runs blocks twice in succession. Refused for a block that changes the shape, and where repeated
   * duplications would make more than 65536 steps.
   *
   * @param blocks their numbers, at least one
   */
  @JsonForm(kind = "duplicate")
  record Duplicate(Set<Integer> blocks) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks their numbers
     */
    public Duplicate {
      blocks = checked(blocks);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return blocks;
    }

    @Override
    public String toString() {
      return "duplicate" + text(blocks);
    }
  }

  /**
   * Exchanges the places of two blocks, pair after pair. Refused for blocks that change the shape
   * or have different shapes.
   *
   * @param pairs at least one, applied in this order
   */
  @JsonForm(kind = "swap")
  record Swap(List<Pair> pairs) implements Lesion {
    /**
     * Copies and checks the pairs.
     *
     * @param pairs at least one
     */
    public Swap {
      pairs = List.copyOf(pairs);
      if (pairs.isEmpty()) {
        throw new InvalidLesionException("a swap needs at least one pair of blocks");
      }
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return pairs.stream()
          .flatMap(pair -> Stream.of(pair.first(), pair.second()))
          .collect(Collectors.toSet());
    }

    @Override
    public boolean reorders() {
      return true;
    }

    @Override
    public String toString() {
      return pairs.stream().map(Pair::toString).collect(Collectors.joining(",", "swap{", "}"));
    }
  }

  /**
   * Two blocks that change places.
   *
   * @param first a block's number
   * @param second another block's number
   */
  @JsonForm(array = true)
  record Pair(int first, int second) {
    /**
     * Checks that the numbers are two different ones.
     *
     * @param first a block's number
     * @param second another block's number
     */
    public Pair {
      checkNumber(first);
      checkNumber(second);
      if (first == second) {
        throw new InvalidLesionException(
            "a swap needs two different blocks, got " + first + " twice");
      }
    }

    @Override
    public String toString() {
      return first + "-" + second;
    }
  }

  /**
   * Runs the blocks in another order.
   *
   * @param blocks a permutation of 1..n
   */
  @JsonForm(kind = "order")
  record Order(List<Integer> blocks) implements Lesion {
    /**
     * Copies and checks the permutation.
     *
     * @param blocks a permutation of 1
     */
    public Order {
      blocks = List.copyOf(blocks);
      if (blocks.isEmpty()
          || !new TreeSet<>(blocks)
              .equals(
                  java.util.stream.IntStream.rangeClosed(1, blocks.size())
                      .boxed()
                      .collect(Collectors.toCollection(TreeSet::new)))) {
        throw new InvalidLesionException(
            "an order lists every block from 1 to the number of blocks once, got "
                + Names.shorten(blocks));
      }
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return IntStream.range(0, blocks.size())
          .filter(i -> blocks.get(i) != i + 1)
          .mapToObj(blocks::get)
          .collect(Collectors.toSet());
    }

    @Override
    public boolean reorders() {
      return true;
    }

    @Override
    public String toString() {
      return blocks.stream().map(String::valueOf).collect(Collectors.joining(",", "order{", "}"));
    }
  }

  /**
   * Keeps one path: the skip gain of the blocks on it becomes 0, the branch gain of all others.
   *
   * @param blocks the blocks on the path; may be empty (the path of skip connections alone)
   */
  @JsonForm(kind = "keepOnly")
  record KeepOnly(Set<Integer> blocks) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks the blocks on the path
     */
    public KeepOnly {
      blocks.forEach(Lesion::checkNumber);
      blocks = sorted(blocks);
    }

    /** A path keeps either the skip connection or the branch of every block. */
    @Override
    public Set<Integer> damagedBlocks(int size) {
      return IntStream.rangeClosed(1, size).boxed().collect(Collectors.toSet());
    }

    @Override
    public String toString() {
      return "keepOnly" + text(blocks);
    }
  }

  /**
   * Replaces the branch's output by its mean over a reference set, in the intact forward pass.
   *
   * @param blocks their numbers, at least one
   * @param reference the images of the mean
   */
  @JsonForm(kind = "mean")
  record Mean(Set<Integer> blocks, ReferenceSet reference) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks their numbers
     * @param reference the images of the mean
     */
    public Mean {
      Require.present("reference", reference);
      blocks = checked(blocks);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return blocks;
    }

    @Override
    public boolean takesReference() {
      return true;
    }

    @Override
    public String toString() {
      return "mean" + text(blocks);
    }
  }

  /**
   * Replaces the branch's output by that for another image, in the intact forward pass.
   *
   * @param blocks their numbers, at least one
   * @param reference the images that donors are drawn from
   * @param seed of the donors
   */
  @JsonForm(kind = "resample")
  record Resample(Set<Integer> blocks, ReferenceSet reference, long seed) implements Lesion {
    /**
     * Copies, sorts and checks the numbers.
     *
     * @param blocks their numbers
     * @param reference the images that donors are drawn from
     * @param seed of the donors
     */
    public Resample {
      Require.present("reference", reference);
      blocks = checked(blocks);
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return blocks;
    }

    @Override
    public boolean takesReference() {
      return true;
    }

    @Override
    public String toString() {
      return "resample" + text(blocks);
    }
  }

  /**
   * One lesion after another.
   *
   * @param lesions at least two, none of them a sequence or intact
   */
  record Sequence(List<Lesion> lesions) implements Lesion {
    /**
     * Copies and checks the list; {@link Lesion#then} makes sequences flat.
     *
     * @param lesions at least two
     */
    public Sequence {
      lesions = List.copyOf(lesions);
      if (lesions.size() < 2
          || lesions.stream().anyMatch(l -> l instanceof Sequence || l instanceof Intact)) {
        throw new InvalidLesionException(
            "a sequence has two or more lesions that are no sequences and not intact; then() joins"
                + " them so");
      }
    }

    @Override
    public Set<Integer> damagedBlocks(int size) {
      return lesions.stream()
          .flatMap(lesion -> lesion.damagedBlocks(size).stream())
          .collect(Collectors.toSet());
    }

    @Override
    public boolean reorders() {
      return lesions.stream().anyMatch(Lesion::reorders);
    }

    @Override
    public boolean takesReference() {
      return lesions.stream().anyMatch(Lesion::takesReference);
    }

    @Override
    public String toString() {
      return lesions.stream().map(Lesion::toString).collect(Collectors.joining(" then "));
    }
  }

  /** {@return no damage} */
  static Lesion intact() {
    return new Intact();
  }

  /**
   * Deletes residual branches.
   *
   * @param blocks their numbers, at least one
   * @return the lesion
   */
  static Lesion delete(int... blocks) {
    return new Delete(boxed(blocks));
  }

  /**
   * Deletes skip connections.
   *
   * @param blocks their numbers, at least one
   * @return the lesion
   */
  static Lesion deleteSkip(int... blocks) {
    return new DeleteSkip(boxed(blocks));
  }

  /**
   * Multiplies a branch.
   *
   * @param block its number
   * @param factor finite
   * @return the lesion
   */
  static Lesion scale(int block, double factor) {
    return new Scale(block, factor);
  }

  /**
   * Runs blocks twice.
   *
   * @param blocks their numbers, at least one
   * @return the lesion
   */
  static Lesion duplicate(int... blocks) {
    return new Duplicate(boxed(blocks));
  }

  /**
   * Exchanges two blocks.
   *
   * @param first a block's number
   * @param second another block's number
   * @return the lesion
   */
  static Lesion swap(int first, int second) {
    return new Swap(List.of(new Pair(first, second)));
  }

  /**
   * Runs the blocks in another order.
   *
   * @param blocks every block number once
   * @return the lesion
   */
  static Lesion order(int... blocks) {
    return new Order(Arrays.stream(blocks).boxed().toList());
  }

  /**
   * Keeps one path only.
   *
   * @param blocks the blocks on the path, perhaps none
   * @return the lesion
   */
  static Lesion keepOnly(int... blocks) {
    return new KeepOnly(boxed(blocks));
  }

  /**
   * Replaces branches by their means.
   *
   * @param reference the images of the mean
   * @param blocks their numbers, at least one
   * @return the lesion
   */
  static Lesion mean(ReferenceSet reference, int... blocks) {
    return new Mean(boxed(blocks), reference);
  }

  /**
   * Replaces branches by those for other images.
   *
   * @param reference the images that donors are drawn from
   * @param seed of the donors
   * @param blocks their numbers, at least one
   * @return the lesion
   */
  static Lesion resample(ReferenceSet reference, long seed, int... blocks) {
    return new Resample(boxed(blocks), reference, seed);
  }

  /**
   * Composes any number of lesions, as {@link #then} does with two.
   *
   * @param lesions in the order in which they are applied; none is {@link #intact()}
   * @return all of them
   */
  static Lesion sequence(List<? extends Lesion> lesions) {
    return Wirings.compose(lesions);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal lesion
   * @throws InvalidJsonException if the text is no lesion
   */
  static Lesion fromJson(String json) {
    return JsonNode.parse(json, "the lesion").as(Lesion.class);
  }

  /**
   * {@return the blocks that it deletes, none if it is intact; empty if it does anything but delete
   * blocks, or does it in several parts}
   */
  default Optional<Set<Integer>> deletedBlocks() {
    return Optional.empty();
  }

  /**
   * {@return the blocks whose step in the wiring it changes or moves}
   *
   * @param size the number of the network's blocks
   */
  Set<Integer> damagedBlocks(int size);

  /** {@return whether it moves blocks} */
  default boolean reorders() {
    return false;
  }

  /** {@return whether it replaces branches by what other images give} */
  default boolean takesReference() {
    return false;
  }

  /**
   * Composes two lesions.
   *
   * @param next applied after this one
   * @return both
   */
  default Lesion then(Lesion next) {
    return Wirings.compose(List.of(this, next));
  }

  /**
   * The damaged wiring of a network.
   *
   * @param architecture the network
   * @return its wiring under this lesion
   * @throws InvalidLesionException if the lesion does not fit: a block that does not exist, a swap
   *     of blocks of different shape, a plain block's missing skip connection …; the message says
   *     why
   */
  default Wiring applyTo(Architecture architecture) {
    return Wirings.apply(this, architecture);
  }

  /** {@return this lesion as JSON, one line} */
  default String toJson() {
    return JsonNode.write(Lesion.class, this);
  }

  private static Set<Integer> boxed(int... blocks) {
    return Arrays.stream(blocks).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Integer> checked(Set<Integer> blocks) {
    if (blocks.isEmpty()) {
      throw new InvalidLesionException("a lesion needs at least one block");
    }
    blocks.forEach(Lesion::checkNumber);
    return sorted(blocks);
  }

  private static Set<Integer> sorted(Set<Integer> blocks) {
    return com.google.common.collect.ImmutableSortedSet.copyOf(blocks);
  }

  private static void checkNumber(int block) {
    if (block < 1) {
      throw new InvalidLesionException("blocks are numbered from 1, got " + block);
    }
  }

  private static String text(Set<Integer> blocks) {
    return blocks.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
