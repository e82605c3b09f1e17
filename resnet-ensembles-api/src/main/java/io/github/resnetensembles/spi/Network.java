package io.github.resnetensembles.spi;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network inside an engine, run step by step, in eval mode. The rules, which the contract test
 * kit checks:
 *
 * <ol>
 *   <li><b>R1</b> {@link #step} gives post(skipGain · s(x) + branchGain · f(x)) for every finite
 *       pair of gains, to the engine's rounding.
 *   <li><b>R2</b> With a branch gain of 0 the branch is not computed and the result is exactly
 *       post(skipGain · s(x)); with a skip gain of 0 exactly post(branchGain · f(x)). A NaN on the
 *       side whose gain is 0 never shows.
 *   <li><b>R3</b> A step with a given branch output gives post(skipGain · s(x) + branchGain · b).
 *       The output b is added as it is; one image's worth of it serves every image of the batch.
 *   <li><b>R4</b> {@link #skip} and {@link #branch} give s(x) and f(x) alone, before gains and
 *       post; {@link #post} applies post alone.
 *   <li><b>R5</b> No call changes an activation that it was given, nor frees it; what a call
 *       returns stays valid when its inputs are closed.
 *   <li><b>R6</b> Calls are deterministic: the same inputs give the same bits, run after run.
 *   <li><b>R7</b> Statistics are frozen: an image's values depend on neither its neighbours in the
 *       batch nor on earlier calls, to the engine's rounding.
 *   <li><b>R8</b> Any number of threads may call at a time and get what one thread gets.
 *   <li><b>R9</b> {@link #logits} runs the whole intact network in one piece, by other code than
 *       the steps where the engine has any, and agrees with them to rounding.
 *   <li><b>R10</b> Shapes are those of {@link #architecture()}; an activation of another shape, a
 *       block that does not exist, or a wrong number of pixels is an {@link
 *       IllegalArgumentException}, never a crash.
 *   <li><b>R11</b> Non-finite values pass through: they neither throw nor become finite.
 *   <li><b>R12</b> After {@link #close()} every call that computes throws {@link
 *       IllegalStateException}; closing twice does nothing. Activations may still be closed, and
 *       {@link #architecture()}, {@link #info()} and {@link #workers()} still answer.
 *   <li><b>R13</b> Memory is flat: what is closed is freed, without waiting for the garbage
 *       collector.
 *   <li><b>R14</b> {@link #activation} and {@link Activation#values()} are inverse to each other,
 *       to the precision.
 *   <li><b>R15</b> {@link #gather} gives the images that were asked for, in order, bit by bit.
 * </ol>
 *
 * <p>"To rounding" and "to the precision" mean: to {@link #tolerance()}. A network whose tolerance
 * is more than its precision's may also differ by it where R2 and R14 ask for exact values; but
 * with a branch gain of 0 and a skip gain of 1 a step is post(s(x)) exactly, and values that have
 * been through the engine come back as they are.
 *
 * <p>Implemented by backends; {@link DelegatingNetwork} makes one of another one.
 */
public interface Network extends AutoCloseable {
  /** {@return the network's description} */
  Architecture architecture();

  /**
   * {@return the weights it was created from, so that it can be compared with its double-precision
   * twin on the reference backend; empty for an opaque network}
   */
  default Optional<Weights> weights() {
    return Optional.empty();
  }

  /** {@return the facts that results carry} */
  NetworkInfo info();

  /**
   * {@return how far one call may be from the exact result, relative to the largest value; a whole
   * network may be ten times as far} More than {@link Precision#tolerance()} where the arithmetic
   * is coarser than the precision, as with values rounded to 16 bits.
   */
  default double tolerance() {
    return info().precision().tolerance();
  }

  /** {@return this network's derivatives; empty if the backend offers none in its precision} */
  default Optional<Differentiation> differentiation() {
    return Optional.empty();
  }

  /**
   * Runs the stem.
   *
   * @param pixels normalised and padded, laid out (N, C, H, W)
   * @param images N, at least 1
   * @return y_0
   */
  Activation stem(float[] pixels, int images);

  /**
   * Runs one block.
   *
   * @param block from 1
   * @param skipGain factor of the skip connection
   * @param branchGain factor of the residual branch
   * @param input x
   * @return post(skipGain · s(x) + branchGain · f(x))
   */
  Activation step(int block, double skipGain, double branchGain, Activation input);

  /**
   * Runs one block with a branch output from elsewhere.
   *
   * @param block from 1
   * @param skipGain factor of the skip connection
   * @param branchGain factor of the branch output
   * @param input x
   * @param branch the branch's output b for as many images, or for one
   * @return post(skipGain · s(x) + branchGain · b)
   */
  Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch);

  /**
   * Runs a residual branch alone.
   *
   * @param block from 1
   * @param input x
   * @return f(x)
   */
  Activation branch(int block, Activation input);

  /**
   * Runs a skip connection alone; in a plain block what stands in for it when it is deleted.
   *
   * @param block from 1
   * @param input x
   * @return s(x)
   */
  Activation skip(int block, Activation input);

  /**
   * Applies what follows the sum.
   *
   * @param block from 1
   * @param sum of skip and branch
   * @return post(sum)
   */
  Activation post(int block, Activation sum);

  /**
   * Runs the head.
   *
   * @param input y_n
   * @return the logits, laid out (N, classes)
   */
  double[] head(Activation input);

  /**
   * Runs the whole intact network in one piece; where the precision is one of 16 bits, in single
   * precision, so that it tells what the 16 bits change.
   *
   * @param pixels as for {@link #stem}
   * @param images N, at least 1
   * @return the logits, laid out (N, classes)
   */
  double[] logits(float[] pixels, int images);

  /**
   * Brings values into the engine.
   *
   * @param values laid out (N, C, H, W)
   * @param images N, at least 1
   * @param shape (C, H, W)
   * @return the activation
   */
  Activation activation(double[] values, int images, FeatureShape shape);

  /**
   * Puts images of activations side by side into one, so that a call steps all of them. The values
   * go through Java unless a backend knows a shorter way.
   *
   * @param parts at least one, of activations of one shape; an activation may come several times
   * @return the images of all parts, in order
   */
  default Activation gather(List<Part> parts) {
    FeatureShape shape = Arguments.checkParts(parts);
    int images = parts.stream().mapToInt(Part::count).sum();
    double[] values = new double[Math.multiplyExact(images, shape.size())];
    int end = 0;
    for (Part part : parts) {
      int length = part.count() * shape.size();
      System.arraycopy(part.of().values(), part.from() * shape.size(), values, end, length);
      end += length;
    }
    return activation(values, images, shape);
  }

  /** {@return how many threads a study should run batches on, at least 1} */
  int workers();

  /** Frees native memory. */
  @Override
  void close();

  /**
   * Images of an activation that follow each other.
   *
   * @param of the activation; whoever holds it closes it
   * @param from the first of the images, from 0
   * @param count how many, at least 1
   */
  record Part(Activation of, int from, int count) {
    /**
     * Checks the range.
     *
     * @param of the activation
     * @param from the first of the images, from 0
     * @param count how many
     * @throws IllegalArgumentException if the activation has no such images
     */
    public Part {
      Require.present("of", of);
      if (from < 0 || count < 1 || from > of.images() - count) {
        throw new InvalidInputException(
            "%s images from image %s on, of an activation of %s: a part has at least one image and lies within"
                .formatted(count, from, of.images()));
      }
    }

    /**
     * All images of an activation.
     *
     * @param of the activation
     * @return the part
     */
    public static Part all(Activation of) {
      return new Part(of, 0, of.images());
    }
  }

  /**
   * Facts about an opened network.
   *
   * @param backend the backend's name
   * @param engine the engine and its version
   * @param device where it computes
   * @param precision the floating-point format
   * @param weightsSha256 the hash of the values of the weights
   * @param trained false if the network was only initialised
   * @param assumed what was assumed of it, since its tensors do not tell it: {@code
   *     Weights.assumed} of the weights that it was opened with
   * @param engineBuild which build of the engine's native library computes, such as {@code
   *     cpu-linux-x86_64}; "unknown" if the backend does not say
   * @param instructions the processor's instruction set that it computes with, such as {@code
   *     avx2}; "unknown" if the backend does not say
   */
  record NetworkInfo(
      String backend,
      String engine,
      String device,
      Precision precision,
      String weightsSha256,
      boolean trained,
      Map<String, String> assumed,
      String engineBuild,
      String instructions) {
    private static final String UNKNOWN = "unknown";

    /**
     * The facts of a network on a backend that does not say how its engine was built.
     *
     * @param backend the backend's name
     * @param engine the engine and its version
     * @param device where it computes
     * @param precision the floating-point format
     * @param weightsSha256 the hash of the values of the weights
     * @param trained false if the network was only initialised
     * @param assumed what was assumed of it
     */
    public NetworkInfo(
        String backend,
        String engine,
        String device,
        Precision precision,
        String weightsSha256,
        boolean trained,
        Map<String, String> assumed) {
      this(backend, engine, device, precision, weightsSha256, trained, assumed, UNKNOWN, UNKNOWN);
    }

    /**
     * The same network's facts, with how the engine computes.
     *
     * @param newBuild which build of the engine's native library computes
     * @param newInstructions the processor's instruction set that it computes with
     * @return the changed copy
     */
    public NetworkInfo computedWith(String newBuild, String newInstructions) {
      return new NetworkInfo(
          backend,
          engine,
          device,
          precision,
          weightsSha256,
          trained,
          assumed,
          newBuild,
          newInstructions);
    }

    /**
     * The facts of a network of which nothing was assumed.
     *
     * @param backend the backend's name
     * @param engine the engine and its version
     * @param device where it computes
     * @param precision the floating-point format
     * @param weightsSha256 the hash of the values of the weights
     * @param trained false if the network was only initialised
     */
    public NetworkInfo(
        String backend,
        String engine,
        String device,
        Precision precision,
        String weightsSha256,
        boolean trained) {
      this(backend, engine, device, precision, weightsSha256, trained, Map.of());
    }

    /**
     * The same network's facts where another backend has it.
     *
     * @param newBackend the backend's name
     * @param newEngine the engine and its version
     * @return the changed copy
     */
    public NetworkInfo on(String newBackend, String newEngine) {
      return new NetworkInfo(
          newBackend,
          newEngine,
          device,
          precision,
          weightsSha256,
          trained,
          assumed,
          engineBuild,
          instructions);
    }

    /**
     * Checks the components.
     *
     * @param backend the backend's name
     * @param engine the engine and its version
     * @param device where it computes
     * @param precision the floating-point format
     * @param weightsSha256 the hash of the values of the weights
     * @param trained false if the network was only initialised
     * @param assumed what was assumed of it
     * @param engineBuild which build of the engine's native library computes
     * @param instructions the processor's instruction set that it computes with
     */
    public NetworkInfo {
      assumed = Collections.unmodifiableMap(new LinkedHashMap<>(assumed));
      Require.present("backend", backend);
      backend = Names.oneLine(backend, Names.MAX_KEPT);
      Require.present("engine", engine);
      engine = Names.oneLine(engine, Names.MAX_KEPT);
      Require.present("device", device);
      device = Names.oneLine(device, Names.MAX_KEPT);
      Require.present("engineBuild", engineBuild);
      engineBuild = Names.oneLine(engineBuild, Names.MAX_KEPT);
      Require.present("instructions", instructions);
      instructions = Names.oneLine(instructions, Names.MAX_KEPT);
      Require.present("precision", precision);
      Require.present("weightsSha256", weightsSha256);
      weightsSha256 = Names.oneLine(weightsSha256, Names.MAX_KEPT);
    }
  }
}
