package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** One fault each, the rule that it breaks, and what the kit must say. */
enum Fault {
  IGNORES_SKIP_GAIN(
      "R1",
      "block 1, step with skip gain 0.5 and branch gain -2.0: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              return good().step(block, skipGain == 0 ? 0 : 1, branchGain, input);
            }
          }),
  FORGETS_POST(
      "R1",
      "block 1, step with skip gain 1.0 and branch gain 1.0: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              if (skipGain == 0 || branchGain == 0) {
                return good().step(block, skipGain, branchGain, input);
              }
              try (Activation skip = good().skip(block, input);
                  Activation branch = good().branch(block, input)) {
                return weightedSum(skipGain, skip, branchGain, branch);
              }
            }
          }),
  MULTIPLIES_IN_TENSOR_FLOAT(
      "R1",
      "exceeds",
      good ->
          new SinglePrecision(good) {
            @Override
            Activation result(Activation y) {
              return Box.mapped(
                  y,
                  value -> Float.intBitsToFloat(Float.floatToIntBits((float) value) & 0xFFFF_E000));
            }
          }),
  COMPUTES_BRANCH_OF_GAIN_ZERO(
      "R2",
      "block 1 with branch gain 0 and skip gain 1.0: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              try (Activation skip = good().skip(block, input);
                  Activation branch = good().branch(block, input);
                  Activation sum = weightedSum(skipGain, skip, branchGain, branch)) {
                return good().post(block, sum);
              }
            }
          }),
  LEAVES_DUST_OF_BRANCH(
      "R2",
      "block 1 with branch gain 0 and skip gain 1.0: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              return good().step(block, skipGain, branchGain == 0 ? 1e-13 : branchGain, input);
            }
          }),
  ADDS_SKIP_OF_GAIN_ZERO(
      "R2",
      "block 1 with skip gain 0, a given branch output and a NaN in the input",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                Activation branch) {
              if (branch.images() != input.images() || branchGain == 0) {
                return good().step(block, skipGain, branchGain, input, branch);
              }
              try (Activation skip = good().skip(block, input);
                  Activation sum = weightedSum(skipGain, skip, branchGain, branch)) {
                return good().post(block, sum);
              }
            }
          }),
  IGNORES_GIVEN_BRANCH(
      "R3",
      "and a branch output given for one image",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                Activation branch) {
              return good().step(block, skipGain, branchGain, input);
            }
          }),
  ADDS_ONE_IMAGES_BRANCH_TO_ONE_IMAGE(
      "R3",
      "and a branch output given for one image",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block,
                double skipGain,
                double branchGain,
                Activation input,
                Activation branch) {
              double[] padded =
                  Arrays.copyOf(branch.values(), input.images() * branch.shape().size());
              try (Activation b = new Box(input.images(), branch.shape(), padded)) {
                return good().step(block, skipGain, branchGain, input, b);
              }
            }
          }),
  MULTIPLIES_BRANCH_BY_TEST_TIME_GAIN(
      "R4",
      "branch of block 3: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation branch(int block, Activation input) {
              double gain = architecture().block(block).spec().gain();
              return Box.mapped(good().branch(block, input), value -> gain * value);
            }
          }),
  RECTIFIES_EVERY_SUM(
      "R4",
      "tiny-pre-activation: post of block 1: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation post(int block, Activation sum) {
              return Box.mapped(good().post(block, sum), value -> Math.max(value, 0));
            }
          }),
  ADDS_IN_PLACE(
      "R5",
      "block 1, step with skip gain 1.0 and branch gain 1.0 changed an activation",
      good ->
          new BoxNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              Activation y = super.step(block, skipGain, branchGain, input);
              ((Box) input).array()[0] += 1;
              return y;
            }
          }),
  FREES_INPUT(
      "R5",
      "block 1, step with skip gain 1.0 and branch gain 1.0 freed an activation",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              try (input) {
                return good().step(block, skipGain, branchGain, input);
              }
            }
          }),
  RETURNS_ITS_INPUT(
      "R5",
      "block 1, skip: the result is unusable once the inputs are closed",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation skip(int block, Activation input) {
              try (Activation skip = good().skip(block, input)) {
                return Arrays.equals(skip.values(), input.values())
                    ? input
                    : good().skip(block, input);
              }
            }
          }),
  SHARES_STORAGE_WITH_ITS_INPUT(
      "R5",
      "block 1, skip: the result changed when the inputs were closed",
      good ->
          new BoxNetwork(good) {
            @Override
            Activation result(Activation y) {
              return new Recycled(Box.of(y).array(), y);
            }

            @Override
            public Activation skip(int block, Activation input) {
              try (Activation skip = good().skip(block, input)) {
                return Arrays.equals(skip.values(), input.values())
                    ? new Recycled(((Box) input).array(), input)
                    : result(good().skip(block, input));
              }
            }
          }),
  CHANGES_PIXELS(
      "R5",
      "stem or logits changed the pixels",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation stem(float[] pixels, int images) {
              Activation y = good().stem(pixels, images);
              pixels[0] += 1;
              return y;
            }
          }),
  ROUNDS_DIFFERENTLY_EACH_TIME(
      "R6",
      "stem, run a second time: value",
      good ->
          new GoodNetwork(good) {
            private final AtomicInteger calls = new AtomicInteger();

            @Override
            Activation result(Activation y) {
              double factor = 1 + calls.incrementAndGet() * 1e-15;
              return Box.mapped(y, value -> factor * value);
            }
          }),
  NORMALISES_BY_THE_BATCH(
      "R7",
      "branch: an image depends on its neighbours in the batch",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation branch(int block, Activation input) {
              try (Activation y = good().branch(block, input)) {
                double mean = Arrays.stream(y.values()).average().orElse(0);
                return Box.mapped(good().branch(block, input), value -> value - 1e-6 * mean);
              }
            }
          }),
  UPDATES_STATISTICS(
      "R7",
      "depends on earlier calls",
      good ->
          new GoodNetwork(good) {
            private final AtomicInteger seen = new AtomicInteger();

            @Override
            public double[] logits(float[] pixels, int images) {
              seen.addAndGet(images);
              return good().logits(pixels, images);
            }

            @Override
            public Activation branch(int block, Activation input) {
              double drift = 1 + 1e-9 * seen.get();
              return Box.mapped(good().branch(block, input), value -> drift * value);
            }
          }),
  SHARES_SCRATCH_BETWEEN_THREADS(
      "R8",
      "in one of 4 threads",
      good ->
          new GoodNetwork(good) {
            private volatile double[] scratch = new double[0];

            @Override
            Activation result(Activation y) {
              int images = y.images();
              FeatureShape shape = y.shape();
              scratch = Box.of(y).array();
              LockSupport.parkNanos(10_000);
              return new Box(images, shape, Arrays.copyOf(scratch, images * shape.size()));
            }
          }),
  LOGITS_OF_ANOTHER_NETWORK(
      "R9",
      "logits beside the intact steps: value",
      good ->
          new GoodNetwork(good) {
            @Override
            public double[] logits(float[] pixels, int images) {
              return Arrays.stream(good().logits(pixels, images)).map(z -> z * 1.000001).toArray();
            }
          }),
  STEM_WITHOUT_ITS_NORM(
      "R9",
      "beside",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation stem(float[] pixels, int images) {
              return Box.mapped(good().stem(pixels, images), value -> 1.01 * value);
            }
          }),
  ACCEPTS_WRONG_SHAPES(
      "R10",
      "head of an activation of shape (13, 2, 3) did not throw an IllegalArgumentException",
      good ->
          new GoodNetwork(good) {
            @Override
            public double[] head(Activation input) {
              FeatureShape shape = architecture().finalOutput();
              double[] values = Arrays.copyOf(input.values(), input.images() * shape.size());
              return good().head(new Box(input.images(), shape, values));
            }
          }),
  CRASHES_ON_A_MISSING_BLOCK(
      "R10",
      "step of block 0 threw java.lang.IndexOutOfBoundsException",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              if (block < 1 || block > architecture().size()) {
                throw new IndexOutOfBoundsException(block);
              }
              return good().step(block, skipGain, branchGain, input);
            }
          }),
  RETURNS_WRONG_SHAPES(
      "R10",
      "the stem's output is 3 images of (8, 8, 4), expected 3 of (4, 8, 8)",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation stem(float[] pixels, int images) {
              Box y = Box.of(good().stem(pixels, images));
              FeatureShape shape = y.shape();
              return new Box(
                  images,
                  new FeatureShape(
                      /* channels= */ shape.height(),
                      /* height= */ shape.width(),
                      /* width= */ shape.channels()),
                  y.array());
            }
          }),
  SWALLOWS_NAN(
      "R11",
      "the intact steps of a NaN pixel in image 0 became the finite logit",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              return Box.mapped(
                  good().step(block, skipGain, branchGain, input),
                  value -> Double.isNaN(value) ? 0 : value);
            }
          }),
  REFUSES_INFINITY(
      "R11",
      "a call threw java.lang.ArithmeticException: overflow",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation branch(int block, Activation input) {
              if (Arrays.stream(input.values()).anyMatch(Double::isInfinite)) {
                throw new ArithmeticException("overflow");
              }
              return good().branch(block, input);
            }
          }),
  WORKS_AFTER_CLOSE(
      "R12",
      "stem of a closed network did not throw an IllegalStateException",
      good ->
          new GoodNetwork(good) {
            @Override
            public void close() {}
          }),
  DELETES_BLOCKS_AFTER_CLOSE(
      "R12",
      "step with skip alone of a closed network did not throw an IllegalStateException",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation step(
                int block, double skipGain, double branchGain, Activation input) {
              return branchGain == 0
                  ? Box.of(input)
                  : good().step(block, skipGain, branchGain, input);
            }
          }),
  CLOSES_ONLY_ONCE(
      "R12",
      "a call threw java.lang.UnsupportedOperationException: double free",
      good ->
          new GoodNetwork(good) {
            private boolean closed;

            @Override
            public void close() {
              if (closed) {
                throw new UnsupportedOperationException("double free");
              }
              closed = true;
              good().close();
            }
          }),
  KEEPS_WHAT_SKIP_RETURNED(
      "R13",
      "the Java heap grew by",
      good ->
          new GoodNetwork(good) {
            private final List<Activation> kept = Collections.synchronizedList(new ArrayList<>());

            @Override
            public Activation skip(int block, Activation input) {
              Box box = Box.of(good().skip(block, input));
              kept.add(box);
              return box;
            }
          }),
  KEEPS_NATIVE_MEMORY(
      "R13",
      "resident memory grew by",
      good ->
          new GoodNetwork(good) {
            private final List<ByteBuffer> kept = Collections.synchronizedList(new ArrayList<>());

            @Override
            Activation result(Activation y) {
              kept.add(ByteBuffer.allocateDirect(y.images() * y.shape().size() * Float.BYTES));
              return y;
            }
          }),
  RETURNS_CHANNELS_LAST(
      "R14",
      "values() of activation(values): value 1 is",
      good ->
          new GoodNetwork(good) {
            @Override
            Activation result(Activation y) {
              Box box = Box.of(y);
              return new Box(box.images(), box.shape(), channelsLast(box));
            }
          }),
  KEEPS_THE_CALLERS_ARRAY(
      "R14",
      "values() of activation(values): value 0 is 99.0",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation activation(double[] values, int images, FeatureShape shape) {
              return new Box(images, shape, values);
            }
          }),
  GIVES_ITS_OWN_ARRAY_AWAY(
      "R14",
      "values() after its array was written to: value 1 is 99.0",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation activation(double[] values, int images, FeatureShape shape) {
              return new Box(images, shape, values.clone()) {
                @Override
                public double[] values() {
                  return array();
                }
              };
            }
          }),
  GATHERS_FROM_THE_FIRST_IMAGE_ON(
      "R15",
      "images 2 to 2 and 0 to 1 of one activation, image 1 of another: value 0 is",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation gather(List<Part> parts) {
              return good()
                  .gather(
                      parts.stream().map(part -> new Part(part.of(), 0, part.count())).toList());
            }
          }),
  GATHERS_EACH_ACTIVATION_ONCE(
      "R15",
      "images 2 to 2 and 0 to 1 of one activation, image 1 of another is 2 images of (4, 8, 8)",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation gather(List<Part> parts) {
              Set<Activation> seen = new HashSet<>();
              return good().gather(parts.stream().filter(part -> seen.add(part.of())).toList());
            }
          }),
  GIVES_A_LONE_PART_BACK(
      "R15",
      "gather: the result is unusable once the inputs are closed",
      good ->
          new GoodNetwork(good) {
            @Override
            public Activation gather(List<Part> parts) {
              Part first = parts.get(0);
              return parts.size() == 1 && first.count() == first.of().images()
                  ? first.of()
                  : good().gather(parts);
            }
          });

  private final String rule;
  private final String message;

  // These lambdas capture nothing, which their type cannot say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final UnaryOperator<Network> breaking;

  Fault(String rule, String message, UnaryOperator<Network> breaking) {
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

  private static Activation weightedSum(
      double skipGain, Activation skip, double branchGain, Activation branch) {
    double[] s = skip.values();
    double[] f = branch.values();
    for (int i = 0; i < s.length; i++) {
      s[i] = skipGain * s[i] + branchGain * f[i];
    }
    return new Box(skip.images(), skip.shape(), s);
  }

  private static double[] channelsLast(Box box) {
    FeatureShape shape = box.shape();
    int plane = shape.height() * shape.width();
    double[] values = new double[box.array().length];
    int target = 0;
    for (int n = 0; n < box.images(); n++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < shape.channels(); c++) {
          values[target++] = box.array()[(n * shape.channels() + c) * plane + p];
        }
      }
    }
    return values;
  }

  /** A good network whose activations lie open. */
  static class BoxNetwork extends GoodNetwork {
    BoxNetwork(Network good) {
      super(good);
    }

    @Override
    Activation result(Activation y) {
      return Box.of(y);
    }
  }

  /** A good network of float32: every result is rounded to it. */
  static class SinglePrecision extends GoodNetwork {
    SinglePrecision(Network good) {
      super(good);
    }

    @Override
    Activation result(Activation y) {
      return Box.mapped(y, value -> (float) value);
    }

    @Override
    public Activation step(int block, double skipGain, double branchGain, Activation input) {
      good().step(block, skipGain, branchGain, input).close();
      return post(
          block,
          branchGain == 0
              ? Box.mapped(skip(block, input), s -> (float) (skipGain * s))
              : skipGain == 0
                  ? Box.mapped(branch(block, input), f -> (float) (branchGain * f))
                  : weightedSum(skipGain, skip(block, input), branchGain, branch(block, input)));
    }

    @Override
    public NetworkInfo info() {
      NetworkInfo info = good().info();
      return new NetworkInfo(
          info.backend(),
          info.engine(),
          info.device(),
          Precision.FLOAT32,
          info.weightsSha256(),
          info.trained());
    }
  }

  /** A good network whose every result is rounded to a 16-bit float's 11 bits, and that says so. */
  static class HalfPrecision extends GoodNetwork {
    private final double tolerance;

    HalfPrecision(Network good, double tolerance) {
      super(good);
      this.tolerance = tolerance;
    }

    @Override
    Activation result(Activation y) {
      return Box.mapped(
          y,
          value ->
              Float.intBitsToFloat((Float.floatToIntBits((float) value) + 0x1000) & 0xFFFF_E000));
    }

    @Override
    public double tolerance() {
      return tolerance;
    }
  }

  /** Its memory is used for something else once it is closed. */
  private static final class Recycled extends Box {
    Recycled(double[] array, Activation like) {
      super(like.images(), like.shape(), array);
    }

    @Override
    public void close() {
      Arrays.fill(array(), -1);
    }
  }
}
