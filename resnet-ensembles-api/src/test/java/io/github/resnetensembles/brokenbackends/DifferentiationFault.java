package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One fault each of derivatives, the rule that it breaks, and what the kit must say. */
enum DifferentiationFault {
  IGNORES_TRAIN_MODE(
      "D1",
      "in TRAIN mode",
      good ->
          new DelegatingDifferentiation(good) {
            @Override
            public StepTrace step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                BatchNormMode mode) {
              return good().step(block, skipGain, branchGain, input, BatchNormMode.EVAL);
            }
          }.ofNetwork()),
  TRACES_WITHOUT_GAINS(
      "D1",
      "block 1 with skip gain 0.5 and branch gain -2.0 in EVAL mode",
      good ->
          new DelegatingDifferentiation(good) {
            @Override
            public StepTrace step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                BatchNormMode mode) {
              return good()
                  .step(block, Math.signum(skipGain), Math.signum(branchGain), input, mode);
            }
          }.ofNetwork()),
  BENDS_AT_THE_SIDE_INSTEAD_OF_THE_SUM(
      "D2",
      "pull-back of the skip side",
      good ->
          new DelegatingDifferentiation(good) {
            @Override
            public StepTrace step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                BatchNormMode mode) {
              StepTrace alone = good().step(block, 1, 0, input, mode);
              return new Step(good().step(block, skipGain, branchGain, input, mode)) {
                @Override
                public List<Activation> pullBack(List<Cotangents> cotangents) {
                  return cotangents.stream()
                      .flatMap(
                          pair ->
                              (pair.branch() == null ? alone : good())
                                  .pullBack(List.of(pair)).stream())
                      .toList();
                }
              };
            }
          }.ofNetwork()),
  WEIGHS_BRANCHES_TWICE(
      "D2",
      "pull-back of both sides",
      good ->
          stepping(
              good,
              trace ->
                  new DelegatingDifferentiation.Step(trace) {
                    @Override
                    public List<Activation> pullBack(List<Cotangents> cotangents) {
                      return good()
                          .pullBack(
                              cotangents.stream()
                                  .map(
                                      pair ->
                                          new Cotangents(
                                              pair.skip(),
                                              pair.skipWeight(),
                                              pair.branch(),
                                              2 * pair.branchWeight()))
                                  .toList());
                    }
                  })),
  COMPUTES_BOTH_SIDES(
      "D3",
      "the branch shows in the pull-back of the skip side",
      good ->
          stepping(
              good,
              trace ->
                  new DelegatingDifferentiation.Step(trace) {
                    @Override
                    public List<Activation> pullBack(List<Cotangents> cotangents) {
                      try {
                        return good()
                            .pullBack(
                                cotangents.stream()
                                    .map(
                                        pair ->
                                            pair.branch() != null
                                                ? pair
                                                : new Cotangents(
                                                    pair.skip(), pair.skipWeight(), pair.skip(), 0))
                                    .toList());
                      } catch (IllegalArgumentException e) {
                        return good().pullBack(cotangents);
                      }
                    }
                  })),
  ROUNDS_BY_THE_LENGTH_OF_THE_LIST(
      "D4",
      "in a list of 5, then alone",
      good ->
          stepping(
              good,
              trace ->
                  new DelegatingDifferentiation.Step(trace) {
                    @Override
                    public List<Activation> pullBack(List<Cotangents> cotangents) {
                      double factor = 1 + cotangents.size() * 1e-15;
                      return good().pullBack(cotangents).stream()
                          .<Activation>map(v -> Box.mapped(v, value -> factor * value))
                          .toList();
                    }
                  })),
  SUMS_THE_LOSS(
      "D5",
      "loss: value",
      good ->
          heading(
              good,
              (trace, images) ->
                  new DelegatingDifferentiation.Head(trace) {
                    @Override
                    public double loss() {
                      return images * super.loss();
                    }
                  })),
  GRADIENT_OF_THE_SUMMED_LOSS(
      "D5",
      "gradient: value",
      good ->
          heading(
              good,
              (trace, images) ->
                  new DelegatingDifferentiation.Head(trace) {
                    @Override
                    public Activation gradient() {
                      Activation gradient = super.gradient();
                      return Box.mapped(
                          new Box(gradient.images(), gradient.shape(), gradient.values()),
                          value -> images * value);
                    }
                  })),
  NAMES_OF_THE_LAYERS(
      "D6",
      "has the parameters",
      good ->
          gradients(
              good,
              gradient -> {
                Map<String, double[]> renamed = new LinkedHashMap<>();
                gradient.forEach((name, values) -> renamed.put(name.replace("conv", "c"), values));
                return renamed;
              })),
  KERNELS_TURNED_ROUND(
      "D6",
      ".conv1.weight: value",
      good ->
          gradients(
              good,
              gradient -> {
                Map<String, double[]> turned = new LinkedHashMap<>();
                gradient.forEach(
                    (name, values) -> {
                      double[] copy = values.clone();
                      for (int i = 0; i < copy.length && name.contains("conv"); i++) {
                        copy[i] = values[values.length - 1 - i];
                      }
                      turned.put(name, copy);
                    });
                return turned;
              })),
  UPDATES_STATISTICS(
      "D7",
      "after derivatives were taken",
      good -> {
        AtomicInteger seen = new AtomicInteger();
        Differentiation counting =
            new DelegatingDifferentiation(good) {
              @Override
              public StepTrace step(
                  int block,
                  double skipGain,
                  double branchGain,
                  Activation input,
                  BatchNormMode mode) {
                seen.incrementAndGet();
                return good().step(block, skipGain, branchGain, input, mode);
              }
            };
        return new GoodNetwork(good) {
          @Override
          public Optional<Differentiation> differentiation() {
            return Optional.of(counting);
          }

          @Override
          public Activation step(int block, double skipGain, double branchGain, Activation input) {
            double drift = 1 + 1e-9 * seen.get();
            return Box.mapped(
                good().step(block, skipGain, branchGain, input), value -> drift * value);
          }
        };
      }),
  WORKS_AFTER_CLOSE(
      "D8",
      "output of a closed trace of a closed network did not throw an IllegalStateException",
      good ->
          stepping(
              good,
              trace ->
                  new DelegatingDifferentiation.Step(trace) {
                    @Override
                    public void close() {}
                  })),
  TAKES_ANY_LABEL(
      "D9",
      "did not throw an IllegalArgumentException",
      good ->
          new DelegatingDifferentiation(good) {
            @Override
            public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
              int classes = good.architecture().head().classes();
              return good()
                  .head(
                      input,
                      Arrays.stream(labels).map(label -> Math.floorMod(label, classes)).toArray(),
                      mode);
            }
          }.ofNetwork()),
  KEEPS_WHAT_IT_PULLED_BACK(
      "D10",
      "the Java heap grew by",
      good -> {
        List<Activation> kept = Collections.synchronizedList(new ArrayList<>());
        return stepping(
            good,
            trace ->
                new DelegatingDifferentiation.Step(trace) {
                  @Override
                  public List<Activation> pullBack(List<Cotangents> cotangents) {
                    List<Activation> results =
                        good().pullBack(cotangents).stream().<Activation>map(Box::of).toList();
                    kept.addAll(results);
                    return results;
                  }
                });
      }),
  DOTS_IN_FLOAT32(
      "D11",
      "dots: value",
      good ->
          new DelegatingDifferentiation(good) {
            @Override
            public double[] dots(Activation a, Activation b) {
              return Arrays.stream(good().dots(a, b)).map(dot -> (float) dot).toArray();
            }
          }.ofNetwork());

  private final String rule;
  private final String message;

  // These lambdas capture nothing, which their type cannot say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final UnaryOperator<Network> breaking;

  DifferentiationFault(String rule, String message, UnaryOperator<Network> breaking) {
    this.rule = rule;
    this.message = message;
    this.breaking = breaking;
  }

  String rule() {
    return rule;
  }

  String message() {
    return message;
  }

  Network broken(Network good) {
    return breaking.apply(good);
  }

  private static Network stepping(Network good, Function<StepTrace, StepTrace> breaking) {
    return new DelegatingDifferentiation(good) {
      @Override
      public StepTrace step(
          int block, double skipGain, double branchGain, Activation input, BatchNormMode mode) {
        return breaking.apply(good().step(block, skipGain, branchGain, input, mode));
      }
    }.ofNetwork();
  }

  private static Network gradients(Network good, UnaryOperator<Map<String, double[]>> breaking) {
    return stepping(
        good,
        trace ->
            new DelegatingDifferentiation.Step(trace) {
              @Override
              public Map<String, double[]> parameterGradient(Cotangents cotangents) {
                return breaking.apply(good().parameterGradient(cotangents));
              }
            });
  }

  private static Network heading(Network good, HeadFault breaking) {
    return new DelegatingDifferentiation(good) {
      @Override
      public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
        return breaking.broken(good().head(input, labels, mode), labels.length);
      }
    }.ofNetwork();
  }

  /** Breaks a head on some images. */
  @FunctionalInterface
  private interface HeadFault {
    HeadTrace broken(HeadTrace good, int images);
  }
}
