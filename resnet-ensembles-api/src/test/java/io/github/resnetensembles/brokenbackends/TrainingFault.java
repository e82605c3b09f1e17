package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** One fault of training each, and the rule that it breaks. */
enum TrainingFault {
  STARTS_MOVING(
      "T1",
      good -> {
        OptimizerState state = good.optimizerState();
        state.momenta().values().forEach(values -> Arrays.fill(values, 0.01));
        good.restore(state);
        return good;
      }),
  FIRST_GAIN_FOR_ALL_IMAGES(
      "T2",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public StepPass step(int block, double[] skips, double[] branches, Activation x) {
              return good().step(block, new double[] {skips[0]}, new double[] {branches[0]}, x);
            }
          }),
  COMPUTES_DROPPED_BRANCHES(
      "T2",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public StepPass step(int block, double[] skips, double[] branches, Activation x) {
              double[] never = Arrays.stream(branches).map(g -> g == 0 ? 1e-300 : g).toArray();
              return good().step(block, skips, never, x);
            }
          }),
  MOMENTUM_OF_BATCHNORM_THE_OTHER_WAY_ROUND("T3", good -> good) {
    @Override
    TrainingNetwork broken(Backend backend, Weights weights, TrainingOptions options) {
      return backend.training(
          weights,
          new TrainingOptions(
              options.model(), options.batchNorm(), 1 - options.batchNormMomentum()));
    }
  },
  STATISTICS_MOVE_IN_EVAL_MODE("T3", good -> good) {
    @Override
    TrainingNetwork broken(Backend backend, Weights weights, TrainingOptions options) {
      return backend.training(
          weights,
          new TrainingOptions(options.model(), BatchNormMode.TRAIN, options.batchNormMomentum()));
    }
  },
  IGNORES_LABEL_SMOOTHING(
      "T4",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              return good().head(input, labels, 0, dropout);
            }
          }),
  GRADIENT_OF_THE_SUM(
      "T5",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              HeadPass pass = good().head(input, labels, labelSmoothing, dropout);
              return new HeadPass() {
                @Override
                public double loss() {
                  return pass.loss();
                }

                @Override
                public double[] logits() {
                  return pass.logits();
                }

                @Override
                public Activation backward() {
                  try (Activation mean = pass.backward()) {
                    return good().sum(List.of(mean), new double[] {labels.length});
                  }
                }

                @Override
                public void close() {
                  pass.close();
                }
              };
            }
          }),
  PULLING_BACK_ADDS_GRADIENTS(
      "T6",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public StepPass step(int block, double[] skips, double[] branches, Activation x) {
              StepPass pass = good().step(block, skips, branches, x);
              return new StepPass() {
                @Override
                public Activation output() {
                  return pass.output();
                }

                @Override
                public Activation backward(Activation cotangent) {
                  return pass.backward(cotangent);
                }

                @Override
                public List<Activation> pullBack(List<Cotangents> cotangents) {
                  cotangents.forEach(pass::addParameterGradient);
                  return pass.pullBack(cotangents);
                }

                @Override
                public void addParameterGradient(Cotangents cotangents) {
                  pass.addParameterGradient(cotangents);
                }

                @Override
                public void close() {
                  pass.close();
                }
              };
            }
          }),
  IGNORES_WEIGHT_DECAY(
      "T7", good -> updating(good, u -> with(u, u.optimizer().withWeightDecay(0)))),
  KNOWS_NO_NESTEROV(
      "T7",
      good ->
          updating(
              good,
              u ->
                  u.optimizer() instanceof Optimizer.Sgd sgd
                      ? with(u, Optimizer.sgd(sgd.momentum(), sgd.weightDecay()))
                      : u)),
  DOES_NOT_CLIP(
      "T7",
      good ->
          updating(
              good,
              u ->
                  new ParameterUpdate(
                      u.optimizer(),
                      u.learningRate(),
                      Double.POSITIVE_INFINITY,
                      u.restingBlocks()))),
  MOVES_RESTING_BLOCKS(
      "T7",
      good ->
          updating(
              good,
              u -> new ParameterUpdate(u.optimizer(), u.learningRate(), u.clipNorm(), Set.of()))),
  ADAMW_CORRECTS_NO_BIAS("T7", good -> counting(good, count -> 1_000_000L, count -> count + 1)),
  ADAMW_CORRECTS_BIAS_TOO_LATE(
      "T7", good -> counting(good, count -> count + 1, count -> count + 1)),
  ADAMW_COUNTS_NO_UPDATES("T7", good -> counting(good, count -> 0L, count -> count + 1)),
  ADAMW_COUNTS_UPDATES_OF_RESTING_BLOCKS(
      "T7",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void apply(ParameterUpdate update) {
              good().apply(update);
              OptimizerState state = good().optimizerState();
              List<Long> counts = new ArrayList<>(state.updates());
              if (!counts.isEmpty()) {
                update.restingBlocks().forEach(block -> counts.set(block, counts.get(0)));
              }
              good().restore(new OptimizerState(state.momenta(), state.squares(), counts));
            }
          }),
  ADAMW_CORRECTS_BIAS_BEHIND_EPSILON(
      "T7",
      good ->
          new DelegatingTrainingNetwork(good) {
            private long count;

            @Override
            public void apply(ParameterUpdate update) {
              ParameterUpdate changed = update;
              if (update.optimizer() instanceof Optimizer.AdamW rule) {
                double root = Math.sqrt(1 - Math.pow(rule.beta2(), (double) ++count));
                changed =
                    with(
                        update,
                        new Optimizer.AdamW(
                            rule.beta1(), rule.beta2(), rule.epsilon() / root, rule.weightDecay()));
              }
              good().apply(changed);
            }
          }),
  ADAMW_DECAYS_WITHOUT_THE_RATE(
      "T7",
      good ->
          updating(
              good,
              u ->
                  u.optimizer() instanceof Optimizer.AdamW rule
                      ? with(u, rule.withWeightDecay(rule.weightDecay() / u.learningRate()))
                      : u)),
  ADAMW_DECAYS_NORMS_AND_BIASES(
      "T7",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void apply(ParameterUpdate update) {
              if (update.optimizer() instanceof Optimizer.AdamW rule) {
                good().apply(with(update, rule.withWeightDecay(0)));
                OptimizerState state = good().optimizerState();
                good().apply(with(update, Optimizer.sgd(0, rule.weightDecay())));
                good().restore(state);
              } else {
                good().apply(update);
              }
            }
          }),
  /** What DJL's own optimiser does: equal until the learning rate changes. */
  MOMENTUM_HOLDS_THE_LEARNING_RATE(
      "T7",
      good ->
          new DelegatingTrainingNetwork(good) {
            private double last = -1;

            @Override
            public void apply(ParameterUpdate update) {
              if (last > 0 && update.learningRate() > 0) {
                double factor = last / update.learningRate();
                OptimizerState state = good().optimizerState();
                state
                    .momenta()
                    .values()
                    .forEach(values -> Arrays.setAll(values, i -> values[i] * factor));
                good().restore(state);
              }
              last = update.learningRate();
              good().apply(update);
            }
          }),
  FORGETS_MOMENTA(
      "T8",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void restore(OptimizerState state) {}
          }),
  FORGETS_SECOND_MOMENTS(
      "T8",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void restore(OptimizerState state) {
              good().restore(new OptimizerState(state.momenta(), Map.of(), List.of()));
            }
          }),
  FORGETS_HOW_MANY_UPDATES(
      "T8",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void restore(OptimizerState state) {
              List<Long> ones = state.updates().stream().map(count -> 1L).toList();
              good().restore(new OptimizerState(state.momenta(), state.squares(), ones));
            }
          }),
  LOSES_LAST_BITS(
      "T8",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public Map<String, double[]> tensors() {
              Map<String, double[]> tensors = good().tensors();
              tensors.values().forEach(values -> Arrays.setAll(values, i -> (float) values[i]));
              return tensors;
            }
          }),
  IS_NEVER_THE_SAME(
      "T9",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void apply(ParameterUpdate update) {
              good()
                  .apply(
                      new ParameterUpdate(
                          update.optimizer(),
                          update.learningRate() * (1 + System.identityHashCode(this) * 1e-18),
                          update.clipNorm(),
                          update.restingBlocks()));
            }
          }),
  TAKES_ANY_LABEL(
      "T11",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              int classes = good().architecture().head().classes();
              int[] folded = Arrays.stream(labels).map(label -> label % classes).toArray();
              return good().head(input, folded, labelSmoothing, dropout);
            }
          }),
  NEVER_CLOSES(
      "T12",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public void close() {}
          }),
  KEEPS_MEMORY(
      "T13",
      good ->
          new DelegatingTrainingNetwork(good) {
            private final List<byte[]> kept = new ArrayList<>();

            @Override
            public StepPass step(int block, double[] skips, double[] branches, Activation x) {
              kept.add(new byte[1 << 15]);
              return good().step(block, skips, branches, x);
            }
          }),
  DROPS_WITHOUT_SCALING(
      "T14",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              double[][] kept =
                  Arrays.stream(dropout)
                      .map(factors -> Arrays.stream(factors).map(Math::signum).toArray())
                      .toArray(double[][]::new);
              return good().head(input, labels, labelSmoothing, kept);
            }
          }),
  TAKES_DROPOUT_IN_ANOTHER_ORDER(
      "T14",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              double[][] turned =
                  Arrays.stream(dropout)
                      .map(
                          factors ->
                              IntStream.range(0, factors.length)
                                  .mapToDouble(i -> factors[factors.length - 1 - i])
                                  .toArray())
                      .toArray(double[][]::new);
              return good().head(input, labels, labelSmoothing, turned);
            }
          }),
  DROPS_FORWARD_ONLY(
      "T14",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              HeadPass dropped = good().head(input, labels, labelSmoothing, dropout);
              HeadPass whole = good().head(input, labels, labelSmoothing);
              return new HeadPass() {
                @Override
                public double loss() {
                  return dropped.loss();
                }

                @Override
                public double[] logits() {
                  return dropped.logits();
                }

                @Override
                public Activation backward() {
                  return whole.backward();
                }

                @Override
                public void close() {
                  dropped.close();
                  whole.close();
                }
              };
            }
          }),
  DROPS_UNASKED(
      "T14",
      good ->
          new DelegatingTrainingNetwork(good) {
            @Override
            public HeadPass head(
                Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
              if (dropout.length > 0) {
                return good().head(input, labels, labelSmoothing, dropout);
              }
              double[][] drawn =
                  architecture().headLayers().stream()
                      .filter(placed -> placed.layer() instanceof Layer.Dropout)
                      .map(placed -> new double[input.images() * placed.input().size()])
                      .toArray(double[][]::new);
              for (double[] factors : drawn) {
                Arrays.setAll(factors, i -> i % 2 * 2);
              }
              return good().head(input, labels, labelSmoothing, drawn);
            }
          });

  private final String rule;

  @SuppressWarnings("ImmutableEnumChecker") // The functions hold no state.
  private final UnaryOperator<TrainingNetwork> change;

  TrainingFault(String rule, UnaryOperator<TrainingNetwork> change) {
    this.rule = rule;
    this.change = change;
  }

  String rule() {
    return rule;
  }

  TrainingNetwork broken(Backend backend, Weights weights, TrainingOptions options) {
    return change.apply(backend.training(weights, options));
  }

  private static ParameterUpdate with(ParameterUpdate update, Optimizer optimizer) {
    return new ParameterUpdate(
        optimizer, update.learningRate(), update.clipNorm(), update.restingBlocks());
  }

  /** A network whose counts are others while it updates, and others again afterwards. */
  private static TrainingNetwork counting(
      TrainingNetwork good, UnaryOperator<Long> before, UnaryOperator<Long> after) {
    return new DelegatingTrainingNetwork(good) {
      @Override
      public void apply(ParameterUpdate update) {
        OptimizerState counted = good().optimizerState();
        if (!counted.updates().isEmpty()) {
          change(counted, counted.updates().stream().map(before).toList());
        }
        good().apply(update);
        if (!counted.updates().isEmpty()) {
          change(good().optimizerState(), counted.updates().stream().map(after).toList());
        }
      }

      private void change(OptimizerState state, List<Long> updates) {
        good().restore(new OptimizerState(state.momenta(), state.squares(), updates));
      }
    };
  }

  private static TrainingNetwork updating(
      TrainingNetwork good, UnaryOperator<ParameterUpdate> change) {
    return new DelegatingTrainingNetwork(good) {
      @Override
      public void apply(ParameterUpdate update) {
        good().apply(change.apply(update));
      }
    };
  }
}
