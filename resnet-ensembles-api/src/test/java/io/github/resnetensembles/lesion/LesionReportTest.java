package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LesionReportTest {
  private static final Architecture MODEL = Architecture.resnet(20);
  private static final String HASH = "ab".repeat(32);

  /** What happened to each record under each lesion, from which any shard can be cut. */
  private static final class World {
    final List<PlannedLesion> plan = new ArrayList<>();
    final int records;
    final boolean[][] correct;
    final double[][] losses;
    final int[] labels;

    World(long seed) {
      Random random = new Random(seed);
      records = 20 + random.nextInt(30);
      plan.add(PlannedLesion.of(Lesion.intact()));
      for (int block = 1; block <= 9; block++) {
        plan.add(PlannedLesion.of(Lesion.delete(block)));
      }
      for (int draw = 1; draw <= 4; draw++) {
        plan.add(
            new PlannedLesion(
                Lesion.swap(5, 6), OptionalInt.of(1), OptionalInt.of(draw), OptionalLong.of(7)));
      }
      correct = new boolean[plan.size()][records];
      losses = new double[plan.size()][records];
      labels = random.ints(records, 0, 3).toArray();
      for (int row = 0; row < plan.size(); row++) {
        for (int r = 0; r < records; r++) {
          correct[row][r] = random.nextBoolean();
          losses[row][r] = Math.exp(random.nextGaussian() * 8);
        }
      }
    }

    LesionReport report(List<Integer> rows, int from, int to) {
      List<LesionRow> results = rows.stream().map(row -> row(row, from, to)).toList();
      return new LesionReport(
          Lesion.intact(),
          row(0, from, to),
          results,
          List.of(),
          cost(rows, to - from),
          List.of(new RecordRange(from, to)),
          provenance(50, Math.floorMod(31 * (1000 * from + to) + rows.hashCode(), 1 << 30)));
    }

    /** By brute force: every sequence of steps that some wiring begins with is run once. */
    private Cost cost(List<Integer> rows, int images) {
      Set<List<Wiring.Step>> beginnings = new HashSet<>();
      long single = 0;
      for (int row : Stream.concat(Stream.of(0), rows.stream()).toList()) {
        List<Wiring.Step> steps = plan.get(row).lesion().applyTo(MODEL).steps();
        for (int i = 1; i <= steps.size(); i++) {
          beginnings.add(steps.subList(0, i));
        }
        single += steps.stream().filter(Wiring.Step::computesBranch).count();
      }
      long shared =
          beginnings.stream().filter(steps -> steps.get(steps.size() - 1).computesBranch()).count();
      return new Cost(shared * images, single * images);
    }

    LesionReport whole() {
      return report(Collections.unmodifiableList(rows()), 0, records);
    }

    List<Integer> rows() {
      List<Integer> rows = new ArrayList<>();
      for (int row = 1; row < plan.size(); row++) {
        rows.add(row);
      }
      return rows;
    }

    private LesionRow row(int row, int from, int to) {
      BitSet bits = new BitSet();
      BigInteger units = BigInteger.ZERO;
      Integer[] totals = {0, 0, 0};
      Integer[] wrong = {0, 0, 0};
      for (int r = from; r < to; r++) {
        bits.set(r - from, correct[row][r]);
        units = units.add(Tallies.units(losses[row][r]));
        totals[labels[r]]++;
        wrong[labels[r]] += correct[row][r] ? 0 : 1;
      }
      return new LesionRow(
          plan.get(row),
          plan.get(row).lesion().applyTo(MODEL).order(),
          List.of(
              new Tally(
                  from,
                  to - from,
                  to - from - bits.cardinality(),
                  0,
                  units,
                  List.of(totals),
                  List.of(wrong),
                  Tallies.encode(bits, to - from))));
    }
  }

  private static Provenance provenance(int batchSize, int run) {
    return Provenance.builder(HASH, MODEL, HASH, "test")
        .trained(true)
        .batchSize(batchSize)
        .fingerprint(Optional.of(fingerprint(0)))
        .runs(List.of(Provenance.Run.builder().backend("fake").seconds(run).build()))
        .build();
  }

  /** Ten logits for each image, the last of them moved. */
  private static Fingerprint fingerprint(double moved) {
    List<Double> logits = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      logits.add(i / 8.0 - 2);
    }
    logits.set(39, logits.get(39) + moved);
    return new Fingerprint(logits);
  }

  private static LesionReport with(LesionReport report, Optional<Fingerprint> fingerprint) {
    return withProvenance(report, report.provenance().toBuilder().fingerprint(fingerprint).build());
  }

  @Test
  void resultsOfNetworksThatComputeDifferentlyAreNotMerged() {
    World world = new World(1);
    LesionReport a = world.report(List.of(1), 0, 10);
    LesionReport b = world.report(List.of(1), 10, 20);
    LesionReport other = with(b, Optional.of(fingerprint(0.01)));
    LesionReport older = with(b, Optional.empty());

    assertThatThrownBy(() -> LesionReport.merge(a, other))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith(
            "the fingerprints of results 1 and 2 differ: a logit of noise is 2.875 and 2.885,");
    assertThatThrownBy(() -> LesionReport.merge(a, older))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith("result 2 has no fingerprint of its network");
    assertThatThrownBy(() -> LesionReport.merge(older, older))
        .hasMessageStartingWith("result 1 has no fingerprint of its network");
    for (LesionReport unverified : List.of(other, older)) {
      LesionReport merged =
          LesionReport.merge(List.of(a, unverified), MergeOption.ALLOW_UNVERIFIED);
      assertThat(merged.provenance().fingerprint()).isEmpty();
      assertThat(merged.baseline().total()).isEqualTo(20);
      assertThat(LesionReport.merge(List.of(unverified, a), MergeOption.ALLOW_UNVERIFIED))
          .isEqualTo(merged);
    }
    assertThat(
            LesionReport.merge(List.of(a, b), MergeOption.ALLOW_UNVERIFIED)
                .provenance()
                .fingerprint())
        .hasValue(fingerprint(0));
  }

  @Test
  void fingerprintsAgreeWithinThePrecisionsTolerance() {
    World world = new World(1);
    LesionReport a = world.report(List.of(1), 0, 10);
    LesionReport rounded = with(world.report(List.of(1), 10, 20), Optional.of(fingerprint(-5e-4)));

    assertThatThrownBy(() -> LesionReport.merge(a, rounded))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("so last bits may differ");
    LesionReport merged = LesionReport.merge(List.of(a, rounded), MergeOption.MIXED);
    assertThat(merged.provenance().fingerprint()).hasValue(fingerprint(-5e-4));
    assertThat(merged.provenance().mixed()).isTrue();
    assertThat(LesionReport.merge(List.of(rounded, a), MergeOption.MIXED)).isEqualTo(merged);
    assertThat(fingerprint(0).agrees(fingerprint(-5e-4), Precision.FLOAT32)).isTrue();
    assertThat(fingerprint(0).agrees(fingerprint(-6e-4), Precision.FLOAT32)).isFalse();
    assertThat(fingerprint(0).agrees(fingerprint(-2e-10), Precision.FLOAT64)).isTrue();
    assertThat(fingerprint(0).agrees(fingerprint(-5e-10), Precision.FLOAT64)).isFalse();
  }

  @Test
  void fingerprintsHoldWhatIsNotFinite() {
    double[] specials = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1};
    for (double a : specials) {
      for (double b : specials) {
        assertThat(fingerprint(a).agrees(fingerprint(b), Precision.FLOAT32))
            .as("%s and %s", a, b)
            .isEqualTo(Double.compare(a, b) == 0);
      }
      LesionReport report =
          with(new World(1).report(List.of(1), 0, 10), Optional.of(fingerprint(a)));
      LesionReport read = LesionReport.fromJson(report.toJson());
      assertThat(read).isEqualTo(report);
      assertThat(read.provenance().fingerprint()).hasValue(fingerprint(a));
    }
  }

  @Test
  void olderResultsWithoutFingerprintAreRead() {
    LesionReport report = with(new World(1).report(List.of(1), 0, 10), Optional.empty());
    String json = report.toJson();
    assertThat(json).contains("\"fingerprint\":null,");
    assertThat(LesionReport.fromJson(json.replace("\"fingerprint\":null,", ""))).isEqualTo(report);
    assertThatThrownBy(
            () ->
                LesionReport.fromJson(
                    json.replace("\"fingerprint\":null,", "\"fingerprint\":[1,2,3,4],")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageEndingWith("a fingerprint of resnet-20 has 40 logits, got 4");
    assertThatThrownBy(
            () ->
                LesionReport.fromJson(
                    json.replace("\"fingerprint\":null,", "\"fingerprint\":[1,2,\"x\"],")))
        .hasMessageContaining("provenance.fingerprint[2] must be a number");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void mergingIsAssociativeAndCommutative(long seed) {
    Random random = new Random(seed);
    World world = new World(seed);
    int cut = 1 + random.nextInt(world.records - 1);
    List<Integer> rows = world.rows();
    Collections.shuffle(rows, random);
    int half = random.nextInt(rows.size() + 1);
    List<LesionReport> shards = new ArrayList<>();
    for (List<Integer> part : List.of(rows.subList(0, half), rows.subList(half, rows.size()))) {
      shards.add(world.report(part, 0, cut));
      shards.add(world.report(part, cut, world.records));
    }
    LesionReport all = LesionReport.merge(shards.toArray(new LesionReport[0]));
    for (int round = 0; round < 10; round++) {
      List<LesionReport> pool = new ArrayList<>(shards);
      while (pool.size() > 1) {
        Collections.shuffle(pool, random);
        pool.add(LesionReport.merge(pool.remove(0), pool.remove(0)));
      }
      assertThat(pool.get(0)).isEqualTo(all);
      assertThat(pool.get(0).toJson()).isEqualTo(all.toJson());
    }
    assertThat(all.complete()).isTrue();
    assertThat(all.records()).containsExactly(new RecordRange(0, world.records));
    LesionReport whole = world.whole();
    assertThat(withProvenance(all, whole.provenance()).toJson()).isEqualTo(whole.toJson());
    assertThat(all.rows()).hasSameSizeAs(whole.rows());
    for (int i = 0; i < all.rows().size(); i++) {
      LesionRow merged = all.rows().get(i);
      LesionRow expected = whole.rows().get(i);
      assertThat(merged.planned()).isEqualTo(expected.planned());
      assertThat(merged.wrong()).isEqualTo(expected.wrong());
      assertThat(merged.loss()).isEqualTo(expected.loss());
      assertThat(merged.classWrong()).isEqualTo(expected.classWrong());
      assertThat(merged.correctRecords()).isEqualTo(expected.correctRecords());
    }
    assertThat(all.baseline().wrong()).isEqualTo(whole.baseline().wrong());
    assertThat(all.cost()).isEqualTo(whole.cost());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsThereTwiceCountsOnce(long seed) {
    World world = new World(seed);
    LesionReport whole = world.whole();
    assertThat(LesionReport.merge(whole)).isEqualTo(whole);
    assertThat(LesionReport.merge(whole, whole)).isEqualTo(whole);

    int cut = world.records / 3;
    List<LesionReport> parts = new ArrayList<>();
    for (List<Integer> rows :
        List.of(List.of(1, 2, 3, 4, 5), List.of(5, 6, 7, 8, 9, 10, 11, 12, 13))) {
      parts.add(world.report(rows, 0, cut));
      parts.add(world.report(rows, cut, 2 * cut));
      parts.add(world.report(rows, 2 * cut, world.records));
      parts.add(world.report(rows, 0, 2 * cut));
      parts.add(world.report(rows, 0, cut));
    }
    Collections.shuffle(parts, new Random(seed));
    LesionReport merged = LesionReport.merge(parts.toArray(new LesionReport[0]));
    assertThat(withProvenance(merged, whole.provenance()).toJson()).isEqualTo(whole.toJson());
    assertThat(merged.provenance().runs()).hasSize(8).doesNotHaveDuplicates();
    assertThat(LesionReport.merge(merged, parts.get(0), merged)).isEqualTo(merged);
    assertThat(LesionReport.merge(LesionReport.fromJson(merged.toJson()), parts.get(1)))
        .isEqualTo(merged);
  }

  @Test
  void theCostOfPartsIsThatOfEachRecordsRows() {
    World world = new World(5);
    LesionReport merged =
        LesionReport.merge(world.report(List.of(1, 2), 0, 8), world.report(List.of(2, 3), 8, 18));
    assertThat(merged.complete()).isFalse();
    assertThat(merged.cost())
        .isEqualTo(world.cost(List.of(1, 2), 8).plus(world.cost(List.of(2, 3), 10)));
  }

  private static LesionReport withProvenance(LesionReport report, Provenance provenance) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        report.rows(),
        report.excluded(),
        report.cost(),
        report.records(),
        provenance);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void contradictionsInPartsAreFound(long seed) {
    World world = new World(seed);
    LesionReport a = world.report(List.of(1), 0, 6);
    LesionReport b = world.report(List.of(1), 6, 12);
    LesionReport whole = world.report(List.of(1), 0, 12);
    assertThat(LesionReport.merge(a, b, whole)).isEqualTo(LesionReport.merge(whole, b, a));
    world.losses[1][3] += 1;
    LesionReport otherLoss = world.report(List.of(1), 0, 6);
    assertThatThrownBy(() -> LesionReport.merge(a, otherLoss))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results of delete{1} disagree on the records [0, 6)");
    assertThatThrownBy(() -> LesionReport.merge(otherLoss, whole, b))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results of delete{1} disagree on the records");
    world.correct[1][9] ^= true;
    LesionReport otherBit = world.report(List.of(1), 9, 10);
    assertThatThrownBy(() -> LesionReport.merge(whole, otherBit))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results of delete{1} disagree on the records [9, 10)");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void overlappingShardsAreRefused(long seed) {
    World world = new World(seed);
    LesionReport a = world.report(List.of(1, 2, 3), 0, 12);
    assertThatThrownBy(() -> LesionReport.merge(a, world.report(List.of(3), 11, 15)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results of delete{3} overlap: the records [0, 12) and [11, 15)");
    assertThatThrownBy(() -> LesionReport.merge(a, world.report(List.of(4), 6, 15)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the baselines overlap");
    assertThat(LesionReport.merge(a, world.report(List.of(4), 0, 12)).rows()).hasSize(4);
  }

  @Test
  void differentStudiesAreRefused() {
    World world = new World(1);
    LesionReport a = world.report(List.of(1), 0, 10);
    LesionReport other = world.report(List.of(2), 0, 10);
    LesionReport batch =
        new LesionReport(
            other.base(),
            other.baseline(),
            other.rows(),
            other.excluded(),
            other.cost(),
            other.records(),
            provenance(51, 1));
    assertThatThrownBy(() -> LesionReport.merge(a, batch))
        .isInstanceOf(MergeException.class)
        .hasMessage(
            "the results differ in their batch size: 50 and 51; only shards of one study can be"
                + " merged");
    LesionReport disagreeing = new World(2).report(List.of(2), 0, 10);
    assertThatThrownBy(() -> LesionReport.merge(a, disagreeing))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the baselines disagree on the records [0, 10)");
    assertThatThrownBy(LesionReport::merge).hasMessageContaining("nothing to merge");
  }

  @Test
  void aPartIsIncompleteUntilTheRestIsMerged() {
    World world = new World(3);
    LesionReport done = world.report(List.of(1, 2), 0, 8);
    LesionReport interrupted =
        new LesionReport(
            done.base(),
            done.baseline(),
            done.rows(),
            done.excluded(),
            done.cost(),
            List.of(new RecordRange(0, 20)),
            done.provenance());
    assertThat(interrupted.complete()).isFalse();
    LesionReport rest = world.report(List.of(1, 2), 8, 20);
    assertThat(LesionReport.merge(interrupted, rest).complete()).isTrue();
    assertThat(LesionReport.merge(rest, interrupted, world.report(List.of(3), 0, 8)).complete())
        .isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void goesThroughJson(long seed) {
    LesionReport report = new World(seed).whole();
    LesionReport read = LesionReport.fromJson(report.toJson());
    assertThat(read).isEqualTo(report);
    assertThat(read.toJson()).isEqualTo(report.toJson());
  }

  @Test
  void jsonOfARow() {
    String json = new World(1).whole().toJson();
    assertThat(json)
        .contains("\"lesion\":\"delete{3}\"", "\"deleted\":[3]")
        .contains("\"k\":1,\"draw\":2,\"seed\":7")
        .contains("\"order\":[1,2,3,4,6,5,7,8,9],\"kendallTau\":0.9444444444444444")
        .contains("\"cost\":{\"blockEvaluations\":");
  }

  @Test
  void damagedJsonIsRefused() {
    String json = new World(1).whole().toJson();
    assertThatThrownBy(() -> LesionReport.fromJson(json.replace("\"schema\":1", "\"schema\":2")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the report.schema must be 1");
    assertThatThrownBy(() -> LesionReport.fromJson(json.substring(0, json.length() / 2)))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the report is not JSON:");
    assertThatThrownBy(
            () ->
                LesionReport.fromJson(
                    json.replaceAll("\"total\":\\d+,\"wrong\":\\d+", "\"total\":3,\"wrong\":1")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("the class counts do not add up");
    assertThatThrownBy(
            () ->
                LesionReport.fromJson(
                    json.replaceAll("\"correct\":\"[^\"]*\"", "\"correct\":\"!\"")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("tallies[0]");
  }

  /** What no run can give is refused, wherever in the file it stands. */
  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"classTotals\":\\[\\d+,\\d+ | \"classTotals\":[2147483647,2147483647 | the class counts do not add up",
        "\"classWrong\":\\[\\d+,\\d+,\\d+\\],\"correct\" | \"classWrong\":[-1,5,5],\"correct\" | the class counts do not add up",
        "\"lossUnits\":\"\\d+\" | \"lossUnits\":\"-1\" | a sum of losses is at least 0, got -1",
        "\"records\":\\[\\[[^\\]]*\\]\\] | \"records\":[] | the records that were asked for must not be empty",
        "\"records\":\\[\\[[^\\]]*\\]\\] | \"records\":[[0,3]] | of which the report has only",
        "\"blockEvaluations\":\\d+,\"blockEv | \"blockEvaluations\":-1,\"blockEv | blockEvaluations must be at least 0, got -1",
        "\"from\":0 | \"from\":2147483647 | none above 2^31 - 2",
        "\"excluded\":\\[\\] | \"excluded\":[3,1] | excluded blocks are numbered from 1 and sorted",
        "\"weightsSha256\":\"[a-f0-9]* | \"weightsSha256\":\"beef | weightsSha256 must be a SHA-256",
        "\"seconds\":[-0-9.E]+ | \"seconds\":-1 | seconds must not be negative",
        "\"batchSize\":50 | \"batchSize\":0 | batchSize must be at least 1, got 0",
        "\"complete\":true | \"complete\":true,\"complete\":true | the report has the field 'complete' twice",
        "\"trained\":true | \"trained\":true,\"trained\":false | the report.provenance has the field 'trained' twice",
        "\"from\":0,\"total\" | \"from\":0,\"from\":0,\"total\" | the report.baseline.tallies[0] has the field 'from' twice",
      })
  void whatCannotBeIsRefused(String pattern, String replacement, String complaint) {
    String json = new World(1).whole().toJson();
    String changed = json.replaceAll(pattern, replacement);
    assertThat(changed).isNotEqualTo(json);

    assertThatThrownBy(() -> LesionReport.fromJson(changed))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void rowsThatDoNotBelongTogetherAreRefused() {
    World world = new World(1);
    LesionReport report = world.report(List.of(1, 2), 0, 10);
    LesionRow row = report.rows().get(0);
    Tally tally = row.tallies().get(0);
    assertThatThrownBy(() -> with(report, List.of(row, row))).hasMessage("delete{1} has two rows");
    assertThatThrownBy(() -> new LesionRow(row.planned(), row.order(), List.of(tally, tally)))
        .hasMessageContaining("the tallies of delete{1} are not disjoint and in order");
    assertThatThrownBy(() -> new LesionRow(row.planned(), row.order(), List.of()))
        .hasMessage("the row delete{1} has no tally");
    LesionRow ofOtherClasses =
        new LesionRow(row.planned(), row.order(), List.of(fourClasses(tally)));
    assertThatThrownBy(() -> with(report, List.of(ofOtherClasses)))
        .hasMessage("the row delete{1} counts 4 classes, but others 3");
    world.labels[0] = (world.labels[0] + 1) % 3;
    LesionRow ofOtherLabels = world.report(List.of(1), 0, 10).rows().get(0);
    assertThatThrownBy(() -> with(report, List.of(ofOtherLabels)))
        .hasMessageContaining("counts other images of each class than the baseline");
  }

  private static Tally fourClasses(Tally tally) {
    List<Integer> totals = new ArrayList<>(tally.classTotals());
    List<Integer> wrong = new ArrayList<>(tally.classWrong());
    totals.add(0);
    wrong.add(0);
    return new Tally(
        tally.from(),
        tally.total(),
        tally.wrong(),
        tally.nonFinite(),
        tally.lossUnits(),
        totals,
        wrong,
        tally.correctBits());
  }

  private static LesionReport with(LesionReport report, List<LesionRow> rows) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        rows,
        report.excluded(),
        report.cost(),
        report.records(),
        report.provenance());
  }

  @Test
  void csvHasOneLineForEachRow() {
    LesionReport report = new World(1).whole();
    List<String> lines = report.toCsv().lines().toList();
    assertThat(lines).hasSize(1 + report.rows().size());
    assertThat(lines.get(0)).startsWith("lesion,k,draw,seed,deleted,order,kendallTau,wrong,total");
    assertThat(lines.get(1))
        .startsWith(
            "delete{1},,,,1,,,"
                + report.rows().get(0).wrong()
                + ","
                + report.rows().get(0).total());
    assertThat(lines.get(10)).startsWith("swap{5-6},1,1,7,,1 2 3 4 6 5 7 8 9,0.9444444444444444,");
  }

  @Test
  void lossesAddUpExactly() {
    assertThat(Tallies.units(1.0)).isEqualTo(BigInteger.ONE.shiftLeft(32));
    assertThat(Tallies.units(0x1p200)).isEqualTo(BigInteger.ONE.shiftLeft(232));
    assertThat(Tallies.units(0x1p-40)).isZero();
  }

  @Test
  void aLossThatIsNotFiniteIsNull() {
    LesionReport report = new World(1).whole();
    LesionRow row = report.rows().get(0);
    Tally tally = row.tallies().get(0);
    Tally broken =
        new Tally(
            0,
            tally.total(),
            tally.wrong(),
            1,
            tally.lossUnits(),
            tally.classTotals(),
            tally.classWrong(),
            tally.correctBits());
    LesionRow brokenRow = new LesionRow(row.planned(), row.order(), List.of(broken));
    assertThat(brokenRow.loss()).isEmpty();
    LesionReport with =
        new LesionReport(
            report.base(),
            report.baseline(),
            List.of(brokenRow),
            report.excluded(),
            report.cost(),
            report.records(),
            report.provenance());
    assertThat(with.toJson()).contains("\"loss\":null,\"nonFinite\":1");
    assertThat(LesionReport.fromJson(with.toJson())).isEqualTo(with);
  }

  @Test
  void writesFilesInOneMove(@TempDir Path folder) throws Exception {
    LesionReport report = new World(1).whole();
    Path file = folder.resolve("report.json");
    report.writeJson(file);
    assertThat(LesionReport.fromJson(Files.readString(file))).isEqualTo(report);
    report.writeCsv(folder.resolve("report.csv"));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
    assertThatThrownBy(() -> report.writeJson(folder.resolve("missing/report.json")))
        .isInstanceOf(FileAccessException.class)
        .hasMessageContaining("report.json: there is no directory " + folder.resolve("missing"));
    assertThatThrownBy(() -> report.writeJson(folder))
        .isInstanceOf(FileAccessException.class)
        .hasMessageContaining("it is a directory");
  }
}
