package io.github.resnetensembles;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.lesion.LesionPlanJson;
import io.github.resnetensembles.internal.lesion.PlanBuilders;
import java.util.Arrays;
import java.util.List;

/**
 * Which lesions a study runs: an immutable list of rows, the same for the same seed on any backend
 * and JVM. A draw depends on (seed, kind, k, draw number) alone, through the generator {@code
 * XO_SHI_RO_256_PP} seeded from a SHA-256 of these four, so sharding a plan or adding draws never
 * changes the other draws.
 *
 * @param blocks the number of blocks of the network it was made for
 * @param description what was planned, and with which exclusion and seed, for people to read
 * @param excluded the blocks that random draws left alone, sorted
 * @param rows in order
 */
public record LesionPlan(
    int blocks, String description, List<Integer> excluded, List<PlannedLesion> rows) {
  /**
   * Copies the lists.
   *
   * @param blocks the number of blocks of the network it was made for
   * @param description what was planned
   * @param excluded the blocks that random draws left alone
   * @param rows in order
   * @throws InvalidLesionException if a row occurs twice
   */
  public LesionPlan {
    Require.present("description", description);
    description = Names.oneLine(description);
    excluded = List.copyOf(excluded);
    rows = List.copyOf(rows);
    Require.atLeast(1, "blocks", blocks);
    PlanBuilders.checkDistinct(rows);
  }

  /** {@return a plan that deletes each block in turn} */
  public static Builder deleteEach() {
    return PlanBuilders.deleteEach();
  }

  /**
   * Deletes k blocks drawn without repetition, for every k of a range.
   *
   * @param from the smallest k, at least 1
   * @param to the largest k, at most the number of blocks that may be drawn
   * @return a plan, by default of one draw for each k
   */
  public static Builder deleteRandom(int from, int to) {
    return PlanBuilders.deleteRandom(from, to);
  }

  /**
   * Swaps k random pairs of blocks inside stages, with the authors' sampler: until there are k
   * distinct ordered pairs, choose a stage uniformly among those with two movable blocks, and two
   * different movable blocks of it uniformly; then apply the swaps in the order drawn. A block may
   * be in several pairs.
   *
   * @param from the smallest k, at least 1
   * @param to the largest k, at most the number of distinct ordered pairs
   * @return a plan, by default of one draw for each k
   */
  public static Builder swapRandom(int from, int to) {
    return PlanBuilders.swapRandom(from, to);
  }

  /**
   * Duplicates k blocks drawn without repetition among those that keep the shape.
   *
   * @param from the smallest k, at least 1
   * @param to the largest k
   * @return a plan, by default of one draw for each k
   */
  public static Builder duplicateRandom(int from, int to) {
    return PlanBuilders.duplicateRandom(from, to);
  }

  /**
   * Deletes all blocks one after the other in random orders: for each draw a random order of the
   * blocks, and for each k from 1 to their number the row that deletes the first k of them. The
   * rows that {@link BlockValues} samples from.
   *
   * @return a plan, by default of one draw, that is one order
   */
  public static Builder deleteInRandomOrder() {
    return PlanBuilders.deleteInRandomOrder();
  }

  /** {@return a plan that deletes the skip connection of each block that has one, in turn} */
  public static Builder deleteEachSkip() {
    return PlanBuilders.deleteEachSkip();
  }

  /** {@return a plan that deletes every pair of blocks} */
  public static Builder deletePairs() {
    return PlanBuilders.deletePairs();
  }

  /** {@return a plan that deletes every set of blocks, the empty one included; for at most 16} */
  public static Builder deleteSubsets() {
    return PlanBuilders.deleteSubsets();
  }

  /**
   * Given lesions, one row each.
   *
   * @param lesions at least one
   * @return a plan
   */
  public static Builder of(Lesion... lesions) {
    return PlanBuilders.of(Arrays.asList(lesions));
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal plan
   * @throws InvalidJsonException if the text is no plan
   */
  public static LesionPlan fromJson(String json) {
    return LesionPlanJson.parse(json);
  }

  /**
   * One share of the rows: those whose number, counted from 0, is i - 1 modulo n.
   *
   * @param i which share, from 1 to n
   * @param n how many shares
   * @return the share; it may be empty if there are fewer rows than shares
   * @throws IllegalArgumentException if i is not in 1..n
   */
  public LesionPlan shard(int i, int n) {
    return PlanBuilders.shard(this, i, n);
  }

  /** {@return this plan as JSON} */
  public String toJson() {
    return LesionPlanJson.write(this);
  }

  /** Settings of a plan; every setting returns a new builder. */
  public interface Builder {
    /**
     * Sets the draws for each k.
     *
     * @param draws at least 1
     * @return the changed copy
     */
    Builder draws(int draws);

    /**
     * Sets the seed of the draws.
     *
     * @param seed any
     * @return the changed copy
     */
    Builder seed(long seed);

    /**
     * Sets the blocks that are left alone. Blocks that change the shape are never swapped or
     * duplicated, whatever is excluded.
     *
     * @param exclusion which
     * @return the changed copy
     */
    Builder exclude(Exclusion exclusion);

    /**
     * Draws the plan for a network.
     *
     * @param architecture the network
     * @return the plan
     * @throws InvalidLesionException if it has no row, a lesion does not fit, or more distinct
     *     blocks or pairs are asked for than exist; the message gives the number that exist
     */
    LesionPlan build(Architecture architecture);
  }
}
