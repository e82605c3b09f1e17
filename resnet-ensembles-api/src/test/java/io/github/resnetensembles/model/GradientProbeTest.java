package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.GradientsInterruptedException;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.gradient.UnverifiedGradientsException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StepTrace;
import io.github.resnetensembles.testkit.RandomWeights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientProbeTest {
  private static final Architecture TINY = network(5);
  private static final ImageSet IMAGES = images(12);

  private static Architecture network(int blocks) {
    List<BlockSpec> list = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      list.add(
          i == 2
              ? BlockSpec.of(BlockKind.BASIC, 4, 2, Shortcut.ZERO_PAD_EVEN)
              : BlockSpec.of(BlockKind.BASIC, i < 2 ? 3 : 4, 1, Shortcut.IDENTITY));
    }
    return Architecture.builder("tiny-" + blocks)
        .input(new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
        .stem(StemSpec.conv3x3(3))
        .blocks(list)
        .classes(3)
        .build();
  }

  private static ImageSet images(int count) {
    Random random = new Random(1);
    byte[] pixels = new byte[count * 3 * 6 * 6];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, random.ints(count, 0, 3).toArray(), 3);
  }

  private static ResidualModel model() {
    return model(TINY);
  }

  private static ResidualModel model(Architecture architecture) {
    return ResidualModel.open(new ReferenceBackend(), new RandomWeights(architecture, 1));
  }

  @Test
  void randomSignsAreUnbiased() {
    int seeds = 200;
    try (ResidualModel model = model()) {
      ImageBatch batch = IMAGES.batch(2);
      double[] expected = new double[6];
      model.paths().stream()
          .forEach(
              path -> {
                double norm = model.gradients().path(path).run(batch).pathNorm().getAsDouble();
                expected[path.length()] += norm * norm;
              });
      double[][] estimates = new double[6][seeds];
      for (int seed = 0; seed < seeds; seed++) {
        PathGradients signs = model.gradients().signs(1).seed(seed).run(batch);
        for (var sum : signs.batches().get(0).signSums()) {
          estimates[sum.length()][seed] = sum.squares();
        }
      }
      for (int k = 0; k <= 5; k++) {
        double mean = Arrays.stream(estimates[k]).average().orElseThrow();
        double variance =
            Arrays.stream(estimates[k]).map(v -> (v - mean) * (v - mean)).sum() / (seeds - 1);
        double allowed = k == 0 || k == 5 ? 1e-12 * expected[k] : 3 * Math.sqrt(variance / seeds);
        assertThat(mean).as("length %d", k).isCloseTo(expected[k], within(allowed));
        assertThat(variance > 1e-12 * mean * mean)
            .as("signs matter at length %d", k)
            .isEqualTo(k > 0 && k < 5);
      }
    }
  }

  @Test
  void signsGiveTheCancellationIndex() {
    try (ResidualModel model = model()) {
      PathGradients signs = model.gradients().signs(400).seed(3).run(IMAGES.batch(2));
      PathGradients all = model.gradients().sampled(1000).run(IMAGES.batch(2));
      for (LengthGradient row : signs.lengths()) {
        double rms = row.rmsPathNorm().getAsDouble();
        double sum = row.pathSumNorm().getAsDouble();
        assertThat(row.cancellation().getAsDouble())
            .isCloseTo(sum * sum / (rms * rms * row.paths().doubleValue()), within(1e-9));
        // The root mean square is at least the mean.
        assertThat(rms)
            .isGreaterThan(0.8 * all.lengths().get(row.length()).meanPathNorm().getAsDouble());
      }
      assertThat(signs.decay()).isPresent();
    }
  }

  /** What is known of all paths has no error of sampling; of some of them it has. */
  @Test
  void allPathsHaveNoStandardError() {
    try (ResidualModel model = model()) {
      BatchGradients all = model.gradients().sampled(10).run(IMAGES.batch(2)).batches().get(0);
      BatchGradients some = model.gradients().sampled(9).run(IMAGES.batch(2)).batches().get(0);
      for (int k = 0; k <= 5; k++) {
        assertThat(all.samples().get(k).standardError()).isZero();
        if (k == 2 || k == 3) {
          assertThat(some.samples().get(k).standardError()).isPositive();
        } else {
          assertThat(some.samples().get(k).standardError()).isZero();
        }
      }
    }
  }

  @Test
  void theResidualIsTheLargestOfAllBatches() {
    try (ResidualModel model = model()) {
      PathGradients cut =
          model
              .gradients()
              .maxLength(3)
              .options(RunOptions.defaults().withBatchSize(2))
              .run(IMAGES.limit(10));
      List<Double> residuals =
          cut.batches().stream().map(batch -> batch.residual().getAsDouble()).toList();

      assertThat(residuals).hasSize(5).doesNotHaveDuplicates();
      assertThat(cut.residual().getAsDouble()).isEqualTo(Collections.max(residuals));
    }
  }

  @Test
  void whatIsCutOffIsTheResidual() {
    try (ResidualModel model = model()) {
      PathGradients whole = model.gradients().exact().run(IMAGES.batch(3));
      PathGradients cut = model.gradients().maxLength(4).run(IMAGES.batch(3));

      assertThat(whole.residual().getAsDouble()).isLessThan(1e-13);
      assertThat(cut.lengths()).hasSize(5);
      assertThat(cut.residual().getAsDouble())
          .isCloseTo(
              whole.lengths().get(5).pathSumNorm().getAsDouble() / whole.fullNorm(), within(1e-12));
      for (int k = 0; k < 5; k++) {
        assertThat(cut.lengths().get(k).pathSumNorm())
            .isEqualTo(whole.lengths().get(k).pathSumNorm());
      }
      assertThat(cut.verified()).isFalse();
      assertThatThrownBy(() -> cut.effectiveLengths(0.9))
          .isInstanceOf(UnverifiedGradientsException.class)
          .hasMessageContaining(String.valueOf(cut.residual().getAsDouble()))
          .hasMessageContaining("more than 0.001");
      assertThat(cut.toJson()).contains("\"effective\":null", "\"verified\":false");
    }
  }

  @Test
  void toleranceDropsTheLargestLengthsForGood() {
    try (ResidualModel model = model()) {
      PathGradients whole = model.gradients().run(IMAGES.batch(3));
      PathGradients kept = model.gradients().tolerance(1e-12).run(IMAGES.batch(3));
      PathGradients cut = model.gradients().tolerance(0.9).run(IMAGES.batch(3));

      assertThat(kept.batches()).isEqualTo(whole.batches());
      assertThat(cut.lengths().size()).isBetween(1, 5);
      assertThat(cut.residual().getAsDouble()).isPositive();
      assertThat(cut.fullNorm()).isEqualTo(whole.fullNorm());
      assertThat(cut.lengths().get(0).pathSumNorm())
          .isEqualTo(whole.lengths().get(0).pathSumNorm());
    }
  }

  @Test
  void costIsKnownBeforeTheRun() {
    for (String what : List.of("exact", "cut", "sampled", "signs", "path")) {
      Counting counting = new Counting(1);
      try (ResidualModel model = ResidualModel.of(counting.network())) {
        GradientProbe probe = model.gradients();
        probe =
            switch (what) {
              case "cut" -> probe.maxLength(2);
              case "sampled" -> probe.sampled(4);
              case "signs" -> probe.signs(3);
              case "path" -> probe.path(2, 4);
              default -> probe;
            };
        GradientCost cost = probe.options(RunOptions.defaults().withBatchSize(3)).cost(IMAGES);
        PathGradients got = probe.run(IMAGES.batch(3));

        assertThat(counting.branches.get()).as(what).isEqualTo(cost.blockVjps());
        assertThat(got.cost().blockVjps()).isEqualTo(cost.blockVjps());
        assertThat(cost.batches()).isEqualTo(4);
        // Beside the cotangents: the inputs of all steps, some trace outputs, the residual.
        assertThat(counting.most.get()).as(what).isLessThanOrEqualTo(cost.cotangents() + 5 + 3);
      }
      assertThat(counting.open.get()).as(what + ": activations left open").isZero();
    }
  }

  @Test
  void exactSumsCostHalfASquareAndSampledPathsShareTheirEnds() {
    try (ResidualModel model = model(network(8))) {
      assertThat(model.gradients().cost(IMAGES).blockVjps()).isEqualTo(8 * 9 / 2 + 8);
      assertThat(model.gradients().maxLength(2).cost(IMAGES).blockVjps()).isEqualTo(7 * 2 + 1 + 8);
      // All 2^8 paths: groups of 16 share most of their ends, but a path has 4 branches on average.
      GradientCost all = model.gradients().sampled(100).cost(IMAGES);
      assertThat(all.blockVjpsWithoutSharing()).isEqualTo(8 * 128 + 8);
      assertThat(all.blockVjps()).isLessThan(all.blockVjpsWithoutSharing() / 2);
    }
  }

  /** Counts the branch cotangents that are pulled back, and the activations that are open. */
  private static final class Counting {
    final AtomicLong branches = new AtomicLong();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final Network good;
    private final int workers;

    Counting(int workers) {
      this.workers = workers;
      this.good =
          new ReferenceBackend().network(new RandomWeights(TINY, 1), ModelOptions.defaults());
    }

    Network network() {
      return proxy(Network.class, good);
    }

    private <T> T proxy(Class<T> type, Object target) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                if (method.getName().equals("workers")) {
                  return workers;
                }
                try {
                  Object result = method.invoke(target, arguments);
                  return wrapped(target, method.getName(), arguments, result);
                } catch (InvocationTargetException e) {
                  throw Objects.requireNonNull(e.getCause());
                }
              }));
    }

    private Object wrapped(Object target, String call, Object[] arguments, Object result) {
      if (target instanceof StepTrace && call.equals("pullBack")) {
        List<?> pairs = (List<?>) arguments[0];
        branches.addAndGet(
            pairs.stream().filter(pair -> ((Cotangents) pair).branch() != null).count());
        return ((List<?>) result).stream().map(v -> counted((Activation) v)).toList();
      }
      if (result instanceof Optional<?> optional
          && optional.isPresent()
          && optional.get() instanceof Differentiation derivatives) {
        return Optional.of(proxy(Differentiation.class, derivatives));
      }
      if (result instanceof StepTrace trace) {
        return proxy(StepTrace.class, trace);
      }
      boolean makes = target instanceof Network || target instanceof Differentiation;
      return makes && result instanceof Activation made ? counted(made) : result;
    }

    private Activation counted(Activation activation) {
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
      return new Activation() {
        private boolean closed;

        @Override
        public int images() {
          return activation.images();
        }

        @Override
        public FeatureShape shape() {
          return activation.shape();
        }

        @Override
        public double[] values() {
          return activation.values();
        }

        @Override
        public void close() {
          if (!closed) {
            closed = true;
            open.decrementAndGet();
          }
          activation.close();
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void threadsChangeNothing(int workers) {
    PathGradients one;
    try (ResidualModel model = ResidualModel.of(new Counting(1).network())) {
      one = model.gradients().run(IMAGES.batch(3));
    }
    try (ResidualModel model = ResidualModel.of(new Counting(workers).network())) {
      assertThat(model.gradients().run(IMAGES.batch(3)).batches()).isEqualTo(one.batches());
    }
  }

  @Test
  void severalBatchesGiveIntervalsAndStopEarly() {
    try (ResidualModel model = model()) {
      RunOptions two = RunOptions.defaults().withBatchSize(2);
      PathGradients all = model.gradients().options(two).run(IMAGES);
      assertThat(all.batches()).hasSize(6);
      assertThat(all.batches())
          .extracting(BatchGradients::firstRecord)
          .containsExactly(0, 2, 4, 6, 8, 10);
      for (LengthGradient row : all.lengths()) {
        double[] norms =
            all.batches().stream()
                .mapToDouble(batch -> batch.sums().get(row.length()).norm())
                .toArray();
        double mean = Arrays.stream(norms).average().orElseThrow();
        assertThat(row.pathSumNorm().getAsDouble()).isCloseTo(mean, within(1e-12));
        double variance = Arrays.stream(norms).map(v -> (v - mean) * (v - mean)).sum() / 5;
        // Student's t with 5 degrees of freedom.
        assertThat(row.interval().orElseThrow().high() - mean)
            .isCloseTo(2.570582 * Math.sqrt(variance / 6), within(1e-6 * mean));
      }
      assertThat(all.provenance().dataSha256()).isEqualTo(IMAGES.sha256());

      PathGradients early = model.gradients().precision(1e6).options(two).run(IMAGES);
      assertThat(early.batches()).isEqualTo(all.batches().subList(0, 3));
      assertThat(early.plannedBatches()).isEqualTo(6);
      assertThat(model.gradients().precision(1e-9).options(two).run(IMAGES).batches()).hasSize(6);
    }
  }

  /** Norms on batches of different sizes are different quantities. */
  @Test
  void aRemainderThatFillsNoBatchIsLeftOut() {
    try (ResidualModel model = model()) {
      GradientProbe five = model.gradients().options(RunOptions.defaults().withBatchSize(5));
      PathGradients all = five.run(IMAGES);
      assertThat(all.batches()).extracting(BatchGradients::images).containsExactly(5, 5);
      assertThat(all.leftOut()).isEqualTo(2);
      assertThat(all.plannedBatches()).isEqualTo(2);
      assertThat(five.cost(IMAGES).batches()).isEqualTo(2);
      assertThat(all.fullNorm()).isEqualTo(five.run(IMAGES.range(0, 10)).fullNorm());
      assertThat(PathGradients.fromJson(all.toJson())).isEqualTo(all);
      assertThat(all.toJson()).contains("\"leftOut\":2,");
      assertThat(PathGradients.fromJson(all.toJson().replace("\"leftOut\":2,", "")).leftOut())
          .isZero();
      PathGradients few = five.run(IMAGES.range(0, 3));
      assertThat(few.batches()).extracting(BatchGradients::images).containsExactly(3);
      assertThat(few.leftOut()).isZero();
      assertThatThrownBy(
              () ->
                  new PathGradients(
                      all.view(),
                      all.protocol(),
                      List.of(all.batches().get(0), few.batches().get(0)),
                      0,
                      2,
                      0,
                      all.cost(),
                      all.provenance()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("gradients of batches of 5 and of 3 images");
    }
  }

  @Test
  void sampledIntervalsCoverTheMeanOverAllPaths() {
    try (ResidualModel model = model(network(9))) {
      ImageBatch batch = IMAGES.batch(1);
      PathGradients all = model.gradients().sampled(1000).run(batch);
      int covered = 0;
      int rows = 0;
      for (int seed = 0; seed < 4; seed++) {
        for (LengthGradient row : model.gradients().sampled(12).seed(seed).run(batch).lengths()) {
          if (row.paths().intValueExact() > 12) {
            rows++;
            covered +=
                row.interval()
                        .orElseThrow()
                        .contains(all.lengths().get(row.length()).meanPathNorm().getAsDouble())
                    ? 1
                    : 0;
          }
        }
      }
      assertThat(rows).isEqualTo(4 * 6);
      assertThat(covered).isGreaterThanOrEqualTo(19);
    }
  }

  /** The ordinary gradient travels along: at y_0 it is the whole one, at y_n that of the head. */
  @Test
  void theGradientAndTheLossAreThoseOfTheNetwork() {
    try (ResidualModel model = model()) {
      PathGradients gradients =
          model.gradients().options(RunOptions.defaults().withBatchSize(4)).run(IMAGES.limit(8));

      assertThat(gradients.reaching()).hasSize(1 + model.wiring().steps().size());
      assertThat(gradients.reaching().get(0)).isEqualTo(gradients.fullNorm());
      assertThat(gradients.reaching()).allMatch(norm -> norm > 0).doesNotHaveDuplicates();
      assertThat(gradients.loss())
          .isCloseTo(model.evaluate(IMAGES.limit(8)).row().loss().orElseThrow(), within(1e-9));
    }
  }

  @Test
  void interruptionKeepsWhatWasDone() {
    try (ResidualModel model = model()) {
      List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
      Thread caller = Thread.currentThread();
      RunOptions options =
          RunOptions.defaults()
              .withBatchSize(2)
              .withListener(
                  progress -> {
                    seen.add(progress);
                    if (progress.images() == 4) {
                      caller.interrupt();
                    }
                  });
      GradientsInterruptedException stop =
          catchThrowableOfType(
              GradientsInterruptedException.class,
              () -> {
                var unused = model.gradients().signs(300).options(options).run(IMAGES);
              });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(stop).hasMessageContaining("of 6 batches");
      PathGradients partial = stop.partialGradients().orElseThrow();
      assertThat(partial.batches().size()).isBetween(2, 5);
      assertThat(partial.plannedBatches()).isEqualTo(6);
      assertThat(seen.get(0).done()).isZero();
      assertThat(seen).extracting(Progress::done).isSorted();
      assertThat(model.gradients().run(IMAGES.batch(1)).verified()).isTrue();
    }
  }

  @Test
  void jsonComesBack() {
    try (ResidualModel model = model()) {
      ResidualModel view = model.withLesion(Lesion.delete(2));
      for (PathGradients gradients :
          List.of(
              view.gradients().parameters().tolerance(1e-9).run(IMAGES.batch(2)),
              view.gradients().sampled(1).seed(4).atImage().maxLength(3).run(IMAGES.batch(2)),
              view.gradients().signs(1).precision(0.5).run(IMAGES.limit(2)),
              view.gradients().path(1, 5).run(IMAGES.batch(2)))) {
        assertThat(PathGradients.fromJson(gradients.toJson())).isEqualTo(gradients);
        assertThat(PathGradients.fromJson(gradients.toJson()).toCsv()).isEqualTo(gradients.toCsv());
      }
      String json = view.gradients().run(IMAGES.batch(2)).toJson();
      assertThatThrownBy(() -> PathGradients.fromJson("{}"))
          .isInstanceOf(InvalidJsonException.class)
          .hasMessageContaining("'kind' is not 'path-gradients'");
      assertThatThrownBy(() -> PathGradients.fromJson(json.replace("\"exact\"", "\"fast\"")))
          .isInstanceOf(InvalidJsonException.class)
          .hasMessageContaining("must be one of exact, path, sampled, signs");
      assertThatThrownBy(() -> PathGradients.fromJson(json.replace("\"schema\":1", "\"schema\":2")))
          .isInstanceOf(InvalidJsonException.class);
    }
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    try (ResidualModel model = model()) {
      ResidualModel mean = model.withLesion(Lesion.mean(ReferenceSet.of(IMAGES), 2));
      assertThatThrownBy(() -> mean.gradients().run(IMAGES.batch(1)))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("takes branch outputs from elsewhere");
      assertThatThrownBy(() -> model.gradients().path(6).run(IMAGES.batch(1)))
          .isInstanceOf(InvalidPathException.class)
          .hasMessageContaining("{6} is not one of the 32 paths");
      ResidualModel deleted = model.withLesion(Lesion.delete(2));
      assertThatThrownBy(() -> deleted.gradients().path(2).run(IMAGES.batch(1)))
          .isInstanceOf(InvalidPathException.class);
      assertThatThrownBy(() -> model.gradients().tolerance(Double.NaN))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> model.gradients().precision(0))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> model.gradients().run(IMAGES.batch(1)).effectiveLengths(0))
          .isInstanceOf(InvalidInputException.class);
      ResidualModel duplicated = model.withLesion(Lesion.duplicate(2));
      assertThat(duplicated.gradients().run(IMAGES.batch(1)).lengths()).hasSize(7);
      assertThatThrownBy(() -> duplicated.gradients().sampled(2).run(IMAGES.batch(1)))
          .isInstanceOf(InvalidPathException.class);
    }
    Network without = mock(Network.class);
    when(without.architecture()).thenReturn(TINY);
    when(without.info())
        .thenReturn(
            new Network.NetworkInfo(
                "reference", "none", "cpu", Precision.FLOAT64, "0".repeat(64), true));
    try (ResidualModel model = ResidualModel.of(without)) {
      assertThatThrownBy(() -> model.gradients().run(IMAGES.batch(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("the backend reference offers no derivatives of tiny-5");
    }
    verify(without, never()).stem(any(), anyInt());
  }

  @Test
  void effectiveLengthsAreTheShortestInterval() {
    PathGradients gradients = made(List.of(0.05, 0.2, 0.5, 0.2, 0.04, 0.01), List.of());
    assertThat(gradients.effectiveLengths(0.5)).isEqualTo(effective(2, 2, 0.5, 10));
    assertThat(gradients.effectiveLengths(0.6).from()).isEqualTo(1);
    assertThat(gradients.effectiveLengths(0.6).mass()).isCloseTo(0.7, within(1e-12));
    assertThat(gradients.effectiveLengths(0.9)).isEqualTo(effective(1, 3, 0.9, 25));
    assertThat(gradients.effectiveLengths(0.95).from()).isZero();
    assertThat(gradients.effectiveLengths(0.95).to()).isEqualTo(3);
    assertThat(gradients.effectiveLengths(1).to()).isEqualTo(5);
    assertThat(gradients.effectiveLengths(1).pathShare()).isEqualTo(1);
  }

  private static EffectiveLengths effective(int from, int to, double mass, int paths) {
    PathGradients gradients = made(List.of(0.05, 0.2, 0.5, 0.2, 0.04, 0.01), List.of());
    EffectiveLengths found = gradients.effectiveLengths(mass);
    assertThat(found.mass()).isCloseTo(mass, within(1e-12));
    return new EffectiveLengths(from, to, found.mass(), paths / 32.0);
  }

  @Test
  void sampledWeightsCountPathsAndDecayIsALine() {
    List<Double> norms = IntStream.rangeClosed(0, 5).mapToObj(k -> Math.exp(1 - 0.5 * k)).toList();
    PathGradients gradients = made(List.of(), norms);
    int[] paths = {1, 5, 10, 10, 5, 1};
    double total = IntStream.rangeClosed(0, 5).mapToDouble(k -> paths[k] * norms.get(k)).sum();
    for (LengthGradient row : gradients.lengths()) {
      int k = row.length();
      assertThat(row.paths()).isEqualTo(paths[k]);
      assertThat(row.weight()).isCloseTo(paths[k] * norms.get(k) / total, within(1e-12));
      assertThat(row.share()).isEmpty();
    }
    assertThat(gradients.decay().orElseThrow().slope()).isCloseTo(-0.5, within(1e-12));
    assertThat(gradients.decay().orElseThrow().r2()).isCloseTo(1, within(1e-12));
    assertThat(gradients.residual()).isEmpty();
    assertThat(gradients.verified()).isTrue();
  }

  private static PathGradients made(List<Double> sums, List<Double> samples) {
    BatchGradients.Builder builder =
        BatchGradients.builder(0, 1, 1, 1)
            .reaching(List.of(1.0))
            .sums(
                IntStream.range(0, sums.size())
                    .mapToObj(k -> new PathSum(k, sums.get(k), sums.get(k), sums.get(k)))
                    .toList())
            .samples(
                IntStream.range(0, samples.size())
                    .mapToObj(k -> new PathSample(k, 2, samples.get(k), 0.1, samples.get(k)))
                    .toList());
    BatchGradients batch = (sums.isEmpty() ? builder : builder.residual(0)).build();
    try (ResidualModel model = model()) {
      PathGradients real = model.gradients().run(IMAGES.batch(1));
      return new PathGradients(
          Lesion.intact(),
          GradientProtocol.defaults(),
          List.of(batch),
          batch.firstRecord(),
          1,
          0,
          real.cost(),
          real.provenance());
    }
  }

  @Test
  void unravelledViewRunsTheStemForEveryPath() {
    try (ResidualModel model = model()) {
      Unravelling unravelled = model.unravelled(IMAGES.batch(2));
      assertThat(unravelled.paths()).isEqualTo(32);
      assertThat(unravelled.blockEvaluations()).isEqualTo(31);
      assertThat(unravelled.largestDifference()).isLessThan(1e-12);
      assertThat(unravelled.largestLogit()).isPositive();
    }
    try (ResidualModel model = model(network(17))) {
      assertThatThrownBy(() -> model.unravelled(IMAGES.batch(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("runs the stem 2^17 times")
          .hasMessageContaining("at most 16 blocks");
      assertThat(
              model
                  .withLesion(Lesion.delete(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
                  .unravelled(IMAGES.batch(1))
                  .paths())
          .isEqualTo(128);
    }
  }

  @Test
  void pathsMakeASubNetwork() {
    Architecture two = network(2);
    Network network =
        new ReferenceBackend().network(new RandomWeights(two, 1), ModelOptions.defaults());
    try (ResidualModel model = ResidualModel.of(network)) {
      ImageBatch batch = IMAGES.batch(2);
      assertThat(model.logits(batch, model.paths().stream().toList()))
          .isDeepEqualTo(model.logits(batch));
      // One path: every other connection is cut.
      assertThat(model.logits(batch, List.of(ResidualPath.of(2))))
          .isDeepEqualTo(
              model.withLesion(Lesion.delete(1).then(Lesion.deleteSkip(2))).logits(batch));
      // {} and {1,2}: post(s_2(post(s_1)) + f_2(post(f_1))).
      float[] pixels = Pixels.normalised(batch, two);
      try (Activation y0 = network.stem(pixels, 2);
          Activation around = network.step(1, 1, 0, y0);
          Activation through = network.step(1, 0, 1, y0);
          Activation branch = network.branch(2, through);
          Activation y2 = network.step(2, 1, 1, around, branch)) {
        double[] expected = network.head(y2);
        double[][] got = model.logits(batch, List.of(ResidualPath.of(1, 2), ResidualPath.of()));
        assertThat(got[1]).containsExactly(Arrays.copyOfRange(expected, 3, 6));
      }
      assertThatThrownBy(() -> model.logits(batch, List.of()))
          .isInstanceOf(InvalidPathException.class);
      assertThatThrownBy(() -> model.logits(batch, List.of(ResidualPath.of(3))))
          .isInstanceOf(InvalidPathException.class)
          .hasMessageContaining("{3} is none of the 4 paths");
    }
  }
}
