package io.github.resnetensembles.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * A network that passes every call on to another one, but for the calls that you override: to count
 * them, or to change what they compute. A record with the other network as its component {@code
 * delegate} needs no more than {@link #change()} and what it overrides.
 *
 * <p>One that changes what is computed names the change, and is then another network than its
 * delegate:
 *
 * <ul>
 *   <li>{@link #info()} adds the change to the engine, and gives a hash of its own, so that its
 *       results say what gave them and are not merged with the delegate's.
 *   <li>{@link #step(int, double, double, Activation)} uses this network's own {@link #branch}, and
 *       {@link #logits} its own steps. What changes {@link #skip} or {@link #post} must override
 *       both methods {@code step} too.
 *   <li>The delegate's {@link #weights()} and {@link #differentiation() derivatives} are not this
 *       network's. Override these methods where they still are, or where you have your own.
 * </ul>
 *
 * <p>One whose activations are its own overrides {@link #gather}, too.
 *
 * <p>One that changes nothing has all of its delegate's, derivatives included.
 *
 * <p>Implemented by users and backends.
 */
public interface DelegatingNetwork extends Network {
  /** {@return the network that calls are passed on to; closed with this one} */
  Network delegate();

  /**
   * {@return what is computed otherwise than by the delegate, such as {@code half of block 3's
   * channels zeroed}: one line; empty if nothing is}
   */
  Optional<String> change();

  @Override
  default Architecture architecture() {
    return delegate().architecture();
  }

  @Override
  default Optional<Weights> weights() {
    return change().isPresent() ? Optional.empty() : delegate().weights();
  }

  @Override
  default NetworkInfo info() {
    NetworkInfo info = delegate().info();
    return change()
        .map(
            change ->
                new NetworkInfo(
                    info.backend(),
                    info.engine() + ", " + change,
                    info.device(),
                    info.precision(),
                    Hashing.sha256()
                        .hashString(info.weightsSha256() + '\n' + change, UTF_8)
                        .toString(),
                    info.trained(),
                    info.assumed(),
                    info.engineBuild(),
                    info.instructions()))
        .orElse(info);
  }

  @Override
  default double tolerance() {
    return delegate().tolerance();
  }

  @Override
  default Optional<Differentiation> differentiation() {
    return change().isPresent() ? Optional.empty() : delegate().differentiation();
  }

  @Override
  default Activation stem(float[] pixels, int images) {
    return delegate().stem(pixels, images);
  }

  @Override
  default Activation step(int block, double skipGain, double branchGain, Activation input) {
    if (branchGain == 0 || change().isEmpty()) {
      return delegate().step(block, skipGain, branchGain, input);
    }
    try (Activation branch = branch(block, input)) {
      return step(block, skipGain, branchGain, input, branch);
    }
  }

  @Override
  default Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    return delegate().step(block, skipGain, branchGain, input, branch);
  }

  @Override
  default Activation branch(int block, Activation input) {
    return delegate().branch(block, input);
  }

  @Override
  default Activation skip(int block, Activation input) {
    return delegate().skip(block, input);
  }

  @Override
  default Activation post(int block, Activation sum) {
    return delegate().post(block, sum);
  }

  @Override
  default double[] head(Activation input) {
    return delegate().head(input);
  }

  @Override
  default double[] logits(float[] pixels, int images) {
    if (change().isEmpty()) {
      return delegate().logits(pixels, images);
    }
    Activation y = stem(pixels, images);
    try {
      for (Wiring.Step step : Wiring.intact(architecture()).steps()) {
        Activation next = step(step.block(), step.skipGain(), step.branchGain(), y);
        y.close();
        y = next;
      }
      return head(y);
    } finally {
      y.close();
    }
  }

  @Override
  default Activation activation(double[] values, int images, FeatureShape shape) {
    return delegate().activation(values, images, shape);
  }

  @Override
  default Activation gather(List<Part> parts) {
    return delegate().gather(parts);
  }

  @Override
  default int workers() {
    return delegate().workers();
  }

  @Override
  default void close() {
    delegate().close();
  }
}
