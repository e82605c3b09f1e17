package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Collections2;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockValuesTest {
  private static final int IMAGES = 200;

  /** Random payoffs, counted in images. */
  private static int[] payoffs(int players, long seed) {
    return new Random(seed).ints(1 << players, 1, IMAGES).toArray();
  }

  private static IntFunction<BitSet> wrong(IntUnaryOperator right) {
    return coalition -> {
      BitSet wrong = new BitSet();
      wrong.set(right.applyAsInt(coalition), IMAGES);
      return wrong;
    };
  }

  private static BlockValues exact(int players, IntUnaryOperator right) {
    return Games.exact(players, IMAGES, wrong(right)).blockValues(Payoff.ACCURACY);
  }

  private static double sum(BlockValues values) {
    return values.blocks().stream().mapToDouble(block -> block.shapley().value()).sum();
  }

  /** The definition: the mean over all orders. */
  private static double shapleyByOrders(int players, int player, int[] payoffs) {
    double sum = 0;
    int orders = 0;
    for (List<Integer> order :
        Collections2.permutations(IntStream.range(0, players).boxed().toList())) {
      int before = 0;
      for (int next : order) {
        if (next == player) {
          break;
        }
        before |= 1 << next;
      }
      sum += payoffs[before | 1 << player] - payoffs[before];
      orders++;
    }
    return sum / orders / IMAGES;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shapleyIsTheMeanOverAllOrders(long seed) {
    int players = 2 + (int) (seed % 5);
    int[] payoffs = payoffs(players, seed);

    BlockValues values = exact(players, s -> payoffs[s]);

    assertThat(values.exact()).isTrue();
    assertThat(values.blocks()).hasSize(players);
    for (BlockValue value : values.blocks()) {
      assertThat(value.shapley().value())
          .isCloseTo(shapleyByOrders(players, value.block() - 1, payoffs), within(1e-12));
      assertThat(value.shapley().interval().width()).isZero();
      assertThat(value.shapleyOverImages().orElseThrow().contains(value.shapley().value()))
          .isTrue();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void banzhafIsTheMeanOverAllSets(long seed) {
    int players = 3;
    int[] payoffs = payoffs(players, seed);

    double second = exact(players, s -> payoffs[s]).blocks().get(1).banzhaf().value();

    double byHand =
        (payoffs[2]
            - payoffs[0]
            + payoffs[3]
            - payoffs[1]
            + payoffs[6]
            - payoffs[4]
            + payoffs[7]
            - payoffs[5]);
    assertThat(second).isCloseTo(byHand / 4 / IMAGES, within(1e-12));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void efficiency(long seed) {
    int players = 1 + (int) (seed % 8);
    int[] payoffs = payoffs(players, seed);

    BlockValues values = exact(players, s -> payoffs[s]);

    assertThat(values.full())
        .isCloseTo(payoffs[payoffs.length - 1] / (double) IMAGES, within(1e-12));
    assertThat(values.empty()).isCloseTo(payoffs[0] / (double) IMAGES, within(1e-12));
    assertThat(sum(values)).isCloseTo(values.full() - values.empty(), within(1e-12));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void symmetry(long seed) {
    int players = 5;
    int[] payoffs = payoffs(players, seed);
    // The payoff depends on how many of players 1 and 3 there are, not on which.
    IntUnaryOperator symmetric =
        s -> {
          int both = Integer.bitCount(s & 0b101);
          return payoffs[(s & ~0b101) | (both == 2 ? 0b101 : both)];
        };

    BlockValues values = exact(players, symmetric);

    BlockValue first = values.blocks().get(0);
    BlockValue third = values.blocks().get(2);
    assertThat(first.shapley().value()).isCloseTo(third.shapley().value(), within(1e-12));
    assertThat(first.banzhaf().value()).isCloseTo(third.banzhaf().value(), within(1e-12));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aDummyIsWorthNothing(long seed) {
    int[] payoffs = payoffs(5, seed);
    IntUnaryOperator withoutSecond = s -> payoffs[s & ~0b10];

    BlockValue exact = exact(5, withoutSecond).blocks().get(1);
    BlockValue sampled =
        Games.sampled(5, IMAGES, 10, new Random(seed), wrong(withoutSecond))
            .blockValues(Payoff.ACCURACY)
            .blocks()
            .get(1);

    for (BlockValue value : List.of(exact, sampled)) {
      assertThat(value.shapley().value()).isZero();
      assertThat(value.banzhaf().value()).isZero();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void sampledValuesAddUpAndComeClose(long seed) {
    int players = 6;
    int[] payoffs = payoffs(players, seed);
    BlockValues exact = exact(players, s -> payoffs[s]);

    BlockValues sampled =
        Games.sampled(players, IMAGES, 4000, new Random(seed), wrong(s -> payoffs[s]))
            .blockValues(Payoff.ACCURACY);

    assertThat(sampled.exact()).isFalse();
    assertThat(sampled.draws()).isEqualTo(4000);
    assertThat(sum(sampled)).isCloseTo(sampled.full() - sampled.empty(), within(1e-12));
    for (int i = 0; i < players; i++) {
      assertThat(sampled.blocks().get(i).shapley().value())
          .isCloseTo(exact.blocks().get(i).shapley().value(), within(0.02));
      assertThat(sampled.blocks().get(i).banzhaf().value())
          .isCloseTo(exact.blocks().get(i).banzhaf().value(), within(0.03));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void imagesAddUncertainty(long seed) {
    int[] payoffs = payoffs(5, seed);

    BlockValues sampled =
        Games.sampled(5, IMAGES, 3, new Random(seed), wrong(s -> payoffs[s]))
            .blockValues(Payoff.ACCURACY);

    assertThat(sampled.blocks())
        .allMatch(
            block ->
                block.shapleyOverImages().orElseThrow().width()
                    >= block.shapley().interval().width());
  }

  /** Two blocks that do only together what each does: v = AND, and v = OR. */
  @Test
  void interactionsOfTwo() {
    BlockValues and = exact(2, s -> s == 3 ? 100 : 0);
    BlockValues or = exact(2, s -> s == 0 ? 0 : 100);

    assertThat(and.interactions()).extracting(BlockInteraction::value).containsExactly(0.5);
    assertThat(or.interactions()).extracting(BlockInteraction::value).containsExactly(-0.5);
  }

  /** The index of a pair: the sum over sets without both, weighted as if they were one player. */
  @Test
  void interactionsOfThree() {
    int[] v = payoffs(3, 9);

    BlockInteraction second = exact(3, s -> v[s]).interactions().get(1);

    assertThat(second.first()).isEqualTo(1);
    assertThat(second.second()).isEqualTo(3);
    double byHand = 0.5 * (v[5] - v[1] - v[4] + v[0]) + 0.5 * (v[7] - v[3] - v[6] + v[2]);
    assertThat(second.value()).isCloseTo(byHand / IMAGES, within(1e-12));
  }

  @Test
  void lossesHaveNoIntervalOverImages() {
    List<LesionRow> rows = new ArrayList<>();
    for (int coalition = 0; coalition < 4; coalition++) {
      rows.add(
          Rows.row(
              PlannedLesion.of(Games.lesion(2, coalition)), IMAGES, Rows.bits(1), 4 - coalition));
    }
    LesionReport report = Rows.report(Games.architecture(2), IMAGES, Rows.bits(1), rows);

    BlockValues values = report.blockValues(Payoff.NEGATIVE_LOSS);

    assertThat(values.full()).isEqualTo(-1);
    assertThat(values.empty()).isEqualTo(-4);
    assertThat(values.blocks().get(0).shapley().value()).isEqualTo(1);
    assertThat(values.blocks().get(1).shapley().value()).isEqualTo(2);
    assertThat(values.blocks().get(0).shapleyOverImages()).isEmpty();
  }

  @Test
  void excludedBlocksAreNoPlayers() {
    LesionReport two = Games.exact(2, IMAGES, wrong(s -> 10 * s));
    LesionReport excluded =
        new LesionReport(
            two.base(),
            two.baseline(),
            two.rows(),
            List.of(3),
            two.cost(),
            two.records(),
            Games.exact(3, IMAGES, wrong(s -> s)).provenance());

    assertThat(excluded.blockValues(Payoff.ACCURACY).blocks())
        .extracting(BlockValue::block)
        .containsExactly(1, 2);
  }

  @Test
  void jsonAndCsvSayTheSame() {
    BlockValues values =
        Games.sampled(3, IMAGES, 5, new Random(1), wrong(s -> 10 * s)).blockValues(Payoff.ACCURACY);

    JsonObject json = JsonParser.parseString(values.toJson()).getAsJsonObject();
    JsonObject first = json.getAsJsonArray("blocks").get(0).getAsJsonObject();

    assertThat(json.get("exact").getAsBoolean()).isFalse();
    assertThat(json.get("draws").getAsInt()).isEqualTo(5);
    assertThat(json.get("payoff").getAsString()).isEqualTo("accuracy");
    assertThat(json.get("seed").getAsLong()).isZero();
    assertThat(first.get("block").getAsInt()).isEqualTo(1);
    assertThat(first.get("low").getAsDouble())
        .isLessThanOrEqualTo(first.get("shapley").getAsDouble());
    assertThat(values.toCsv().lines())
        .hasSize(4)
        .first()
        .isEqualTo(
            "block,shapley,low,high,banzhaf,banzhafLow,banzhafHigh,lowOverImages,highOverImages");
    assertThat(values.toCsv().lines().skip(1).findFirst().orElseThrow().split(",", -1))
        .startsWith("1", first.get("shapley").getAsString(), first.get("low").getAsString());
  }

  @Test
  void otherReportsFail() {
    LesionReport each =
        Rows.report(
            Games.architecture(2),
            IMAGES,
            Rows.bits(1),
            List.of(Rows.row(PlannedLesion.of(Lesion.delete(1)), IMAGES, Rows.bits(2))));
    LesionReport unnested =
        Rows.report(
            Games.architecture(3),
            IMAGES,
            Rows.bits(1),
            List.of(
                Rows.row(Rows.drawn(Lesion.delete(1), 1, 1), IMAGES, Rows.bits(2)),
                Rows.row(Rows.drawn(Lesion.delete(2, 3), 2, 1), IMAGES, Rows.bits(2)),
                Rows.row(Rows.drawn(Lesion.delete(1), 1, 2), IMAGES, Rows.bits(2))));
    LesionReport once = Games.sampled(3, IMAGES, 1, new Random(1), wrong(s -> s));

    assertFails(
        each,
        "the report has 1 rows, but 2 blocks have 2^2 sets; block values need the rows of"
            + " deleteSubsets() or of deleteInRandomOrder()");
    assertFails(
        unnested,
        "the rows of draw 1 do not delete all 3 blocks one after the other: see delete{2,3}; block"
            + " values need the rows of deleteSubsets() or of deleteInRandomOrder()");
    assertFails(
        once,
        "sampled block values need at least 2 random orders for an interval, got 1; ask for more"
            + " draws");
  }

  private static void assertFails(LesionReport report, String message) {
    assertThatThrownBy(() -> report.blockValues(Payoff.ACCURACY))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }
}
