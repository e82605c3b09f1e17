package io.github.resnetensembles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.Resources;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.BlockInteraction;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.report.Results;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.training.Augmentation;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.LearningRate;
import io.github.resnetensembles.training.TrainedLengths;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingSeries;
import io.github.resnetensembles.training.TrainingWiring;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.WeightFile;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the library writes is what it wrote before, byte by byte: results made by hand against the
 * files in the folder {@code formats} of the test resources. {@code -Dformats.write} writes these
 * anew; then look at the difference.
 */
public class FormatsTest {
  private static final Path FOLDER = Path.of("src/test/resources/formats");
  private static final Architecture NETWORK =
      TinyNetworks.postActivation().toBuilder().name("tiny").build();
  private static final ReferenceSet REFERENCE = new ReferenceSet("c".repeat(64), 5, 20);
  private static final int IMAGES = 10;

  private static final Map<String, Supplier<String>> TEXTS = texts();

  /** Compares with a golden file, or writes it. */
  public static void check(String name, String text) {
    Path file = FOLDER.resolve(name);
    try {
      if (System.getProperty("formats.write") != null) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, text);
      }
      assertThat(text).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> names() {
    return TEXTS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void bytesAreThoseOfTheGoldenFile(String name) {
    check(name, Objects.requireNonNull(TEXTS.get(name)).get());
  }

  @Test
  void everyGoldenFileIsLookedAt() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSameElementsAs(
              Stream.concat(
                      names(),
                      Stream.of(
                          "checkpoint.txt",
                          "checkpoint-adamw.txt",
                          "checkpoint-topics.txt",
                          "training-without-kind.json"))
                  .toList());
    }
  }

  /** Written before layers were data; the network lies in the provenance. */
  @Test
  void earlierResultsAreRead() throws IOException {
    URL file = Resources.getResource("earlier-lesion-report.json");
    LesionReport earlier = LesionReport.fromJson(Resources.toString(file, StandardCharsets.UTF_8));
    assertThat(earlier).isEqualTo(report());
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    assertThat(LesionPlan.fromJson(golden("lesion-plan.json"))).isEqualTo(plan());
    assertThat(LesionPlan.fromJson(golden("lesion-plan-shard.json"))).isEqualTo(plan().shard(1, 2));
    assertThat(Lesion.fromJson(golden("lesion.json"))).isEqualTo(lesion());
    assertThat(ResidualPath.fromJson(golden("path.json"))).isEqualTo(ResidualPath.of(1, 3));
    assertThat(TrainingRecipe.fromJson(golden("recipe-stochastic-depth.json")))
        .isEqualTo(stochasticDepth());
    assertThat(TrainingRecipe.fromJson(golden("recipe-exactly-kept.json")))
        .isEqualTo(exactlyKept());
    assertThat(TrainingRecipe.fromJson(golden("recipe-one-cycle.json")))
        .isEqualTo(TrainingRecipe.quick());
    assertThat(TrainingRecipe.fromJson(golden("recipe-adamw.json")))
        .isEqualTo(TrainingRecipe.transformer());
    for (Architecture network : architectures()) {
      assertThat(Architecture.fromJson(golden("architecture-" + network.name() + ".json")))
          .isEqualTo(network);
    }
  }

  private static Map<String, Result> results() {
    return Map.ofEntries(
        Map.entry("lesion-report.json", report()),
        Map.entry("lesion-report-of-a-view.json", ofView()),
        Map.entry("lesion-report-of-a-shard.json", ofShard()),
        Map.entry("evaluation.json", evaluation(Lesion.intact())),
        Map.entry("evaluation-of-a-view.json", evaluation(Lesion.delete(2))),
        Map.entry("block-values-exact.json", blockValues(true)),
        Map.entry("block-values-sampled.json", blockValues(false)),
        Map.entry("ensemble-analysis.json", ensemble()),
        Map.entry("sequential-report.json", sequence()),
        Map.entry("recalibration.json", recalibration()),
        Map.entry("gradients-exact.json", exact()),
        Map.entry("gradients-sampled.json", sampled()),
        Map.entry("gradients-signs.json", signs()),
        Map.entry("gradients-path.json", single()),
        Map.entry("verification.json", verification()),
        Map.entry("training.json", training()),
        Map.entry("training-series.json", series()),
        Map.entry("training-without-kind.json", training()));
  }

  @Test
  void everyKindOfResultIsReadByItsKind() {
    results()
        .forEach(
            (name, result) -> {
              assertThat(Results.read(FOLDER.resolve(name))).as(name).isEqualTo(result);
              assertThat(Results.fromJson(result.toJson())).as(name).isEqualTo(result);
            });
    assertThat(results().values())
        .extracting(Result::kind)
        .containsOnly(
            "lesion-report",
            "evaluation",
            "block-values",
            "ensemble-analysis",
            "sequential-report",
            "recalibration",
            "path-gradients",
            "verification",
            "training",
            "training-series");
  }

  @Test
  void whatIsNoResultIsRefused() {
    assertThatThrownBy(() -> Results.fromJson("{\"schema\":1}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the result has no field 'kind'");
    assertThatThrownBy(() -> Results.fromJson("{\"kind\":\"report\"}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the result.kind must be one of lesion-report, block-values, ")
        .hasMessageEndingWith(", got 'report'");
    assertThatThrownBy(() -> Results.fromJson("{\"kind\":\"evaluation\",\"schema\":2}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the result.schema must be 1");
    Path missing = FOLDER.resolve("missing.json");
    assertThatThrownBy(() -> Results.read(missing)).isInstanceOf(FileAccessException.class);
  }

  private static String golden(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  private static Map<String, Supplier<String>> texts() {
    Map<String, Supplier<String>> texts = new LinkedHashMap<>();
    texts.put("lesion-report.json", () -> report().toJson());
    texts.put("lesion-report.csv", () -> report().toCsv());
    texts.put("lesion-report-of-a-view.json", () -> ofView().toJson());
    texts.put("lesion-report-of-a-view.csv", () -> ofView().toCsv());
    texts.put("evaluation.json", () -> evaluation(Lesion.intact()).toJson());
    texts.put("evaluation-of-a-view.json", () -> evaluation(Lesion.delete(2)).toJson());
    texts.put("block-values-exact.json", () -> blockValues(true).toJson());
    texts.put("block-values-sampled.json", () -> blockValues(false).toJson());
    texts.put("block-values-exact.csv", () -> blockValues(true).toCsv());
    texts.put("block-values-sampled.csv", () -> blockValues(false).toCsv());
    texts.put("ensemble-analysis.json", () -> ensemble().toJson());
    texts.put("sequential-report.json", () -> sequence().toJson());
    texts.put("sequential-report.csv", () -> sequence().toCsv());
    texts.put("recalibration.json", () -> recalibration().toJson());
    texts.put("recalibration.csv", () -> recalibration().toCsv());
    texts.put("gradients-exact.json", () -> exact().toJson());
    texts.put("gradients-exact.csv", () -> exact().toCsv());
    texts.put("gradients-sampled.json", () -> sampled().toJson());
    texts.put("gradients-sampled.csv", () -> sampled().toCsv());
    texts.put("gradients-signs.json", () -> signs().toJson(0.5));
    texts.put("gradients-path.json", () -> single().toJson());
    texts.put("verification.json", () -> verification().toJson());
    texts.put("training.json", () -> training().toJson());
    texts.put("training.csv", () -> training().toCsv());
    texts.put("training-series.json", () -> series().toJson());
    texts.put("training-series.csv", () -> series().toCsv());
    texts.put("recipe-piecewise.json", () -> TrainingRecipe.paper().toJson());
    texts.put("recipe-one-cycle.json", () -> TrainingRecipe.quick().toJson());
    texts.put("recipe-adamw.json", () -> TrainingRecipe.transformer().toJson());
    texts.put("recipe-stochastic-depth.json", () -> stochasticDepth().toJson());
    texts.put("recipe-exactly-kept.json", () -> exactlyKept().toJson());
    texts.put("provenance.json", () -> provenance(NETWORK).toJson());
    texts.put("provenance-known.json", () -> known().toJson());
    texts.put("lesion-plan.json", () -> plan().toJson());
    texts.put("lesion-plan-shard.json", () -> plan().shard(1, 2).toJson());
    texts.put("lesion-report-of-a-shard.json", () -> ofShard().toJson());
    texts.put("lesion-plan-joined.json", () -> joined().toJson());
    texts.put("lesion.json", () -> lesion().toJson());
    texts.put("lesion-intact.json", () -> Lesion.intact().toJson());
    texts.put("path.json", () -> ResidualPath.of(1, 3).toJson());
    texts.put("figure.json", () -> figure().toJson());
    texts.put("figure.csv", () -> figure().toCsv());
    texts.put("table.json", () -> table().toJson());
    texts.put("table.csv", () -> table().toCsv());
    texts.put("report.json", () -> Report.of(deleteEach(), verification()).toJson());
    texts.put("weights-header.json", FormatsTest::weightsHeader);
    for (Architecture network : architectures()) {
      texts.put("architecture-" + network.name() + ".json", network::toJson);
    }
    return texts;
  }

  /** One of each kind of preset, and the contract kit's, which hold every variant. */
  private static List<Architecture> architectures() {
    return Stream.concat(
            Stream.of(
                    "resnet-8",
                    "preresnet-8",
                    "plain-8",
                    "resnet-bottleneck-11",
                    "preresnet-bottleneck-11",
                    "vgg-15",
                    "imagenet-resnet-18",
                    "imagenet-resnet-50",
                    "imagenet-preresnet-200")
                .map(Architecture::of),
            TinyNetworks.all().stream())
        .toList();
  }

  private static Provenance.Run run() {
    return Provenance.Run.builder()
        .libraryVersion("0.1.0")
        .backend("reference")
        .engine("none")
        .device("cpu")
        .threads(2)
        .java("Some JVM 17")
        .system("Some System amd64")
        .seconds(1.25)
        .blockEvaluations(4321)
        .build();
  }

  private static Provenance provenance(Architecture network) {
    return Provenance.builder("a".repeat(64), network, "b".repeat(64), "hand-made images")
        .precision(Precision.FLOAT64)
        .batchSize(50)
        .runs(List.of(run()))
        .build();
  }

  private static Provenance known() {
    return Provenance.builder("a".repeat(64), NETWORK, "b".repeat(64), "test_batch.bin, a \"file\"")
        .trained(true)
        .dataset(Optional.of(KnownDataset.CIFAR_10))
        .batchSize(50)
        .fingerprint(
            Optional.of(
                new Fingerprint(
                    IntStream.range(0, 12)
                        .mapToObj(
                            i -> i == 5 ? Double.NaN : i == 7 ? Double.NEGATIVE_INFINITY : i / 8.0)
                        .toList())))
        .runs(List.of(run(), run()))
        .build();
  }

  private static LesionRow row(
      PlannedLesion planned, Architecture network, Lesion base, double loss, int... wrong) {
    return new LesionRow(
        planned,
        base.then(planned.lesion()).applyTo(network).order(),
        Rows.row(planned, IMAGES, Rows.bits(wrong), loss).tallies());
  }

  private static LesionRow row(PlannedLesion planned, double loss, int... wrong) {
    return row(planned, NETWORK, Lesion.intact(), loss, wrong);
  }

  private static LesionReport report(Lesion base, List<LesionRow> rows, Provenance provenance) {
    return new LesionReport(
        base,
        row(PlannedLesion.of(Lesion.intact()), provenance.architecture(), base, 1, 1),
        rows,
        List.of(2),
        new Cost(123, 456),
        List.of(new RecordRange(0, IMAGES)),
        provenance);
  }

  private static LesionReport report() {
    PlannedLesion scaled = PlannedLesion.of(Lesion.scale(3, 0.5));
    return report(
        Lesion.intact(),
        List.of(
            row(Rows.drawn(Lesion.delete(1), 1, 1), 2.5, 1, 2, 4),
            row(Rows.drawn(Lesion.delete(1, 3), 2, 1), 0.1, 0, 1, 2, 3, 5),
            new LesionRow(
                scaled,
                row(scaled, 1).order(),
                List.of(
                    new Tally(
                        0,
                        IMAGES,
                        IMAGES,
                        3,
                        BigInteger.valueOf(7),
                        List.of(5, 5),
                        List.of(5, 5),
                        "AAA=")))),
        known());
  }

  private static LesionReport ofShard() {
    return report()
        .withPlan(
            new PlanPart(
                plan().sha256(),
                5,
                List.of(new RecordRange(1, 3), new RecordRange(4, 5)),
                Optional.of("1/2")));
  }

  private static LesionReport deleteEach() {
    return report(
        Lesion.intact(),
        Stream.of(1, 2, 3)
            .map(block -> row(PlannedLesion.of(Lesion.delete(block)), block, 1, block, 9))
            .toList(),
        known());
  }

  /** Reorderings and more, of two joined plans, in a network that is damaged before. */
  private static LesionReport ofView() {
    Architecture network = Architecture.resnet(20);
    Lesion base = Lesion.delete(9).then(Lesion.scale(5, 0.25));
    PlannedLesion drawn =
        new PlannedLesion(
            Lesion.swap(2, 3),
            OptionalInt.of(1),
            OptionalInt.of(2),
            OptionalLong.of(-7),
            OptionalInt.of(1));
    PlannedLesion other =
        PlannedLesion.of(Lesion.delete(4).then(Lesion.deleteSkip(6))).inPlan(OptionalInt.of(2));
    return report(
        base,
        List.of(row(drawn, network, base, 1, 3), row(other, network, base, 1)),
        provenance(network));
  }

  private static Evaluation evaluation(Lesion lesion) {
    return new Evaluation(row(PlannedLesion.of(lesion), 0.75, 1, 7), known());
  }

  private static BlockValues blockValues(boolean exact) {
    Interval interval = new Interval(-0.25, 0.5, 0.9);
    Estimate estimate = new Estimate(0.125, interval);
    return new BlockValues(
        exact ? Payoff.ACCURACY : Payoff.NEGATIVE_LOSS,
        exact,
        exact ? 0 : 3,
        0.9,
        0.1,
        List.of(
            new BlockValue(1, estimate, estimate, Optional.empty()),
            new BlockValue(
                3, estimate, new Estimate(0.0, interval), Optional.of(new Interval(-1, 1, 0.9)))),
        exact
            ? List.of(
                new BlockInteraction(1, 3, -0.5, Optional.empty()),
                new BlockInteraction(1, 2, 0.5, Optional.empty()))
            : List.of(),
        report());
  }

  private static EnsembleAnalysis ensemble() {
    return new EnsembleAnalysis(report(), report().baseline().tallies().get(0));
  }

  /** Rows of one k each, as if every batch of two images had been one draw. */
  private static SequentialReport sequence() {
    return new SequentialReport(
        new SequentialReport.Design(
            "delete 1 to 2 random blocks",
            0.5,
            OptionalLong.of(1000),
            0,
            new RecordRange(0, IMAGES),
            2,
            false),
        List.of(new SequentialReport.Round("e".repeat(64), 5, 10, new Cost(700, 900))),
        Optional.of(SequentialReport.End.BUDGET),
        report(Lesion.intact(), report().rows().subList(0, 2), known()));
  }

  private static Recalibration recalibration() {
    return new Recalibration(
        report(),
        report().rows().stream().map(row -> row(row.planned(), 1, 4, 5)).toList(),
        row(PlannedLesion.of(Lesion.intact()), 1, 8),
        "hand-made images, records 0..99",
        "d".repeat(64),
        100);
  }

  private static PathGradients gradients(
      GradientProtocol protocol, BatchGradients first, BatchGradients second) {
    return new PathGradients(
        Lesion.intact(),
        protocol,
        List.of(first, second),
        first.firstRecord(),
        3,
        1,
        new GradientCost(10, 20, 3, 4, 500),
        known());
  }

  private static GradientProtocol protocol(GradientMeasurement measurement) {
    return GradientProtocol.defaults().toBuilder().measurement(measurement).seed(7).build();
  }

  private static BatchGradients exact(int firstRecord, double factor) {
    return BatchGradients.builder(firstRecord, 4, factor, 2 * factor)
        .residual(1e-7)
        .reaching(List.of(1.0, 0.5, 0.25, 0.125))
        .sums(
            IntStream.rangeClosed(0, 3)
                .mapToObj(
                    length ->
                        new BatchGradients.PathSum(
                            length, factor / (1 << length), 0.25, factor / (3 << length)))
                .toList())
        .parameters(
            List.of(
                new BatchGradients.ParameterGradients(
                    2, 0.5, List.of(0.25, Double.NaN), List.of(0.5, -0.5))))
        .build();
  }

  private static PathGradients exact() {
    return gradients(
        GradientProtocol.defaults().toBuilder()
            .tolerance(1e-6)
            .maxLength(3)
            .seed(-1)
            .parameters(true)
            .precision(0.05)
            .build(),
        exact(0, 1),
        exact(4, 0.5));
  }

  private static BatchGradients sampled(int firstRecord, double factor) {
    return BatchGradients.builder(
            firstRecord, 4, firstRecord == 0 ? Double.NaN : factor, 2 * factor)
        .samples(
            IntStream.rangeClosed(0, 3)
                .mapToObj(
                    length ->
                        new BatchGradients.PathSample(
                            length, 2, factor / (1 << length), 0.125, factor / (3 << length)))
                .toList())
        .build();
  }

  private static PathGradients sampled() {
    return gradients(
        protocol(new GradientMeasurement.SampledPaths(2)), sampled(0, 1), sampled(4, 0.5));
  }

  private static BatchGradients signs(int firstRecord) {
    return BatchGradients.builder(firstRecord, 4, 1, 2)
        .residual(Double.NaN)
        .signSums(
            IntStream.rangeClosed(0, 3)
                .mapToObj(length -> new BatchGradients.SignSum(length, 1.0 / (1 << length), 0.125))
                .toList())
        .build();
  }

  private static PathGradients signs() {
    return gradients(protocol(new GradientMeasurement.RandomSigns(5)), signs(0), signs(4));
  }

  private static BatchGradients single(int firstRecord) {
    return BatchGradients.builder(firstRecord, 4, 1, 2).pathNorm(0.25).build();
  }

  private static PathGradients single() {
    return gradients(
        protocol(new GradientMeasurement.SinglePath(ResidualPath.of(1, 3))), single(0), single(4));
  }

  private static Verification verification() {
    return new Verification(
        List.of(
            new Verification.Check("the skip connection is affine", OptionalInt.of(1), 0.5, 1e-3),
            new Verification.Check(
                "a second run", OptionalInt.empty(), Double.POSITIVE_INFINITY, 0)),
        new Verification.Parity(30, Double.POSITIVE_INFINITY, 0.125, OptionalInt.of(0)),
        known());
  }

  private static TrainingRecipe stochasticDepth() {
    return TrainingRecipe.paper().toBuilder()
        .learningRate(LearningRate.cosine(0.1).withWarmUp(1.5))
        .wiring(
            new TrainingWiring.StochasticDepth(
                0.5,
                TrainingWiring.SurvivalCurve.UNIFORM,
                TrainingWiring.DrawFor.BATCH,
                TrainingWiring.SurvivalScaling.AT_TEST_TIME))
        .clipNorm(2.5)
        .labelSmoothing(0.1)
        .augmentation(new Augmentation(true, 2))
        .seed(-3)
        .build();
  }

  private static TrainingRecipe exactlyKept() {
    return TrainingRecipe.quick().toBuilder()
        .wiring(TrainingWiring.exactly(2).withAlways(Exclusion.of(1, 3)))
        .lengths(new TrainedLengths(1, 2))
        .build();
  }

  private static TrainingHistory training() {
    return new TrainingHistory(
        stochasticDepth(),
        List.of(
            EpochRecord.builder(1, 5)
                .learningRate(0.1)
                .trainingLoss(2.25)
                .trainingErrorRate(0.75)
                .total(10)
                .wrong(6)
                .loss(OptionalDouble.of(1.5))
                .build(),
            EpochRecord.builder(2, 10)
                .learningRate(0.05)
                .trainingLoss(1.25)
                .trainingErrorRate(0.5)
                .total(10)
                .wrong(3)
                .build()),
        "hand-made images, records 0..99",
        "d".repeat(64),
        known());
  }

  /** Two of three trainings, with other networks. */
  private static TrainingSeries series() {
    TrainingHistory first = training();
    TrainingHistory second =
        new TrainingHistory(
            first.recipe().toBuilder().seed(first.recipe().seed() + 2).build(),
            List.of(first.epochs().get(0), first.last().toBuilder().wrong(4).build()),
            first.trainingSet(),
            first.trainingSha256(),
            first.provenance().toBuilder().weightsSha256("e".repeat(64)).build());
    long seed = first.recipe().seed();
    return new TrainingSeries(List.of(seed, seed + 1, seed + 2), List.of(first, second));
  }

  private static LesionPlan plan() {
    return LesionPlan.deleteRandom(1, 2).draws(2).seed(9).build(NETWORK);
  }

  private static LesionPlan joined() {
    return LesionPlan.join(plan(), LesionPlan.deleteEach().build(NETWORK));
  }

  /** One of each kind. */
  private static Lesion lesion() {
    return Lesion.delete(1, 2)
        .then(Lesion.deleteSkip(2))
        .then(Lesion.scale(3, 0.5))
        .then(Lesion.duplicate(1))
        .then(new Lesion.Swap(List.of(new Lesion.Pair(1, 2), new Lesion.Pair(2, 3))))
        .then(Lesion.order(3, 1, 2))
        .then(Lesion.keepOnly(1, 3))
        .then(Lesion.mean(REFERENCE, 1))
        .then(new Lesion.Resample(Collections.singleton(2), REFERENCE, -5));
  }

  private static Figure figure() {
    return new Figure(
        "figure-1",
        "A title",
        "=words, \"quoted\"",
        Figure.Axis.of("x", List.of("one", "=two")),
        Figure.Axis.logarithmic("y"),
        List.of(
            new Figure.Series(
                "series",
                Figure.Mark.LINE,
                List.of(
                    Figure.Point.of(1, 0.5),
                    new Figure.Point(2, 3, Optional.of(new Interval(2, 4, 0.95)))))),
        List.of(new Figure.Level("level", 1e-9)));
  }

  private static ReportTable table() {
    return new ReportTable(
        "table-1",
        "A title",
        List.of("name", "number"),
        List.of(
            List.of(
                ReportTable.Cell.of("-1 of them"),
                new ReportTable.Cell("1.5 %", OptionalDouble.of(1.5))),
            List.of(ReportTable.Cell.of("b"), new ReportTable.Cell("3", OptionalDouble.of(3)))));
  }

  /** The names, shapes and texts of a file of weights and more; its checksum covers the values. */
  private static String weightsHeader() {
    Map<String, String> besides = new LinkedHashMap<>();
    besides.put("key", "a \"text\"");
    try {
      Path file = Files.createTempFile("weights", ".safetensors");
      try {
        new WeightFile(
                Weights.initialised(NETWORK, 1),
                besides,
                Map.of(
                    "momentum.x",
                    NamedTensor.of("momentum.x", List.of(2), new double[] {1e-9, -3})))
            .write(file);
        return header(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The header of a safetensors file without its checksum. */
  public static String header(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    return new String(header, UTF_8)
        .replaceAll("(resnet_ensembles.sha256\":\")[0-9a-f]{64}", "$1…")
        .stripTrailing();
  }
}
