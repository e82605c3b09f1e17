package io.github.resnetensembles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.google.common.reflect.ClassPath;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientDecay;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.BlockInteraction;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.path.PathStep;
import io.github.resnetensembles.path.ProbablePath;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.LearningRate;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingSeries;
import io.github.resnetensembles.training.TrainingWiring;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.RecordedOutputs;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

/** Every public record refuses what cannot be: missing components, counts below 0, no numbers. */
class RecordsTest {
  private static final Architecture NETWORK = Architecture.preResnet(8);

  /** Integers that may be negative. */
  private static final Set<String> ANY_INTEGER =
      Set.of(
          "BranchSource.Resample.seed",
          "CheckedProtocol.seed",
          "Lesion.Resample.seed",
          "PretrainedNetwork.seed",
          "Recipe.seed",
          "SequentialReport.Design.seed");

  /** Numbers that need not be: a measurement of a network whose numbers overflow is none. */
  private static final Set<String> MAY_BE_NAN =
      Set.of(
          "BatchGradients.ParameterGradients.fullNorm",
          "BatchGradients.PathSample.imageMeanNorm",
          "BatchGradients.PathSample.meanNorm",
          "BatchGradients.PathSample.standardError",
          "BatchGradients.PathSum.imageNorm",
          "BatchGradients.PathSum.norm",
          "BatchGradients.PathSum.share",
          "BatchGradients.SignSum.squares",
          "BatchGradients.SignSum.standardError",
          "TrainedEpoch.trainingLoss",
          "GradientDecay.r2",
          "MeasuredBatch.fullNorm",
          "MeasuredBatch.loss",
          "PublishedNetwork.errorRate",
          "Unravelling.largestDifference",
          "Unravelling.largestLogit",
          "Verification.Check.deviation",
          "Verification.Parity.largest",
          "Verification.Parity.mean",
          // Their container says which figure, series and axis it is.
          "Figure.Level.y",
          "Figure.Point.x",
          "Figure.Point.y");

  /** Texts that their container refuses, saying where they stand, and rules that no output has. */
  private static final Set<String> ANY_TEXT =
      Set.of(
          "Figure.Axis.categories",
          "Figure.Axis.label",
          "Figure.Level.label",
          "Figure.Series.label",
          "RenameRules.Rule.pattern",
          "RenameRules.Rule.replacement",
          "Report.LabelledResult.name",
          "ReportTable.Cell.text");

  /** Components that may be missing. */
  private static final Set<String> NULLABLE = Set.of("Cotangents.skip", "Cotangents.branch");

  /** Packages without public records of the library. */
  private static final Pattern OTHERS =
      Pattern.compile("[.](internal|testkit|brokenbackends|benchmark)");

  /** Values whose records are not public. */
  private static final List<Object> BEHIND_INTERFACES =
      List.of(
          TrainingRecipe.paper(),
          Provenance.Run.builder().build(),
          batch(),
          GradientProtocol.defaults(),
          Rows.report(NETWORK, 4, Rows.bits(1), List.of()).provenance(),
          new TrainingRecipeParts().epoch());

  private static final Map<Class<?>, Object> SAMPLES = samples();

  private static SequentialReport sequence(LesionReport report) {
    return new SequentialReport(
        new SequentialReport.Design(
            "plan", 0.5, OptionalLong.of(10), 0, new RecordRange(0, 4), 2, false),
        List.of(new SequentialReport.Round("a".repeat(64), 2, 2, new Cost(1, 2))),
        Optional.of(SequentialReport.End.TARGET),
        report);
  }

  private static Map<Class<?>, Object> samples() {
    LesionReport report =
        Rows.report(
            NETWORK,
            4,
            Rows.bits(1),
            List.of(Rows.row(PlannedLesion.of(Lesion.delete(1)), 4, Rows.bits(1, 2))));
    LesionRow row = report.rows().get(0);
    Tally tally = row.tallies().get(0);
    Interval interval = new Interval(0.5, 0.5, 0.95);
    NamedTensor image = NamedTensor.of("input", List.of(1, 1, 1, 1), new float[1]);
    Estimate estimate = new Estimate(0.5, interval);
    BlockValue value = new BlockValue(1, estimate, estimate, Optional.empty());
    GradientProtocol protocol = GradientProtocol.defaults();
    SequentialReport.Visit visit =
        new SequentialReport.Visit(new RecordRange(0, 2), LesionPlan.deleteEach().build(NETWORK));
    List<Object> all =
        List.of(
            NETWORK.input(),
            NETWORK.stem(),
            NETWORK.head(),
            NETWORK.blockSpecs().get(0),
            new RecordedOutputs("a", image, Map.of(0, image), Optional.empty()),
            new Layer.Convolution("conv", 16, 3, 1),
            new Layer.MaxPool(3, 2, 1, false),
            new Layer.AveragePool(3, 2, 1, false, true),
            new Layer.ActivationFunction(Layer.Function.SILU),
            new Layer.Dropout(0.5),
            report,
            row,
            tally,
            Tally.ImageValues.of(new double[] {0.5}, new double[] {-1}),
            Tally.MetricSum.of(0.5),
            interval,
            estimate,
            value,
            protocol,
            report.provenance(),
            new Fingerprint(Collections.nCopies(40, 0.5)),
            LesionPlan.deleteEach().build(NETWORK),
            new PlanPart("a".repeat(64), 3, List.of(new RecordRange(1, 3)), Optional.of("1/2")),
            new BlockValues(Payoff.ACCURACY, true, 0, 1, 0, List.of(value), List.of(), report),
            new Recalibration(report, List.of(row), report.baseline(), "x", "a".repeat(64), 1),
            new EnsembleAnalysis(report, tally),
            sequence(report),
            sequence(report).design(),
            sequence(report).rounds().get(0),
            visit,
            new SequentialReport.Next(
                List.of(visit), Optional.of(sequence(report).rounds().get(0)), Optional.empty()),
            new SequentialStudy.BatchStudy(
                Mockito.mock(LesionStudy.class), ImageSets.builtIn().limit(1)),
            new Cotangents(Mockito.mock(Activation.class), 1, null, 0),
            new Figure(
                "name",
                "title",
                "words",
                Figure.Axis.linear("x"),
                Figure.Axis.linear("y"),
                List.of(new Figure.Series("s", Figure.Mark.LINE, List.of(Figure.Point.of(1, 2)))),
                List.of()),
            new ReportTable(
                "name", "title", List.of("a"), List.of(List.of(ReportTable.Cell.of("b")))),
            new Report("title", List.of(), List.of(), List.of(), List.of()),
            new Report.LabelledResult("label", "name", report),
            new BlockInteraction(1, 2, 0, Optional.empty()),
            new GradientDecay(-1, 0.5, 2),
            new PathStep(1, 1, 1, 0),
            new ProbablePath(ResidualPath.of(1), 0.5, Math.log(0.5)),
            new PathGradients(
                Lesion.intact(),
                protocol,
                List.of(batch()),
                batch().firstRecord(),
                1,
                0,
                new GradientCost(1, 1, 1, 1, 1),
                report.provenance()),
            new ModelOptions("cpu", Precision.FLOAT32, 1),
            new TrainingWiring.StochasticDepth(
                0.5,
                TrainingWiring.SurvivalCurve.UNIFORM,
                TrainingWiring.DrawFor.BATCH,
                TrainingWiring.SurvivalScaling.AT_TEST_TIME),
            new Lesion.Order(List.of(2, 1)),
            new Lesion.Pair(1, 2),
            new RecordRange(1, 2),
            new Lesion.Swap(List.of(new Lesion.Pair(1, 2))),
            new Lesion.Sequence(List.of(Lesion.delete(1), Lesion.delete(2))),
            new LearningRate.Change(2, 0.1),
            new OptimizerState(Map.of(), Map.of(), List.of()),
            new LearningRate.OneCycle(0.5, 0.5, 1, 1),
            new TrainingRecipeParts().epoch(),
            new TrainingSeries(
                List.of(TrainingRecipe.paper().seed()),
                List.of(
                    new TrainingHistory(
                        TrainingRecipe.paper(),
                        List.of(new TrainingRecipeParts().epoch()),
                        "a",
                        "a".repeat(64),
                        report.provenance()))));
    Map<Class<?>, Object> samples = new HashMap<>();
    Stream.concat(all.stream(), BEHIND_INTERFACES.stream())
        .forEach(sample -> samples.put(sample.getClass(), sample));
    return samples;
  }

  /** Records whose plain sample would contradict itself. */
  private static final class TrainingRecipeParts {
    EpochRecord epoch() {
      return EpochRecord.builder(1, 1)
          .learningRate(0.1)
          .trainingLoss(1)
          .trainingErrorRate(0.5)
          .total(2)
          .wrong(1)
          .loss(OptionalDouble.of(1))
          .build();
    }
  }

  private static BatchGradients batch() {
    return BatchGradients.builder(0, 1, 1, 1).reaching(List.of(1.0)).build();
  }

  static Stream<Class<?>> records() throws IOException {
    ClassPath path = ClassPath.from(Architecture.class.getClassLoader());
    List<Class<?>> found = new ArrayList<>();
    path.getTopLevelClassesRecursive("io.github.resnetensembles").stream()
        .filter(info -> !OTHERS.matcher(info.getPackageName()).find())
        .map(ClassPath.ClassInfo::load)
        .filter(type -> Modifier.isPublic(type.getModifiers()))
        .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
        .filter(type -> type.isRecord() && Modifier.isPublic(type.getModifiers()))
        .forEach(found::add);
    assertThat(found).hasSizeGreaterThan(65);
    BEHIND_INTERFACES.forEach(value -> found.add(value.getClass()));
    return found.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void refusesWhatCannotBe(Class<?> type) throws ReflectiveOperationException {
    Object sample = sample(type);
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(components[i], sample);
    }
    Constructor<?> constructor = canonical(type);
    assertThat(build(constructor, values)).isEqualTo(sample);
    for (int i = 0; i < values.length; i++) {
      String name = name(type) + "." + components[i].getName();
      for (Object impossible : impossible(name, components[i].getType())) {
        Object[] changed = values.clone();
        changed[i] = impossible;
        assertThatThrownBy(() -> build(constructor, changed), "%s = %s", name, impossible)
            .isInstanceOfAny(
                IllegalArgumentException.class,
                NullPointerException.class,
                InvalidInputException.class,
                InvalidLesionException.class,
                InvalidPathException.class);
      }
    }
  }

  /** Values of components, with a constructor of them. */
  private record Parts(
      List<RecordComponent> components, List<Object> values, Constructor<?> constructor) {
    static Parts of(Class<?> type) throws ReflectiveOperationException {
      Object sample = sample(type);
      RecordComponent[] components = type.getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(components[i], sample);
      }
      return new Parts(
          List.of(components),
          Collections.unmodifiableList(Arrays.asList(values)),
          canonical(type));
    }

    Object with(int index, Object value) throws ReflectiveOperationException {
      Object[] changed = values.toArray();
      changed[index] = value;
      return build(constructor, changed);
    }
  }

  /** What backends compute with is no part of a result. */
  static Stream<Class<?>> recordsOfResults() throws IOException {
    return records().filter(type -> !type.getPackageName().endsWith(".spi"));
  }

  /** What is written and read back is equal, and no output says -0.0. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("recordsOfResults")
  void minusZeroIsZero(Class<?> type) throws ReflectiveOperationException {
    Parts parts = Parts.of(type);
    for (int i = 0; i < parts.values().size(); i++) {
      int index = i;
      Optional<Object> plus = zeros(parts.components().get(i), parts.values().get(i), 0.0);
      if (plus.isPresent() && catchThrowable(() -> parts.with(index, plus.get())) == null) {
        Object minus = zeros(parts.components().get(i), parts.values().get(i), -0.0).orElseThrow();
        assertThat(parts.with(i, minus))
            .as("%s.%s", name(type), parts.components().get(i).getName())
            .isEqualTo(parts.with(i, plus.get()));
      }
    }
  }

  /** Empty for components that are no numbers. */
  private static Optional<Object> zeros(RecordComponent component, Object value, double zero) {
    return switch (component.getGenericType().getTypeName()) {
      case "double" -> Optional.of(zero);
      case "java.util.OptionalDouble" -> Optional.of(OptionalDouble.of(zero));
      case "java.util.List<java.lang.Double>" ->
          Optional.of(Collections.nCopies(((List<?>) value).size(), zero));
      default -> Optional.empty();
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void hostileTextIsRefusedOrMadeFitToBeShown(Class<?> type) throws ReflectiveOperationException {
    Parts parts = Parts.of(type);
    List<Executable> checks = new ArrayList<>();
    for (int i = 0; i < parts.values().size(); i++) {
      String kind = parts.components().get(i).getGenericType().getTypeName();
      String name = name(type) + "." + parts.components().get(i).getName();
      boolean many = kind.equals("java.util.List<java.lang.String>");
      if (ANY_TEXT.contains(name) || !(many || kind.equals("java.lang.String"))) {
        continue;
      }
      int index = i;
      for (String hostile : HostileText.all()) {
        checks.add(
            () ->
                HostileText.check(
                    name,
                    () -> {
                      Object built = parts.with(index, many ? List.of(hostile) : hostile);
                      Object kept = value(parts.components().get(index), built);
                      return List.of(kept.toString());
                    }));
      }
    }
    assertAll(checks);
  }

  private static String name(Class<?> type) {
    return type.getName().replaceFirst(".*\\.", "").replace('$', '.');
  }

  private static List<Object> impossible(String name, Class<?> type) {
    if (type == int.class) {
      return ANY_INTEGER.contains(name) ? List.of() : List.of(-1, Integer.MIN_VALUE);
    }
    if (type == long.class) {
      return ANY_INTEGER.contains(name) ? List.of() : List.of(-1L, Long.MIN_VALUE);
    }
    if (type == double.class) {
      return MAY_BE_NAN.contains(name) ? List.of() : List.of(Double.NaN);
    }
    return type.isPrimitive() || NULLABLE.contains(name)
        ? List.of()
        : Collections.singletonList(null);
  }

  private static Constructor<?> canonical(Class<?> type) throws NoSuchMethodException {
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    return constructor;
  }

  private static Object value(RecordComponent component, Object record)
      throws ReflectiveOperationException {
    component.getAccessor().setAccessible(true);
    return component.getAccessor().invoke(record);
  }

  private static Object build(Constructor<?> constructor, Object... values)
      throws ReflectiveOperationException {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Object sample(Class<?> type) throws ReflectiveOperationException {
    Object known = SAMPLES.get(type);
    if (known != null) {
      return known;
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = sample(components[i].getName(), components[i].getGenericType());
    }
    return build(canonical(type), values);
  }

  private static Object sample(String name, Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      if (raw == Optional.class) {
        return Optional.empty();
      }
      if (raw == Map.class) {
        return Map.of();
      }
      Object item = sample(name, generic.getActualTypeArguments()[0]);
      return raw == Set.class ? Set.of(item) : List.of(item);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isEnum()) {
      return raw.getEnumConstants()[0];
    }
    if (raw.isRecord()) {
      return sample(raw);
    }
    if (raw.isSealed() && raw.getPermittedSubclasses().length == 1) {
      return sample(raw.getPermittedSubclasses()[0]);
    }
    if (raw == String.class) {
      return name.toLowerCase(java.util.Locale.ROOT).contains("sha256") ? "a".repeat(64) : "a";
    }
    Object value = PLAIN.get(raw);
    assertThat(value).as("a sample of %s", raw).isNotNull();
    return value;
  }

  /** What parts are of. */
  private static final class TwoImages implements Activation {
    @Override
    public int images() {
      return 2;
    }

    @Override
    public FeatureShape shape() {
      return new FeatureShape(1, 1, 1);
    }

    @Override
    public double[] values() {
      return new double[2];
    }

    @Override
    public void close() {}
  }

  private static final Map<Class<?>, Object> PLAIN =
      Map.ofEntries(
          Map.entry(int.class, 1),
          Map.entry(Integer.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(double.class, 0.5),
          Map.entry(Double.class, 0.5),
          Map.entry(boolean.class, false),
          Map.entry(BigInteger.class, BigInteger.ONE),
          Map.entry(OptionalInt.class, OptionalInt.empty()),
          Map.entry(OptionalLong.class, OptionalLong.empty()),
          Map.entry(OptionalDouble.class, OptionalDouble.empty()),
          Map.entry(Pattern.class, Pattern.compile("a")),
          Map.entry(java.nio.file.Path.class, java.nio.file.Path.of("a")),
          Map.entry(Activation.class, new TwoImages()),
          Map.entry(Architecture.class, NETWORK),
          Map.entry(BlockSpec.class, NETWORK.blockSpecs().get(0)),
          Map.entry(Layer.class, new Layer.Relu()),
          Map.entry(Lesion.class, Lesion.delete(1)),
          Map.entry(BranchSource.class, BranchSource.own()),
          Map.entry(Exclusion.class, Exclusion.none()),
          Map.entry(GradientMeasurement.class, new GradientMeasurement.ExactSums()),
          Map.entry(ResidualPath.class, ResidualPath.of(List.of(1))),
          Map.entry(TrainingRecipe.class, TrainingRecipe.paper()),
          Map.entry(LearningRate.class, LearningRate.constant(0.1)),
          Map.entry(Optimizer.class, Optimizer.adamW(0.5)),
          Map.entry(TrainingWiring.class, new TrainingWiring.AllBlocks()),
          Map.entry(ProgressListener.class, ProgressListener.none()),
          Map.entry(NamedTensor.class, NamedTensor.of("input", List.of(1, 1, 1, 1), new float[1])),
          Map.entry(Weights.class, Weights.initialised(NETWORK, 1)));
}
