package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import java.util.List;
import java.util.OptionalLong;

/**
 * What each residual branch contributes to the network, by the theory of cooperative games. The
 * players are the blocks; a set S of them is worth v(S), the {@link Payoff} of the network in which
 * only the branches in S are left and all others are deleted. Deleted blocks keep their skip
 * connection, transition blocks too; blocks that the plan excluded are always left.
 *
 * <p>The Shapley value of a block is the mean of v(S + block) - v(S) over all orders of the blocks,
 * S being those before it (Shapley 1953); over all blocks it adds up to v(all) - v(none). The
 * Banzhaf value is the mean over all sets S without the block (Banzhaf 1965).
 *
 * @param payoff what a set of blocks is worth
 * @param exact whether all sets were evaluated; otherwise the values are sampled
 * @param draws how many random orders the values were sampled from; 0 if they are exact
 * @param full v(all): the payoff of the network without further damage
 * @param empty v(none): the payoff with all branches deleted
 * @param blocks one value for each block that is not excluded, by number
 * @param interactions the Shapley interaction index of every pair (Grabisch and Roubens 1999);
 *     empty unless {@code exact}
 * @param report the rows that this was computed from
 */
@MappedBy(BlockValuesJson.class)
@JsonForm(
    schema = 1,
    kind = "block-values",
    fields = "payoff exact draws seed? level full empty blocks=lines interactions *report")
public record BlockValues(
    Payoff payoff,
    boolean exact,
    int draws,
    double full,
    double empty,
    List<BlockValue> blocks,
    List<BlockInteraction> interactions,
    LesionReport report)
    implements TableResult {
  /** The most blocks whose sets {@link LesionPlan#deleteSubsets} can all evaluate in good time. */
  public static final int MAX_EXACT_BLOCKS = 15;

  /**
   * Copies the lists.
   *
   * @param payoff what a set of blocks is worth
   * @param exact whether all sets were evaluated
   * @param draws how many random orders were drawn
   * @param full v(all)
   * @param empty v(none)
   * @param blocks one value for each block
   * @param interactions of every pair
   * @param report the rows
   */
  public BlockValues {
    blocks = List.copyOf(blocks);
    interactions = List.copyOf(interactions);
    Require.present("payoff", payoff);
    Require.present("report", report);
    Require.atLeast(0, "draws", draws);
    full = Require.finite("full", full);
    empty = Require.finite("empty", empty);
    Require.notEmpty("blocks", blocks);
    Require.between(exact ? 0 : 1, exact ? 0 : Integer.MAX_VALUE, "draws", draws);
  }

  /**
   * Computes the values from a report's rows: exact ones from those of {@link
   * LesionPlan#deleteSubsets}, sampled ones from those of {@link LesionPlan#deleteInRandomOrder}
   * (Castro, Gómez and Tejada 2009). The intervals of sampled Shapley values are Student's t over
   * the orders. Sampled Banzhaf values weigh each contribution by how likely its S is as a
   * uniformly random set, relative to its being drawn; their intervals are Student's t of that
   * ratio estimator. Each order then counts less, about as much as 1/√n of one, so that Banzhaf
   * intervals need some √n times as many draws. The intervals over images add Student's t over
   * images; variance that is neither of an order nor of an image counts twice, so that they are at
   * the most 1.41 times as wide as needed.
   *
   * @param report complete, of one of these two studies
   * @param payoff what a set of blocks is worth
   * @param level of the intervals, in (0, 1)
   * @return the values
   * @throws InvalidInputException if the rows are others or incomplete, there are fewer than 2
   *     orders, or a loss is not finite; and as {@link LesionReport#statistics} does
   * @throws IllegalArgumentException if the level is out of range
   */
  public static BlockValues of(LesionReport report, Payoff payoff, double level) {
    return Coalitions.values(report, payoff, level);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return equal values
   * @throws InvalidJsonException if the text has no block values, or is of an unknown schema
   */
  public static BlockValues fromJson(String json) {
    return JsonNode.parse(json, "the block values").as(BlockValues.class);
  }

  /** {@return where the report comes from} */
  @Override
  public Provenance provenance() {
    return report.provenance();
  }

  /** The seed of the random orders. */
  OptionalLong seed() {
    return report.rows().get(0).planned().seed();
  }

  /** The level of all intervals. */
  double level() {
    return blocks.get(0).shapley().interval().level();
  }

  List<BlockValuesJson.Line> lines() {
    return blocks.stream().map(BlockValuesJson.Line::of).toList();
  }

  /** {@return one line for each block, with the JSON's field names as the header} */
  @Override
  public String toCsv() {
    return RowTables.csv(this);
  }
}
