package io.github.resnetensembles.djl;

import ai.djl.nn.Block;
import io.github.resnetensembles.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * One residual block of the user's own: y = post(s(x) + gain · f(x)). The parts stay the user's,
 * who initialises and closes them; they are run with {@code training = false} and never changed.
 *
 * @param branch f: one array (N, C, H, W) in, one out
 * @param skip s, or null for the identity
 * @param post what follows the sum, or null for nothing; a function is a block, too: {@code
 *     Activation.reluBlock()} or a {@code LambdaBlock}
 * @param plain whether there is no skip connection; {@code skip} is then what stands in for the
 *     block when it is deleted
 * @param gain the test-time branch gain, finite; 1 unless trained with stochastic depth
 */
public record DjlBlock(
    Block branch, @Nullable Block skip, @Nullable Block post, boolean plain, double gain) {
  /**
   * Checks the gain.
   *
   * @param branch f
   * @param skip s, or null
   * @param post what follows the sum, or null
   * @param plain whether there is no skip connection
   * @param gain the test-time branch gain
   * @throws IllegalArgumentException if it is not finite
   */
  public DjlBlock {
    if (!Double.isFinite(gain)) {
      throw new InvalidInputException("a test-time gain is finite, got " + gain);
    }
  }

  /**
   * A block with the identity as its skip connection and nothing after the sum.
   *
   * @param branch its residual branch
   * @return the block
   */
  public static DjlBlock of(Block branch) {
    return new DjlBlock(branch, null, null, false, 1);
  }

  /**
   * Sets the skip connection.
   *
   * @param skip s
   * @return the changed copy
   */
  public DjlBlock withSkip(Block skip) {
    return new DjlBlock(branch, skip, post, plain, gain);
  }

  /**
   * Sets what follows the sum.
   *
   * @param post such as {@code Activation.reluBlock()}
   * @return the changed copy
   */
  public DjlBlock withPost(Block post) {
    return new DjlBlock(branch, skip, post, plain, gain);
  }

  /**
   * Sets whether there is no skip connection.
   *
   * @param plain true for a plain block
   * @return the changed copy
   */
  public DjlBlock withPlain(boolean plain) {
    return new DjlBlock(branch, skip, post, plain, gain);
  }

  /**
   * Sets the test-time branch gain.
   *
   * @param gain finite
   * @return the changed copy
   */
  public DjlBlock withGain(double gain) {
    return new DjlBlock(branch, skip, post, plain, gain);
  }
}
