package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import java.util.Collection;
import java.util.SortedSet;

/**
 * A path through a residual network: the set of the blocks whose residual branch the signal takes.
 * It takes the skip connection of all others. Two paths are equal if they have the same blocks,
 * whatever network they are thought in. An immutable value, written {@code {1,5,9}}.
 *
 * <p>{@code new Lesion.KeepOnly(path.blocks())} is the lesion that leaves this path alone. {@link
 * PathOrder} compares paths.
 *
 * <p>Implemented by this library alone.
 */
@MappedBy(BlockSet.Mapping.class)
public interface ResidualPath {
  /**
   * The path through some blocks.
   *
   * @param blocks their numbers, from 1 to {@value PathEnumerator#MAX_BLOCKS}, in any order; none
   *     is the path of skip connections alone
   * @return the path
   * @throws InvalidPathException if a number is out of range or occurs twice
   */
  static ResidualPath of(int... blocks) {
    return BlockSet.of(blocks);
  }

  /**
   * The path through some blocks.
   *
   * @param blocks their numbers, from 1 to {@value PathEnumerator#MAX_BLOCKS}, in any order
   * @return the path
   * @throws InvalidPathException if a number is out of range or occurs twice
   */
  static ResidualPath of(Collection<Integer> blocks) {
    return BlockSet.of(blocks.stream().mapToInt(block -> block).toArray());
  }

  /**
   * The path of a bit mask.
   *
   * @param mask block i is on the path if bit i-1 is set; not negative, so for blocks 1 to 63
   * @return the path
   * @throws InvalidPathException if the mask is negative
   */
  static ResidualPath ofMask(long mask) {
    return BlockSet.ofMask(mask);
  }

  /**
   * Reads the form that {@link #toString()} gives.
   *
   * @param text such as {@code {1,5,9}} or {@code {}}; blanks around numbers do not matter
   * @return the path
   * @throws InvalidPathException if it is not of that form, or a number is out of range or occurs
   *     twice
   */
  static ResidualPath parse(String text) {
    return BlockSet.parse(text);
  }

  /**
   * Reads what {@link #toJson()} gives.
   *
   * @param json an array of block numbers
   * @return the path
   * @throws InvalidJsonException if it is no such array
   */
  static ResidualPath fromJson(String json) {
    return JsonNode.parse(json, "the path").as(ResidualPath.class);
  }

  /** {@return the number of blocks on the path} */
  int length();

  /** {@return the numbers of the blocks on the path, ascending; immutable} */
  SortedSet<Integer> blocks();

  /**
   * Says whether a block is on the path.
   *
   * @param block any number
   * @return whether it is
   */
  boolean contains(int block);

  /**
   * Says whether all blocks of another path are on this one.
   *
   * @param other another path
   * @return whether they are
   */
  boolean containsAll(ResidualPath other);

  /**
   * The path through the blocks of both paths together.
   *
   * @param other another path
   * @return the union
   */
  ResidualPath union(ResidualPath other);

  /**
   * The path through the blocks that two paths share.
   *
   * @param other another path
   * @return the intersection
   */
  ResidualPath intersection(ResidualPath other);

  /**
   * The path through the blocks of this path that are not on the other.
   *
   * @param other another path
   * @return the difference
   */
  ResidualPath minus(ResidualPath other);

  /**
   * The path through the blocks that are on exactly one of two paths.
   *
   * @param other another path
   * @return the symmetric difference
   */
  ResidualPath symmetricDifference(ResidualPath other);

  /**
   * The path through the blocks that this one goes around.
   *
   * @param blocks the number of blocks of the network, from 0 to {@value
   *     PathEnumerator#MAX_BLOCKS}, at least the largest block on the path
   * @return the complement
   * @throws InvalidPathException if the number is out of range
   */
  ResidualPath complement(int blocks);

  /**
   * This path as a bit mask.
   *
   * @return bit i-1 is set if block i is on the path; not negative
   * @throws InvalidPathException if a block above 63 is on the path
   */
  long mask();

  /** {@return the block numbers as a JSON array, ascending} */
  String toJson();

  /** {@return the block numbers in braces, ascending: {@code {1,5,9}}} */
  @Override
  String toString();
}
