package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which lesions a study runs: an immutable list of rows, the same for the same seed on any backend
 * and JVM. A draw depends on (seed, kind, k, draw number) alone, through the generator {@code
 * XO_SHI_RO_256_PP} seeded from a SHA-256 of these four, so sharding a plan or adding draws never
 * changes the other draws. Only where there are no more lesions of a k than draws were asked for is
 * nothing drawn: all of them are listed, each once, in the order of their blocks.
 *
 * @param blocks the number of blocks of the network it was made for
 * @param description what was planned, and with which exclusion and seed, for people to read
 * @param excluded the blocks that random draws left alone, sorted
 * @param rows in order
 * @param part which rows of which plan these are; empty for a whole plan
 */
@MappedBy(LesionPlanJson.class)
@JsonForm(schema = 1, kind = "lesion-plan", fields = "blocks description excluded rows part?")
public record LesionPlan(
    int blocks,
    String description,
    List<Integer> excluded,
    List<PlannedLesion> rows,
    Optional<PlanPart> part) {
  private static final Interrupts INTERRUPTS =
      Interrupts.during("the wirings of a study were made");

  /**
   * Copies the lists.
   *
   * @param blocks the number of blocks of the network it was made for
   * @param description what was planned
   * @param excluded the blocks that random draws left alone
   * @param rows in order
   * @param part which rows of which plan these are
   * @throws InvalidLesionException if a row occurs twice, some rows are of a joined plan and others
   *     are not, or the part has another number of rows
   * @throws RunInterruptedException if the thread was interrupted while many rows were checked
   */
  public LesionPlan {
    Require.present("description", description);
    description = Names.oneLine(description, Names.MAX_KEPT);
    excluded = List.copyOf(excluded);
    rows = List.copyOf(rows);
    Require.atLeast(1, "blocks", blocks);
    Require.present("part", part);
    JoinedPlans.checkRows(rows);
    if (part.isPresent() && part.get().count() != rows.size()) {
      throw new InvalidLesionException(
          "the plan has %s rows, but the part that it is of another has %s"
              .formatted(rows.size(), part.get().count()));
    }
  }

  /**
   * A whole plan.
   *
   * @param blocks the number of blocks of the network it was made for
   * @param description what was planned
   * @param excluded the blocks that random draws left alone
   * @param rows in order
   * @throws InvalidLesionException if a row occurs twice, or some rows are of a joined plan and
   *     others are not
   * @throws RunInterruptedException if the thread was interrupted while many rows were checked
   */
  public LesionPlan(
      int blocks, String description, List<Integer> excluded, List<PlannedLesion> rows) {
    this(blocks, description, excluded, rows, Optional.empty());
  }

  /** {@return a plan that deletes each block in turn} */
  public static Builder deleteEach() {
    return PlanBuilders.deleteEach();
  }

  /**
   * Deletes k blocks drawn without repetition, for every k of a range. Two draws may be the same
   * lesion. Where there are no more sets of k blocks than draws, all of them are listed instead,
   * once each, as rows without a seed.
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
   * be in several pairs. Swaps that leave every block in its place are drawn again, unless k is all
   * pairs there are and these can do nothing else. Several draws may give the same order; they are
   * never listed instead, for this sampler does not give all orders the same probability.
   *
   * @param from the smallest k, at least 1
   * @param to the largest k, at most the number of distinct ordered pairs
   * @return a plan, by default of one draw for each k
   */
  public static Builder swapRandom(int from, int to) {
    return PlanBuilders.swapRandom(from, to);
  }

  /**
   * Duplicates k blocks drawn without repetition among those that keep the shape; all sets of k
   * blocks where there are no more of them than draws, as in {@link #deleteRandom}.
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
   * Several plans in one: their rows stand in the order of the plans, and each row knows the {@link
   * PlannedLesion#plan number} of its plan. A lesion that two plans list has a row in both, which
   * costs nothing, for equal wirings are run once. {@link LesionReport#byPlan} takes the results
   * apart again.
   *
   * @param plans at least one; a joined plan stands for those that it joins
   * @return the joined plan; a single plan as it is
   * @throws InvalidLesionException if there is no plan, they are for different numbers of blocks,
   *     two have the same rows, or one damages blocks that another excludes: a result lists the
   *     excluded blocks once, for all its rows
   */
  public static LesionPlan join(LesionPlan... plans) {
    return JoinedPlans.join(Arrays.asList(plans));
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal plan
   * @throws InvalidJsonException if the text is no plan
   */
  public static LesionPlan fromJson(String json) {
    return JsonNode.parse(json, "the plan").as(LesionPlan.class);
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

  /**
   * Cuts the rows into groups that can be run apart with little work done twice. Every group is a
   * study of its own, with its baseline: rows of one group share the prefixes of their wirings,
   * those of different groups do not. Groups are runs of rows in the order of a depth-first walk of
   * the tree of prefixes, and of all such groups that are not too large those that cost the least
   * together.
   *
   * @param base the damage that the rows are added to
   * @param architecture a network of as many blocks
   * @param images that every group is run on. Means of branch outputs are taken anew in every
   *     group, whatever their number, and cost as much for one image as for many
   * @param maxCost block evaluations of a group for all its images, at least 1; a single row that
   *     costs more with its baseline is a group of its own
   * @return the groups in the order of the walk; none for a plan without rows
   * @throws IllegalArgumentException if there are no images, or the cost is below 1
   * @throws InvalidLesionException as {@link #wirings} does
   * @throws RunInterruptedException if the thread was interrupted
   */
  public List<Group> cut(Lesion base, Architecture architecture, int images, long maxCost) {
    Require.atLeast(1, "maxCost", maxCost);
    return cuts(base, architecture, images).atMost(maxCost);
  }

  /**
   * Cuts the rows as {@link #cut} does, with a maximal cost that is about the smallest that gives
   * no more than so many groups. Their costs are about equal where rows are cheap beside a group.
   *
   * @param groups how many at the most, at least 1
   * @param base the damage that the rows are added to
   * @param architecture a network of as many blocks
   * @param images that every group is run on
   * @return the groups in the order of the walk; none for a plan without rows
   * @throws IllegalArgumentException if there are no images or no groups
   * @throws InvalidLesionException as {@link #wirings} does
   * @throws RunInterruptedException if the thread was interrupted
   */
  public List<Group> cutInto(int groups, Lesion base, Architecture architecture, int images) {
    Require.atLeast(1, "groups", groups);
    return cuts(base, architecture, images).into(groups);
  }

  private PlanCuts cuts(Lesion base, Architecture architecture, int images) {
    Require.atLeast(1, "images", images);
    return new PlanCuts(wirings(base, architecture), images);
  }

  /**
   * Some of the rows. The piece knows which rows of which plan it has, and so do reports of it.
   *
   * @param numbers of the rows, from 1, ascending
   * @return a plan of these rows
   * @throws InvalidLesionException if a number is out of range, or they do not ascend
   */
  public LesionPlan part(List<Integer> numbers) {
    return PlanBuilders.part(this, numbers);
  }

  /**
   * What tells this plan from others, whatever it calls itself.
   *
   * @return the SHA-256 of blocks, excluded blocks and rows in order, 64 lower-case hex digits
   */
  public String sha256() {
    return PlanHashes.of(this);
  }

  /** {@return which rows of which plan these are; all, if this is a whole one} */
  public PlanPart rowsOfPlan() {
    return part.orElseGet(() -> PlanPart.whole(sha256(), rows.size()));
  }

  /**
   * Checks that this plan is for a network of as many blocks.
   *
   * @param architecture the network
   * @throws InvalidLesionException if it is not
   */
  public void requireFits(Architecture architecture) {
    if (blocks != architecture.size()) {
      throw new InvalidLesionException(
          String.format(
              "the plan was made for %s blocks but %s has %s",
              blocks, architecture.name(), architecture.size()));
    }
  }

  /**
   * The wirings that the rows stand for, each built and checked once.
   *
   * @param base the damage that the rows are added to
   * @param architecture a network of as many blocks
   * @return first the wiring of the base alone, then one for each row
   * @throws InvalidLesionException if the plan is for another number of blocks, a lesion does not
   *     fit, or there are more steps than a study can hold
   * @throws RunInterruptedException if the thread was interrupted while many wirings were made
   */
  public List<Wiring> wirings(Lesion base, Architecture architecture) {
    requireFits(architecture);
    StepBudget budget = new StepBudget("the study");
    Wirings.Damaged view = new Wirings.Damaged(base, architecture);
    List<Wiring> wirings = new ArrayList<>(List.of(view.with(Lesion.intact())));
    for (PlannedLesion row : rows) {
      INTERRUPTS.check(wirings.size());
      Wiring wiring = view.with(row.lesion());
      budget.take(row.lesion(), wiring);
      wirings.add(wiring);
    }
    return wirings;
  }

  /** {@return this plan as JSON} */
  public String toJson() {
    return JsonNode.write(LesionPlan.class, this);
  }

  /**
   * Some rows of a plan that are run together: see {@link LesionPlan#cut}.
   *
   * @param rows their numbers in the plan, from 1, ascending; at least one
   * @param cost of a study of these rows and the baseline, exactly
   */
  public record Group(List<Integer> rows, Cost cost) {
    /**
     * Copies the list.
     *
     * @param rows their numbers in the plan
     * @param cost of a study of them
     * @throws IllegalArgumentException if there is no row, one is below 1, or they do not ascend
     */
    public Group {
      rows = List.copyOf(rows);
      Require.present("cost", cost);
      Require.atLeast(1, "the number of rows", rows.size());
      int before = 0;
      for (int row : rows) {
        Require.atLeast(before + 1, "a row of a group", row);
        before = row;
      }
    }
  }

  /**
   * Settings of a plan; every setting returns a new builder. A setting that the kind of plan has no
   * use for is refused.
   */
  public interface Builder {
    /** {@return what is done, as in "delete each block"} */
    String description();

    /** {@return whether something is drawn, so that draws and a seed have an effect} */
    boolean takesDraws();

    /** {@return whether blocks are chosen, so that an exclusion has an effect} */
    boolean takesExclusion();

    /**
     * Sets the draws for each k.
     *
     * @param draws at least 1
     * @return the changed copy
     * @throws InvalidLesionException if there are none, or the plan draws nothing at random
     */
    Builder draws(int draws);

    /**
     * Sets the seed of the draws.
     *
     * @param seed any
     * @return the changed copy
     * @throws InvalidLesionException if the plan draws nothing at random
     */
    Builder seed(long seed);

    /**
     * Sets the blocks that are left alone. Blocks that change the shape are never swapped or
     * duplicated, whatever is excluded.
     *
     * @param exclusion which
     * @return the changed copy
     * @throws InvalidLesionException if the plan is of given lesions, which name their blocks
     */
    Builder exclude(Exclusion exclusion);

    /**
     * Draws the plan for a network.
     *
     * @param architecture the network
     * @return the plan
     * @throws InvalidLesionException if it has no row, a lesion does not fit, more distinct blocks
     *     or pairs are asked for than exist, or there would be more rows and steps than a study can
     *     hold; the message gives the number that exist or are possible
     * @throws RunInterruptedException if the thread was interrupted while many rows were drawn
     */
    LesionPlan build(Architecture architecture);
  }
}
