package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.network.ParameterSpec;

/**
 * The rule by which training moves parameters along their gradient, as PyTorch 2 defines it. An
 * immutable value, part of a recipe.
 */
@MappedBy(OptimizerJson.class)
public sealed interface Optimizer {
  /**
   * Stochastic gradient descent with ordinary momentum.
   *
   * @param momentum in [0, 1)
   * @param weightDecay at least 0
   * @return the rule
   */
  static Sgd sgd(double momentum, double weightDecay) {
    return new Sgd(momentum, false, weightDecay);
  }

  /**
   * Stochastic gradient descent with Nesterov's momentum, which looks ahead.
   *
   * @param momentum in [0, 1)
   * @param weightDecay at least 0
   * @return the rule
   */
  static Sgd nesterov(double momentum, double weightDecay) {
    return new Sgd(momentum, true, weightDecay);
  }

  /**
   * AdamW with PyTorch's usual settings: 0.9, 0.999, 1e-8.
   *
   * @param weightDecay at least 0
   * @return the rule
   */
  static AdamW adamW(double weightDecay) {
    return new AdamW(0.9, 0.999, 1e-8, weightDecay);
  }

  /** {@return the weight decay, at least 0} */
  double weightDecay();

  /**
   * Sets the weight decay.
   *
   * @param weightDecay at least 0
   * @return the changed copy
   */
  Optimizer withWeightDecay(double weightDecay);

  /**
   * {@return whether the weight decay applies to parameters of a role}
   *
   * @param role of a trainable parameter
   */
  boolean decays(ParameterSpec.Role role);

  /**
   * Stochastic gradient descent: PyTorch's {@code SGD}. With g the gradient, every parameter w and
   * its momentum v, which is 0 at first, become
   *
   * <pre>
   * d = g + weightDecay · w
   * v = momentum · v + d
   * w = w - learningRate · (nesterov ? d + momentum · v : v)
   * </pre>
   *
   * <p>The weight decay applies to every trainable parameter, norms and biases too.
   *
   * @param momentum in [0, 1)
   * @param nesterov whether the step looks ahead
   * @param weightDecay at least 0
   */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {
    /**
     * Checks the ranges.
     *
     * @param momentum in [0, 1)
     * @param nesterov whether the step looks ahead
     * @param weightDecay at least 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Sgd {
      momentum = share("momentum", momentum);
      weightDecay = checkedDecay(weightDecay);
    }

    @Override
    public Sgd withWeightDecay(double weightDecay) {
      return new Sgd(momentum, nesterov, weightDecay);
    }

    @Override
    public boolean decays(ParameterSpec.Role role) {
      return role.trainable();
    }
  }

  /**
   * Adam with a weight decay of its own (Loshchilov and Hutter 2019): PyTorch's {@code AdamW}. With
   * g the gradient and t the number of this update among those that the parameter took part in,
   * from 1, every parameter w and its moments m and v, which are 0 at first, become
   *
   * <pre>
   * w = w - learningRate · weightDecay · w
   * m = beta1 · m + (1 - beta1) · g
   * v = beta2 · v + (1 - beta2) · g²
   * w = w - learningRate / (1 - beta1^t) · m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
   * </pre>
   *
   * <p>As usual with AdamW, the weight decay applies to kernels of convolutions and matrices of
   * linear layers and attention only: not to biases, norms, layer scales, tokens and positions.
   *
   * @param beta1 in [0, 1)
   * @param beta2 in [0, 1)
   * @param epsilon positive
   * @param weightDecay at least 0
   */
  @JsonForm(kind = "adamw", kindField = "optimizer")
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimizer {
    /**
     * Checks the ranges.
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon positive
     * @param weightDecay at least 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public AdamW {
      beta1 = share("beta1", beta1);
      beta2 = share("beta2", beta2);
      if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
        throw new InvalidInputException("epsilon must be positive and finite, got " + epsilon);
      }
      weightDecay = checkedDecay(weightDecay);
    }

    @Override
    public AdamW withWeightDecay(double weightDecay) {
      return new AdamW(beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public boolean decays(ParameterSpec.Role role) {
      return role == ParameterSpec.Role.CONVOLUTION || role == ParameterSpec.Role.LINEAR_WEIGHT;
    }
  }

  private static double share(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InvalidInputException(what + " must be in [0, 1), got " + value);
    }
    return Numbers.unsignedZero(value);
  }

  private static double checkedDecay(double weightDecay) {
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(
          "weight decay must be finite and at least 0, got " + weightDecay);
    }
    return Numbers.unsignedZero(weightDecay);
  }
}
