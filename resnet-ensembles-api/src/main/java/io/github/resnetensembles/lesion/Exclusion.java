package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.network.Architecture;
import java.util.Arrays;
import java.util.Set;

/**
 * Blocks that random plans leave alone.
 *
 * <p>Implemented by this library alone.
 */
@MappedBy(Exclusions.Mapping.class)
public interface Exclusion {
  /** {@return no block is left alone: {@code none}} */
  static Exclusion none() {
    return Exclusions.NONE;
  }

  /** {@return the blocks that change the shape: {@code transitions}} */
  static Exclusion transitions() {
    return Exclusions.TRANSITIONS;
  }

  /** {@return what the authors' plots leave out, transitions and block 1: {@code published}} */
  static Exclusion published() {
    return Exclusions.PUBLISHED;
  }

  /**
   * Leaves given blocks alone.
   *
   * @param blocks their numbers
   * @return the exclusion
   */
  static Exclusion of(int... blocks) {
    return Exclusions.of(Arrays.stream(blocks).boxed().toList());
  }

  /**
   * Reads the form that {@link #toString()} gives.
   *
   * @param text {@code none}, {@code transitions}, {@code published} or numbers like {@code
   *     1,19,37}
   * @return the exclusion
   * @throws InvalidLesionException if it is none of these
   */
  static Exclusion parse(String text) {
    return Exclusions.parse(text);
  }

  /**
   * The blocks to leave alone.
   *
   * @param architecture the network
   * @return their numbers, sorted
   * @throws InvalidLesionException if a listed block does not exist
   */
  Set<Integer> blocks(Architecture architecture);

  /** {@return the form that {@link #parse} reads} */
  @Override
  String toString();
}
