package io.github.resnetensembles.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A report on pretrained networks from end to end, and its first screen computed again from the
 * files beside the page. Nothing here calls what computes or prints those numbers: files are read
 * as text, the rules are those that {@code Claim.Kind} states, and statistics are written out.
 */
class FirstScreenTest {
  private static final String MAIN = "preresnet-20";
  private static final String PLAIN = "plain-20";
  private static final String EFFECTIVE = "preresnet-20-effective-paths";
  private static final String STOCHASTIC = "preresnet-20-stochastic-depth";

  private static final int TEST_IMAGES = 100;
  private static final int DRAWN_IMAGES = 60;
  private static final int DRAWS = 20;

  /** Random deletions leave alone what the authors' figure does. */
  private static final String DELETED_FROM = MAIN + " (blocks 1+4+7 left alone)";

  private static final int CLASSES = 10;
  private static final int RESAMPLES = 20_000;
  private static final double Z = 1.959963984540054;

  /** Percents stand in the files with 12 digits. */
  private static final double EXACT = 1e-9;

  @TempDir private static Path folder;

  private static final List<String> NOTICES = new ArrayList<>();

  private static Map<String, Map<String, String>> claims;

  @BeforeAll
  static void report() throws IOException {
    run(false);
    claims = new TreeMap<>();
    for (Map<String, String> claim : table("claims")) {
      claims.put(claim.get("claim"), claim);
    }
  }

  private static void run(boolean resume) {
    Subject subject =
        new Subject.Given(
            GivenNetwork.pretrained(MAIN),
            List.of(
                new Subject.Control(Kind.DELETE_ONE, GivenNetwork.pretrained(PLAIN)),
                new Subject.Control(
                    Kind.EFFECTIVE_PATHS,
                    twin(
                        EFFECTIVE,
                        0.9,
                        "{\"kind\":\"exactlykept\",\"blocks\":4,\"always\":\"transitions\","
                            + "\"scaling\":\"KEPT_SHARE\"}")),
                new Subject.Control(
                    Kind.STOCHASTIC_DEPTH,
                    twin(
                        STOCHASTIC,
                        0.93,
                        "{\"kind\":\"stochasticdepth\",\"last\":0.5,\"curve\":\"LINEAR_DECAY\","
                            + "\"drawFor\":\"BATCH\",\"scaling\":\"AT_TEST_TIME\"}"))));
    ReportScale scale =
        ReportScale.quick().toBuilder()
            .testImages(TEST_IMAGES)
            .drawnImages(DRAWN_IMAGES)
            .valueImages(2)
            .draws(DRAWS)
            .gradientBatches(2)
            .pathSamples(6)
            .build();
    var unused =
        new ReportJob(
                subject,
                new ReportImages(
                    ImageSets.builtIn(), Optional.empty(), List.of("--data", "builtin")),
                scale,
                EnumSet.allOf(Kind.class),
                Optional.empty(),
                0,
                new Engine(
                    Backends.load(),
                    ModelOptions.defaults(),
                    RunOptions.DEFAULT_BATCH_SIZE,
                    "test",
                    List.of(),
                    Pieces.here()))
            .run(
                folder,
                resume,
                new ReportListener() {
                  @Override
                  public void onProgress(
                      int part,
                      int parts,
                      String title,
                      double done,
                      double total,
                      Optional<Duration> left) {}

                  @Override
                  public void onNotice(String message) {
                    NOTICES.add(message);
                  }
                });
  }

  /** The main network with other gains, so that its errors differ, as if trained in another way. */
  private static GivenNetwork twin(String label, double gain, String wiring) {
    Weights weights = Weights.pretrained(MAIN);
    Architecture architecture =
        weights.architecture().toBuilder().mapBlocks(block -> block.withGain(gain)).build();
    String training = PretrainedNetwork.of(MAIN).training();
    String all = "\"wiring\":{\"kind\":\"allblocks\"}";
    assertThat(training).contains(all);
    return GivenNetwork.of(
        label,
        Weights.of(architecture, weights.tensors().values(), true, label),
        Optional.of(TrainingHistory.fromJson(training.replace(all, "\"wiring\":" + wiring))),
        List.of());
  }

  @Test
  void everySectionIsThere() throws IOException {
    assertThat(NOTICES).first().asString().contains("recalibration");
    List<String> kinds = new ArrayList<>();
    for (JsonElement section : json("report").getAsJsonArray("sections")) {
      kinds.add(section.getAsJsonObject().get("kind").getAsString());
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "network",
            "paths",
            "delete_one",
            "delete_many",
            "reorder",
            "duplicate",
            "gradients",
            "effective_paths",
            "stochastic_depth",
            "block_values",
            "ensemble",
            "checks");
    for (String kind : kinds) {
      assertThat(page()).contains("<section id=\"section-" + kind.replace('_', '-') + "\"");
    }
  }

  /** The page, the JSON and the CSV tell the same of all claims. */
  @Test
  void everyClaimStandsInThePage() throws IOException {
    List<List<String>> shown =
        Pattern.compile(
                "<tr><th scope=\"row\"><a href=\"#[a-z-]+\">(.*?)</a></th><td>(.*?)</td>"
                    + "<td>(.*?)</td><td class=\"verdict\">(.*?)</td></tr>")
            .matcher(page())
            .results()
            .map(row -> List.of(row.group(1), row.group(2), row.group(3), row.group(4)))
            .toList();
    List<Map<String, String>> rows = table("claims");

    assertThat(rows.stream().map(row -> row.get("claim")))
        .containsExactly(
            "one_deletion",
            "plain_network",
            "many_deletions",
            "reordering",
            "gradient_decay",
            "short_paths",
            "effective_training",
            "stochastic_depth");
    assertThat(shown)
        .isEqualTo(
            rows.stream()
                .map(
                    row ->
                        List.of(
                            get(row, "statement"),
                            get(row, "finding"),
                            get(row, "authors"),
                            get(row, "verdict").replace('_', ' ')))
                .toList());
    for (int i = 0; i < rows.size(); i++) {
      JsonObject claim = json("report").getAsJsonArray("claims").get(i).getAsJsonObject();
      for (String key : List.of("statement", "verdict", "finding", "authors")) {
        assertThat(claim.get(key).getAsString()).isEqualTo(rows.get(i).get(key));
      }
    }
  }

  @Test
  void resumedItHasTheSameBytes() throws IOException {
    byte[] json = Files.readAllBytes(folder.resolve("report.json"));
    byte[] csv = Files.readAllBytes(folder.resolve("claims.csv"));
    String page = page();
    Files.delete(folder.resolve("parts/" + PLAIN + "-delete-each.json"));

    run(true);

    assertThat(NOTICES).noneMatch(notice -> notice.contains("measured again"));
    assertThat(Files.readAllBytes(folder.resolve("report.json"))).isEqualTo(json);
    assertThat(Files.readAllBytes(folder.resolve("claims.csv"))).isEqualTo(csv);
    assertThat(page()).isEqualTo(page);
  }

  /** Errors, Wilson's intervals, McNemar's tests and Holm's adjustment, of each image's bit. */
  @Test
  void singleDeletionsAreThoseOfTheImages() throws IOException {
    for (String network : List.of(MAIN, PLAIN)) {
      JsonObject study = result(network, "delete-one");
      boolean[] intact = wrong(study.getAsJsonObject("baseline"));
      assertThat(intact).hasSize(TEST_IMAGES);
      assertThat(study.getAsJsonObject("baseline").getAsJsonArray("classTotals")).hasSize(CLASSES);
      assertRate(network(network), intact);
      assertThat(number(network(network), "images")).isEqualTo(TEST_IMAGES);
      List<Map<String, String>> tests =
          table(network.equals(MAIN) ? "delete-one-tests" : "delete-one-tests-2");
      List<Map<String, String>> points = series("delete-one", network);
      List<boolean[]> deletions = rows(study);
      assertThat(tests).hasSize(9).hasSameSizeAs(points).hasSameSizeAs(deletions);
      double[] exact = new double[9];
      for (int i = 0; i < 9; i++) {
        boolean[] row = deletions.get(i);
        int lost = 0;
        int won = 0;
        for (int image = 0; image < row.length; image++) {
          lost += row[image] && !intact[image] ? 1 : 0;
          won += !row[image] && intact[image] ? 1 : 0;
        }
        exact[i] = mcNemar(lost, won);
        assertRate(tests.get(i), row);
        assertThat(number(tests.get(i), "lost")).isEqualTo(lost);
        assertThat(number(tests.get(i), "won")).isEqualTo(won);
        assertThat(number(tests.get(i), "block")).isEqualTo(i + 1);
        assertThat(number(points.get(i), "x")).isEqualTo(i + 1);
        for (String[] pair :
            new String[][] {{"y", "error (%)"}, {"low", "low"}, {"high", "high"}}) {
          assertThat(points.get(i).get(pair[0])).isEqualTo(tests.get(i).get(pair[1]));
        }
      }
      double[] holm = holm(exact);
      for (int i = 0; i < 9; i++) {
        assertThat(number(tests.get(i), "p (McNemar)") / exact[i]).isCloseTo(1, within(1e-9));
        assertThat(number(tests.get(i), "p (Holm)") / holm[i]).isCloseTo(1, within(1e-9));
      }
    }
  }

  @Test
  void oneDeletion() throws IOException {
    Measured share = medianShare("one_deletion", MAIN, "");

    assertVerdict("one_deletion", below(share, 0.02));
  }

  @Test
  void plainNetwork() throws IOException {
    Measured twin = measured("one_deletion");
    Measured share =
        medianShare(
            "plain_network",
            PLAIN,
            " With skip connections (%s, 9 blocks) it costs %s."
                .formatted(MAIN, percent(twin.value, twin)));

    assertVerdict(
        "plain_network", share.low > 0.5 ? "shown" : share.high < 0.5 ? "not_shown" : "undecided");
  }

  private static Measured medianShare(String claim, String network, String more)
      throws IOException {
    double intact = number(network(network), "error (%)") / 100;
    double[] shares =
        series("delete-one", network).stream()
            .mapToDouble(point -> (number(point, "y") / 100 - intact) / (chance() - intact))
            .toArray();
    Measured measured = measured(claim);
    assertThat(measured.value).isCloseTo(median(shares), within(EXACT));
    assertThat(finding(claim))
        .isEqualTo(
            "%s: the median deletion costs %s of the room from its error to chance.%s"
                .formatted(network, percent(median(shares), measured), more));
    assertBootstrap(measured, network, Summary.MEDIAN);
    return measured;
  }

  /** Of the shares of all blocks. */
  private enum Summary {
    MEDIAN,
    MEAN;

    double of(double[] shares) {
      return this == MEDIAN ? median(shares) : mean(shares);
    }
  }

  /**
   * The plain bootstrap over images. The library's ends come from 2000 resamples: 3 standard errors
   * of such a quantile, of about normal values, are 0.18 standard deviations. Medians are multiples
   * of about one image's worth, so that an end may be a step away; means are printed with two
   * digits. Where resamples vary less than the row in the middle, intervals are widened to that
   * one's, of means to its width over the number of rows.
   */
  private static void assertBootstrap(Measured measured, String network, Summary summary)
      throws IOException {
    JsonObject study = result(network, "delete-one");
    boolean[] intact = wrong(study.getAsJsonObject("baseline"));
    List<boolean[]> rows = rows(study);
    Random random = new Random(1);
    double[] resampled = new double[RESAMPLES];
    double[] shares = new double[rows.size()];
    for (int b = 0; b < RESAMPLES; b++) {
      int[] images = random.ints(intact.length, 0, intact.length).toArray();
      double error = share(intact, images);
      for (int i = 0; i < shares.length; i++) {
        shares[i] = (share(rows.get(i), images) - error) / (chance() - error);
      }
      resampled[b] = summary.of(shares);
    }
    double mean = mean(resampled);
    double deviation =
        Math.sqrt(Arrays.stream(resampled).map(v -> square(v - mean)).sum() / RESAMPLES);
    double step = summary == Summary.MEDIAN ? 1 / (chance() * intact.length) : 0.0001;
    double tolerance = 0.18 * deviation + step;
    Measured ends = ends(measured.value, resampled);
    Measured least = middleRow(rows, intact);
    if (summary == Summary.MEAN) {
      double half = (least.high - least.low) / 2 / rows.size();
      least = new Measured(measured.value, measured.value - half, measured.value + half);
    }
    if (ends.high - ends.low < least.high - least.low) {
      ends =
          new Measured(
              measured.value, Math.min(ends.low, least.low), Math.max(ends.high, least.high));
    }
    assertEnds(measured, ends, tolerance);
  }

  /** The share of the row with the median error, by Agresti and Min: half an image more each. */
  private static Measured middleRow(List<boolean[]> rows, boolean[] intact) {
    List<boolean[]> sorted = new ArrayList<>(rows);
    int[] all = IntStream.range(0, intact.length).toArray();
    sorted.sort(Comparator.comparingDouble(row -> share(row, all)));
    boolean[] row = sorted.get(rows.size() / 2);
    double lost = 0.5;
    double won = 0.5;
    for (int image : all) {
      lost += row[image] && !intact[image] ? 1 : 0;
      won += !row[image] && intact[image] ? 1 : 0;
    }
    double images = intact.length + 2;
    double difference = (lost - won) / images;
    double half = Z * Math.sqrt(lost + won - square(lost - won) / images) / images;
    double room = chance() - share(intact, all);
    return new Measured(difference / room, (difference - half) / room, (difference + half) / room);
  }

  @Test
  void manyDeletions() throws IOException {
    List<Map<String, String>> rows = of(table("delete-many-means"), DELETED_FROM);
    JsonObject study = result(MAIN, "delete-many");
    boolean[] intact = wrong(study.getAsJsonObject("baseline"));
    assertThat(intact).hasSize(DRAWN_IMAGES);
    assertThat(number(rows.get(0), "blocks deleted")).isZero();
    assertRate(rows.get(0), "mean error (%)", intact);
    assertThat(rows).hasSize(7);
    for (Map<String, String> row : rows.subList(1, 7)) {
      List<boolean[]> draws = new ArrayList<>();
      for (JsonElement each : study.getAsJsonArray("rows")) {
        if (each.getAsJsonObject().get("k").getAsDouble() == number(row, "blocks deleted")) {
          draws.add(wrong(each.getAsJsonObject()));
        }
      }
      double k = number(row, "blocks deleted");
      double possible = 1;
      for (int i = 0; i < k; i++) {
        possible *= (6.0 - i) / (i + 1);
      }
      boolean all = draws.size() == (int) Math.round(possible);
      assertThat(all).as("all of k = " + k).isEqualTo(possible <= DRAWS);
      assertMean(row, draws, all);
    }

    assertCurve("many_deletions", DELETED_FROM, rows, "blocks deleted", "%.0f");
  }

  @Test
  void reordering() throws IOException {
    List<Map<String, String>> rows = of(table("reorder-means"), MAIN);
    JsonObject study = result(MAIN, "reorder");
    Collections.reverse(rows);
    assertThat(number(rows.get(0), "mean tau")).isEqualTo(1);
    assertRate(rows.get(0), "mean error (%)", wrong(study.getAsJsonObject("baseline")));
    List<Map<String, String>> bins = rows.subList(1, rows.size());
    assertThat(bins).hasSizeGreaterThan(1);

    Map<Double, List<JsonObject>> found = null;
    for (double width : new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1}) {
      Map<Double, List<JsonObject>> orders = new TreeMap<>(Collections.reverseOrder());
      for (JsonElement each : study.getAsJsonArray("rows")) {
        double bin = Math.floor(each.getAsJsonObject().get("kendallTau").getAsDouble() / width);
        orders.computeIfAbsent(bin, key -> new ArrayList<>()).add(each.getAsJsonObject());
      }
      orders.values().removeIf(together -> together.size() < 2);
      if (orders.values().stream()
          .map(together -> (double) together.size())
          .toList()
          .equals(bins.stream().map(row -> number(row, "draws")).toList())) {
        found = orders;
      }
    }
    assertThat(found).as("a width of bins that gives as many orders in each").isNotNull();
    int next = 0;
    for (List<JsonObject> together : found.values()) {
      Map<String, String> row = bins.get(next++);
      double tau =
          together.stream()
              .mapToDouble(each -> each.get("kendallTau").getAsDouble())
              .average()
              .orElseThrow();
      assertThat(number(row, "mean tau")).isCloseTo(tau, within(EXACT));
      assertMean(row, together.stream().map(FirstScreenTest::wrong).toList(), false);
    }

    assertCurve("reordering", MAIN, rows, "mean tau", "tau %.2f");
  }

  /**
   * The mean exactly, and its interval by a plain bootstrap over draws, one fewer than there are,
   * and images. The library corrects its percentiles for skewness and few draws, and so may go
   * further: the ends agree to three tenths of the interval's width, or an image in each draw.
   * Where all draws are right, or all wrong, there is but the choice of images: Wilson's interval.
   *
   * @param all whether nothing else could have been drawn, so that draws are not resampled
   */
  private static void assertMean(Map<String, String> row, List<boolean[]> draws, boolean all) {
    assertThat(number(row, "draws")).isEqualTo(draws.size());
    int images = draws.get(0).length;
    int[] each = IntStream.range(0, images).toArray();
    double mean = draws.stream().mapToDouble(draw -> share(draw, each)).average().orElseThrow();
    assertThat(number(row, "mean error (%)")).isCloseTo(100 * mean, within(EXACT));
    assertThat(hasInterval(row)).isEqualTo(all || number(row, "distinct") >= 10);
    if (!hasInterval(row)) {
      return;
    }
    Measured measured = new Measured(mean, number(row, "low") / 100, number(row, "high") / 100);
    if (mean == 0 || mean == 1) {
      assertEnds(measured, wilson((int) Math.round(mean * images), images), EXACT);
      return;
    }
    Random random = new Random(2);
    double[] resampled = new double[RESAMPLES];
    for (int b = 0; b < resampled.length; b++) {
      int[] chosen = random.ints(images, 0, images).toArray();
      double[] shares = draws.stream().mapToDouble(draw -> share(draw, chosen)).toArray();
      if (all) {
        resampled[b] = DoubleStream.of(shares).average().orElseThrow();
        continue;
      }
      double sum = 0;
      for (int i = 1; i < shares.length; i++) {
        sum += shares[random.nextInt(shares.length)];
      }
      resampled[b] = sum / (shares.length - 1);
    }
    Measured ends = ends(mean, resampled);
    assertEnds(measured, ends, Math.max(0.3 * (ends.high - ends.low), 1.0 / images));
  }

  private static boolean hasInterval(Map<String, String> row) {
    return get(row, "low").matches("[0-9.eE-]+");
  }

  /** The rows begin with the intact network; those without an interval are no points. */
  private static void assertCurve(
      String claim, String label, List<Map<String, String>> all, String place, String format) {
    List<Map<String, String>> rows = all.stream().filter(FirstScreenTest::hasInterval).toList();
    if (rows.size() < 3) {
      assertThat(finding(claim))
          .isEqualTo("A curve needs two points of at least 10 different draws each.");
      assertVerdict(claim, "cannot_be_shown");
      return;
    }
    List<Measured> points = new ArrayList<>();
    for (Map<String, String> row : rows) {
      points.add(
          new Measured(
              number(row, "mean error (%)") / 100,
              number(row, "low") / 100,
              number(row, "high") / 100));
    }
    int last = points.size() - 1;
    int middle = 1 + (last - 1) / 2;
    assertThat(finding(claim))
        .isEqualTo(
            "%s, on %s images: mean error %s intact, %s at %s, %s at %s.%s"
                .formatted(
                    label,
                    DRAWN_IMAGES,
                    percent(points.get(0).value),
                    percent(points.get(middle).value, points.get(middle)),
                    text(format, number(rows.get(middle), place)),
                    percent(points.get(last).value, points.get(last)),
                    text(format, number(rows.get(last), place)),
                    doubt(points, rows, place, format)));
    Measured measured = measured(claim);
    assertThat(measured.value).isCloseTo(points.get(last).value, within(EXACT));
    assertThat(measured.low).isCloseTo(points.get(last).low, within(EXACT));
    assertThat(measured.high).isCloseTo(points.get(last).high, within(EXACT));
    assertVerdict(claim, smooth(points));
  }

  /** What keeps a curve that is neither smooth nor not from being so. */
  private static String doubt(
      List<Measured> points, List<Map<String, String>> rows, String place, String format) {
    double room = chance() - points.get(0).value;
    int worst = 1;
    for (int i = 2; i < points.size(); i++) {
      if (step(points, i).high > step(points, worst).high) {
        worst = i;
      }
    }
    return smooth(points).equals("undecided") && step(points, worst).high > room / 3
        ? " The step to %s may be of %s points, a third of the room is %s."
            .formatted(
                text(format, number(rows.get(worst), place)),
                text("%.0f", 100 * step(points, worst).high),
                text("%.0f", 100 * room / 3))
        : "";
  }

  private static Measured step(List<Measured> points, int i) {
    return points.get(i).minus(points.get(i - 1));
  }

  /** From the intact network on, in the order of growing damage. */
  private static String smooth(List<Measured> points) {
    double third = (chance() - points.get(0).value) / 3;
    boolean refuted = false;
    boolean small = true;
    for (int i = 1; i < points.size(); i++) {
      Measured here = points.get(i);
      for (Measured earlier : points.subList(0, i)) {
        refuted |= here.high < earlier.low;
      }
      Measured step = step(points, i);
      refuted |= step.low > third;
      small &= step.high <= third;
    }
    boolean rises = points.get(points.size() - 1).low > points.get(0).high;
    return refuted ? "not_shown" : small && rises ? "shown" : "undecided";
  }

  /** The line through the logarithms, and Student's t around it. */
  @Test
  void gradientDecay() throws IOException {
    List<Map<String, String>> rows = new ArrayList<>(of(table("gradient-lengths"), MAIN));
    rows.removeIf(row -> !get(row, "measurement").contains("sampled path"));
    assertThat(rows).hasSize(10);
    assertNorms(rows, "mean norm of a path", "sampled", "samples", "meanNorm");
    double n = 10;
    double meanX = 0;
    double meanY = 0;
    for (Map<String, String> row : rows) {
      meanX += number(row, "length") / n;
      meanY += logNorm(row) / n;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Map<String, String> row : rows) {
      double x = number(row, "length") - meanX;
      double y = logNorm(row) - meanY;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    double slope = xy / xx;
    double r2 = xy * xy / (xx * yy);
    double error = Math.sqrt((yy - slope * xy) / (n - 2) / xx);
    double half = studentQuantile(8, 0.975) * error;

    Measured measured = measured("gradient_decay");
    assertThat(measured.value).isCloseTo(slope, within(EXACT));
    assertThat(measured.low).isCloseTo(slope - half, within(1e-7));
    assertThat(measured.high).isCloseTo(slope + half, within(1e-7));
    assertThat(finding("gradient_decay"))
        .isEqualTo(
            "%s: each further block multiplies the norm by %s [%s, %s]; R² is %s over 10 lengths."
                .formatted(
                    MAIN,
                    text("%.3f", Math.exp(slope)),
                    text("%.3f", Math.exp(slope - half)),
                    text("%.3f", Math.exp(slope + half)),
                    text("%.3f", r2)));
    assertVerdict(
        "gradient_decay",
        slope - half > 0 || r2 <= 0.95 ? "not_shown" : slope + half < 0 ? "shown" : "undecided");
  }

  /** The norms of a table are the means over the batches. */
  private static void assertNorms(
      List<Map<String, String>> rows, String column, String mode, String list, String norm)
      throws IOException {
    double[] sums = new double[rows.size()];
    for (JsonObject result : results(MAIN, "gradients")) {
      if (result.getAsJsonObject("protocol").get("mode").getAsString().equals(mode)) {
        assertThat(result.getAsJsonArray("batches")).hasSize(2);
        for (JsonElement batch : result.getAsJsonArray("batches")) {
          for (JsonElement each : batch.getAsJsonObject().getAsJsonArray(list)) {
            JsonObject row = each.getAsJsonObject();
            sums[row.get("length").getAsInt()] += row.get(norm).getAsDouble();
          }
        }
      }
    }
    for (int k = 0; k < sums.length; k++) {
      assertThat(number(rows.get(k), "length")).isEqualTo(k);
      assertThat(number(rows.get(k), column) / (sums[k] / 2)).isCloseTo(1, within(EXACT));
    }
  }

  private static double logNorm(Map<String, String> row) {
    return Math.log(number(row, "mean norm of a path"));
  }

  /** The fewest lengths in a row with 95 % of the norms, and their paths counted exactly. */
  @Test
  void shortPaths() throws IOException {
    List<Map<String, String>> rows = new ArrayList<>(of(table("gradient-lengths"), MAIN));
    rows.removeIf(row -> !get(row, "measurement").equals("exact sums"));
    assertThat(rows).hasSize(10);
    assertNorms(rows, "norm of the sum", "exact", "sums", "norm");
    double total = rows.stream().mapToDouble(row -> number(row, "norm of the sum")).sum();
    int from = 0;
    int to = rows.size();
    double mass = 0;
    for (int first = 0; first < rows.size(); first++) {
      double held = 0;
      for (int last = first; last < rows.size(); last++) {
        held += number(rows.get(last), "norm of the sum") / total;
        boolean shorter = last - first < to - from;
        if (held >= 0.95 && (shorter || (last - first == to - from && held > mass))) {
          from = first;
          to = last;
          mass = held;
        }
      }
    }
    BigInteger paths = BigInteger.ZERO;
    for (Map<String, String> row : rows.subList(from, to + 1)) {
      paths = paths.add(new BigInteger(get(row, "paths")));
    }
    double pathShare =
        new BigDecimal(paths)
            .divide(new BigDecimal(BigInteger.TWO.pow(9)), MathContext.DECIMAL64)
            .doubleValue();

    assertThat(finding("short_paths"))
        .isEqualTo(
            "%s: lengths %s to %s carry %s of the gradient and are %s of all paths."
                .formatted(MAIN, from, to, percent(mass), percent(pathShare)));
    assertVerdict("short_paths", pathShare < 0.05 ? "shown" : "not_shown");
  }

  @Test
  void effectiveTraining() throws IOException {
    int steps = steps(MAIN);
    assertThat(steps(EFFECTIVE)).isEqualTo(steps);
    Measured with = error(EFFECTIVE);
    Measured without = error(MAIN);
    Measured difference = with.minus(without);

    assertMeasured("effective_training", difference);
    assertThat(finding("effective_training"))
        .isEqualTo(
            "Error %s with the effective paths, %s with all (one training each, of %s steps); difference %s"
                .formatted(
                    percent(with.value, with),
                    percent(without.value, without),
                    steps,
                    points(difference)));
    assertVerdict(
        "effective_training",
        difference.low >= -0.01 && difference.high <= 0.01
            ? "shown"
            : difference.low > 0.01 || difference.high < -0.01 ? "not_shown" : "undecided");
  }

  /** The intervals of both means are said in the finding alone, with two digits. */
  @Test
  void stochasticDepth() throws IOException {
    List<Double> means = new ArrayList<>();
    for (String network : List.of(STOCHASTIC, MAIN)) {
      Map<String, String> summary = of(table("stochastic-depth-summary"), network).get(0);
      double intact = number(summary, "intact (%)") / 100;
      double mean =
          series("stochastic-depth", network).stream()
              .mapToDouble(point -> number(point, "y") / 100)
              .average()
              .orElseThrow();
      assertThat(number(summary, "mean (%)")).isCloseTo(100 * mean, within(EXACT));
      means.add((mean - intact) / (chance() - intact));
    }
    var said =
        Pattern.compile(
                "The mean deletion costs (\\S+) % \\[(\\S+), (\\S+)] of the room with stochastic depth,"
                    + " (\\S+) % \\[(\\S+), (\\S+)] without \\(one training each, of "
                    + steps(MAIN)
                    + " steps\\); difference (.*)")
            .matcher(finding("stochastic_depth"));
    assertThat(said.matches()).as(finding("stochastic_depth")).isTrue();
    Measured with = said(said.group(1), said.group(2), said.group(3));
    Measured without = said(said.group(4), said.group(5), said.group(6));
    assertThat(said.group(1)).isEqualTo(text("%.2f", 100 * means.get(0)));
    assertThat(said.group(4)).isEqualTo(text("%.2f", 100 * means.get(1)));
    assertBootstrap(with, STOCHASTIC, Summary.MEAN);
    assertBootstrap(without, MAIN, Summary.MEAN);

    Measured measured = measured("stochastic_depth");
    Measured difference = with.minus(without);
    assertThat(measured.value).isCloseTo(means.get(0) - means.get(1), within(EXACT));
    // Of numbers with two digits: half a unit of the last, and the same of each end.
    assertThat(measured.low).isCloseTo(difference.low, within(3e-4));
    assertThat(measured.high).isCloseTo(difference.high, within(3e-4));
    assertThat(said.group(7)).isEqualTo(points(measured));
    assertVerdict("stochastic_depth", below(measured, 0));
  }

  private static Measured said(String value, String low, String high) {
    return new Measured(
        Double.parseDouble(value) / 100,
        Double.parseDouble(low) / 100,
        Double.parseDouble(high) / 100);
  }

  /** A number and the ends of its interval. */
  private record Measured(double value, double low, double high) {
    /** Zou and Donner's interval of a difference. */
    Measured minus(Measured other) {
      double difference = value - other.value;
      double below = Math.sqrt(square(value - low) + square(other.high - other.value));
      double above = Math.sqrt(square(high - value) + square(other.value - other.low));
      return new Measured(difference, difference - below, difference + above);
    }
  }

  private static double square(double value) {
    return value * value;
  }

  private static String below(Measured measured, double bound) {
    return measured.high < bound ? "shown" : measured.low > bound ? "not_shown" : "undecided";
  }

  private static void assertVerdict(String claim, String verdict) {
    assertThat(claim(claim)).containsEntry("verdict", verdict);
  }

  private static void assertMeasured(String claim, Measured expected) {
    Measured measured = measured(claim);
    assertThat(measured.value).isCloseTo(expected.value, within(EXACT));
    assertThat(measured.low).isCloseTo(expected.low, within(EXACT));
    assertThat(measured.high).isCloseTo(expected.high, within(EXACT));
  }

  /** Of resampled values: the percentiles. */
  private static Measured ends(double value, double[] resampled) {
    double[] sorted = resampled.clone();
    Arrays.sort(sorted);
    return new Measured(
        value, sorted[(int) (0.025 * sorted.length)], sorted[(int) (0.975 * sorted.length)]);
  }

  private static void assertEnds(Measured measured, Measured expected, double tolerance) {
    assertThat(measured.low)
        .isCloseTo(expected.low, within(tolerance))
        .isLessThanOrEqualTo(measured.value);
    assertThat(measured.high)
        .isCloseTo(expected.high, within(tolerance))
        .isGreaterThanOrEqualTo(measured.value);
  }

  /** An error rate in percent with Wilson's interval. */
  private static void assertRate(Map<String, String> row, boolean[] wrong) {
    assertRate(row, "error (%)", wrong);
  }

  private static void assertRate(Map<String, String> row, String column, boolean[] wrong) {
    int count = 0;
    for (boolean each : wrong) {
      count += each ? 1 : 0;
    }
    Measured rate = wilson(count, wrong.length);
    assertThat(number(row, column)).isCloseTo(100 * rate.value, within(EXACT));
    assertThat(number(row, "low")).isCloseTo(100 * rate.low, within(EXACT));
    assertThat(number(row, "high")).isCloseTo(100 * rate.high, within(EXACT));
  }

  private static Measured wilson(int count, int total) {
    double rate = (double) count / total;
    double scale = 1 + Z * Z / total;
    double middle = (rate + Z * Z / (2 * total)) / scale;
    double half = Z * Math.sqrt(rate * (1 - rate) / total + Z * Z / (4.0 * total * total)) / scale;
    return new Measured(rate, middle - half, middle + half);
  }

  /** Twice the smaller tail of a fair coin. */
  private static double mcNemar(int lost, int won) {
    int changed = lost + won;
    BigInteger tail = BigInteger.ZERO;
    BigInteger ways = BigInteger.ONE;
    for (int i = 0; i <= Math.min(lost, won); i++) {
      tail = tail.add(ways);
      ways = ways.multiply(BigInteger.valueOf(changed - i)).divide(BigInteger.valueOf(i + 1));
    }
    double twice = new BigDecimal(tail.shiftLeft(1)).doubleValue() * Math.pow(2, -changed);
    return Math.min(1, twice);
  }

  private static double[] holm(double[] exact) {
    double[] sorted = exact.clone();
    Arrays.sort(sorted);
    double[] adjusted = new double[exact.length];
    double largest = 0;
    for (int rank = 0; rank < sorted.length; rank++) {
      largest = Math.max(largest, Math.min(1, (sorted.length - rank) * sorted[rank]));
      for (int i = 0; i < exact.length; i++) {
        if (exact[i] == sorted[rank] && adjusted[i] == 0) {
          adjusted[i] = largest;
        }
      }
    }
    return adjusted;
  }

  /** By bisection of the integral of cos^(n-1), of which Student's t is the tangent. */
  private static double studentQuantile(int freedom, double probability) {
    double half = integral(freedom, Math.PI / 2);
    double low = 0;
    double high = Math.PI / 2;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (0.5 + integral(freedom, middle) / (2 * half) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.sqrt(freedom) * Math.tan(low);
  }

  /** By Simpson's rule. */
  private static double integral(int freedom, double to) {
    int steps = 2000;
    double width = to / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.pow(Math.cos(i * width), freedom - 1);
    }
    return sum * width / 3;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The share of images that are wrong. */
  private static double share(boolean[] wrong, int[] images) {
    int count = 0;
    for (int image : images) {
      count += wrong[image] ? 1 : 0;
    }
    return (double) count / images.length;
  }

  private static String percent(double rate) {
    double percent = 100 * rate;
    return text(percent != 0 && Math.abs(percent) < 0.005 ? "%.1g" : "%.2f", percent) + " %";
  }

  private static String percent(double rate, Measured ends) {
    return "%s [%s, %s]"
        .formatted(percent(rate), text("%.2f", 100 * ends.low), text("%.2f", 100 * ends.high));
  }

  private static String points(Measured difference) {
    return "%s points [%s, %s]."
        .formatted(
            text("%+.2f", 100 * difference.value),
            text("%+.2f", 100 * difference.low),
            text("%+.2f", 100 * difference.high));
  }

  /** What rounds to 0 has no minus sign. */
  private static String text(String format, double value) {
    String text = String.format(Locale.ROOT, format, value);
    return text.matches("-0\\.0*") ? String.format(Locale.ROOT, format, 0.0) : text;
  }

  private static Measured measured(String claim) {
    Map<String, String> row = claim(claim);
    return new Measured(number(row, "measured"), number(row, "low"), number(row, "high"));
  }

  private static String finding(String claim) {
    return get(claim(claim), "finding");
  }

  private static Map<String, String> claim(String claim) {
    return Objects.requireNonNull(claims.get(claim), claim);
  }

  private static Map<String, String> network(String name) throws IOException {
    return of(table("networks"), name).get(0);
  }

  private static Measured error(String name) throws IOException {
    JsonObject evaluation = result(name, "evaluation");
    boolean[] wrong = wrong(evaluation);
    assertRate(network(name), wrong);
    Map<String, String> row = network(name);
    return new Measured(
        number(row, "error (%)") / 100, number(row, "low") / 100, number(row, "high") / 100);
  }

  private static int steps(String name) throws IOException {
    var epochs = result(name, "training").getAsJsonArray("epochs");
    return epochs.get(epochs.size() - 1).getAsJsonObject().get("steps").getAsInt();
  }

  /** The error rate of guessing. */
  private static double chance() {
    return 1 - 1.0 / CLASSES;
  }

  private static List<Map<String, String>> of(List<Map<String, String>> rows, String network) {
    return new ArrayList<>(
        rows.stream().filter(row -> network.equals(row.get("network"))).toList());
  }

  private static List<Map<String, String>> series(String figure, String label) throws IOException {
    return table(figure).stream().filter(row -> label.equals(row.get("series"))).toList();
  }

  private static String get(Map<String, String> row, String column) {
    assertThat(row).containsKey(column);
    return String.valueOf(row.get(column));
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(get(row, column));
  }

  private static String page() throws IOException {
    return Files.readString(folder.resolve("report.html"));
  }

  private static JsonObject json(String name) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(name + ".json")))
        .getAsJsonObject();
  }

  /** The first raw result of a kind. */
  private static JsonObject result(String label, String kind) throws IOException {
    return results(label, kind).get(0);
  }

  private static List<JsonObject> results(String label, String kind) throws IOException {
    List<JsonObject> results = new ArrayList<>();
    for (JsonElement each : json("report").getAsJsonArray("results")) {
      JsonObject result = each.getAsJsonObject();
      String name = result.get("name").getAsString();
      if (result.get("label").getAsString().equals(label)
          && name.matches("result-[0-9]+-" + kind)) {
        results.add(json(name));
      }
    }
    assertThat(results).as("%s of %s", kind, label).isNotEmpty();
    return results;
  }

  private static List<boolean[]> rows(JsonObject study) {
    List<boolean[]> rows = new ArrayList<>();
    study.getAsJsonArray("rows").forEach(row -> rows.add(wrong(row.getAsJsonObject())));
    return rows;
  }

  /** Of each image, from record 0. */
  private static boolean[] wrong(JsonObject row) {
    boolean[] wrong = new boolean[row.get("total").getAsInt()];
    for (JsonElement each : row.getAsJsonArray("tallies")) {
      JsonObject tally = each.getAsJsonObject();
      int from = tally.get("from").getAsInt();
      BitSet correct =
          BitSet.valueOf(Base64.getDecoder().decode(tally.get("correct").getAsString()));
      for (int i = 0; i < tally.get("total").getAsInt(); i++) {
        wrong[from + i] = !correct.get(i);
      }
    }
    return wrong;
  }

  /** A CSV file by the names of its columns. */
  private static List<Map<String, String>> table(String name) throws IOException {
    List<List<String>> lines = cells(Files.readString(folder.resolve(name + ".csv")));
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      assertThat(line).hasSameSizeAs(lines.get(0));
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < line.size(); i++) {
        row.put(lines.get(0).get(i), line.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** As RFC 4180 says; lines end with a line feed. */
  private static List<List<String>> cells(String csv) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && (c == ',' || c == '\n')) {
        line.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          lines.add(List.copyOf(line));
          line.clear();
        }
      } else {
        cell.append(c);
      }
    }
    return lines;
  }
}
