package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What the contract tests of networks share: the subject under test, and failures that say which.
 */
abstract class ContractTest {
  static final long SEED = 20161206;
  static final int IMAGES = 3;
  static final int THREADS = 4;
  static final long MEBIBYTE = 1L << 20;

  /** Beyond it, wrong arithmetic cannot be told from coarse arithmetic. */
  static final double COARSEST = 0.02;

  /** {@return the backend under test} */
  protected abstract Backend backend();

  /** {@return the precision to ask for} */
  protected Precision precision() {
    return Precision.FLOAT32;
  }

  /** {@return the options to open networks with} */
  protected ModelOptions options() {
    return ModelOptions.defaults().withPrecision(precision());
  }

  /**
   * {@return how far one call may be from the exact result, relative to the largest value; a whole
   * network may be ten times as far}; more, up to 0.02, where the network's own {@link
   * Network#tolerance()} is more
   *
   * @param computed the precision that the network says it computes in
   */
  protected double tolerance(Precision computed) {
    return computed.tolerance();
  }

  /**
   * {@return the bytes of live native memory, or -1 if unknown; then the resident memory outside
   * the Java heap is watched where the system tells it (Linux), which shows large leaks only}
   */
  protected long liveBytes() {
    return -1;
  }

  /** {@return the tiny networks to check} */
  protected List<Architecture> architectures() {
    return TinyNetworks.all();
  }

  void check(String rule, Check check) {
    check(rule, architectures(), check);
  }

  /** Runs a check on networks; whatever it throws becomes a failure that names the rule. */
  void check(String rule, List<Architecture> architectures, Check check) {
    check(rule, architectures, weights -> weights, check);
  }

  /** Runs a check on networks whose random weights were changed. */
  void check(
      String rule, List<Architecture> architectures, UnaryOperator<Weights> change, Check check) {
    Backend backend = backend();
    for (Architecture architecture : architectures) {
      String where = rule + ": " + backend.name() + ", " + architecture.name() + ": ";
      Weights weights = change.apply(new RandomWeights(architecture, SEED));
      Network network = open(backend, weights, options());
      Network twin =
          open(
              Backends.load("reference"),
              weights,
              ModelOptions.defaults().withDevice("cpu").withPrecision(Precision.FLOAT64));
      double tolerance = Math.max(tolerance(network.info().precision()), network.tolerance());
      try (Subject subject = new Subject(network, twin, tolerance)) {
        require(tolerance <= COARSEST, "the tolerance " + tolerance + " exceeds " + COARSEST);
        check.run(subject);
      } catch (AssertionError e) {
        throw new AssertionError(where + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(where + "interrupted", e);
      } catch (RuntimeException e) {
        throw new AssertionError(where + "a call threw " + e, e);
      }
    }
  }

  static Network open(Backend backend, Weights weights, ModelOptions options) {
    return backend.network(weights, options);
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  static void requireShape(String what, Activation y, int images, FeatureShape shape) {
    require(
        y.images() == images && y.shape().equals(shape),
        what
            + " is "
            + y.images()
            + " images of "
            + y.shape()
            + ", expected "
            + images
            + " of "
            + shape);
    require(
        y.values().length == images * shape.size(),
        what + " has " + y.values().length + " values, expected " + images * shape.size());
  }

  static void refused(String what, Supplier<?> call) {
    requireThrown(what, call, IllegalArgumentException.class);
  }

  static void closed(String what, Supplier<?> call) {
    requireThrown(what + " of a closed network", call, IllegalStateException.class);
  }

  static void requireThrown(
      String what, Supplier<?> call, Class<? extends RuntimeException> expected) {
    try {
      Object unused = call.get();
    } catch (RuntimeException e) {
      require(
          expected.isInstance(e),
          what + " threw " + e + " instead of an " + expected.getSimpleName());
      require(
          e.getMessage() != null && !e.getMessage().isBlank(),
          what + " threw an " + expected.getSimpleName() + " without a message");
      return;
    }
    throw new AssertionError(what + " did not throw an " + expected.getSimpleName());
  }

  /**
   * Checks that rounds of calls leave no memory behind.
   *
   * @param churn 100 rounds, each of which closes all that it made: at least 256 KiB
   */
  void checkMemory(Runnable churn) {
    checkGrowth(
        "the Java heap",
        Memory.usedHeap(),
        16 * MEBIBYTE,
        () -> {
          churn.run();
          return Memory.usedHeap();
        });
    if (liveBytes() >= 0) {
      checkSteadyGrowth(
          "live native memory",
          4 * MEBIBYTE,
          () -> {
            churn.run();
            return liveBytes();
          });
    } else if (Memory.resident() >= 0) {
      Memory.touchHeap();
      checkSteadyGrowth(
          "resident memory",
          12 * MEBIBYTE,
          () -> {
            churn.run();
            return Memory.resident();
          });
    }
  }

  private static void checkGrowth(String what, long before, long bound, LongSupplier churned) {
    long growth = churned.getAsLong() - before;
    require(
        growth <= bound,
        what
            + " grew by "
            + growth / MEBIBYTE
            + " MiB in 100 rounds that closed all they made; at most "
            + bound / MEBIBYTE
            + " MiB is noise");
  }

  /**
   * The Java heap and the compilers' own memory come and go in jumps; a leak grows in every stage,
   * by at least one activation of 256 KiB a round. So the median stage tells them apart.
   */
  private static void checkSteadyGrowth(String what, long bound, LongSupplier churned) {
    long[] growth = new long[9];
    long before = churned.getAsLong();
    for (int stage = 0; stage < growth.length; stage++) {
      long after = churned.getAsLong();
      growth[stage] = after - before;
      before = after;
    }
    Arrays.sort(growth);
    long median = growth[growth.length / 2];
    require(
        median <= bound,
        what
            + " grew by "
            + median / MEBIBYTE
            + " MiB in every 100 rounds that closed all they made; at most "
            + bound / MEBIBYTE
            + " MiB is noise");
  }

  /** A rule's check on one network. */
  @FunctionalInterface
  interface Check {
    void run(Subject subject) throws InterruptedException;
  }
}
