package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/**
 * A network that this library brings along, trained on its own images ({@code ImageSets.builtIn});
 * docs/decisions/0016 says how they were chosen. Numbers are of the weights as they are shipped, on
 * all test images of that set.
 *
 * @param name which {@link Weights#pretrained} takes
 * @param artifact the Maven artifact that has the weights
 * @param command trains the network again, into a folder that {@code --out} names: the rounded
 *     weights in it are the same file where the processor is of the same kind, else about the same
 *     error
 * @param seed of the training
 * @param sha256 of the file of its weights ({@link Weights#fileSha256}), 64 lower-case hex digits
 * @param wrong how many test images are classified wrongly
 * @param total how many test images there are
 * @param loss mean cross-entropy on them, in nats
 */
public record PretrainedNetwork(
    String name,
    String artifact,
    String command,
    long seed,
    String sha256,
    int wrong,
    int total,
    double loss) {
  /**
   * Checks the components.
   *
   * @param name which {@link Weights#pretrained} takes
   * @param artifact the Maven artifact that has the weights
   * @param command trains the network again
   * @param seed of the training
   * @param sha256 of the file of its weights
   * @param wrong how many test images are classified wrongly
   * @param total how many test images there are
   * @param loss mean cross-entropy on them, in nats
   * @throws IllegalArgumentException if a number is out of its range, or a text cannot be shown
   */
  public PretrainedNetwork {
    name = Names.require("name", name, Names.MAX_KEPT);
    artifact = Names.require("artifact", artifact, Names.MAX_KEPT);
    command = Names.require("command", command, Names.MAX_KEPT);
    Require.sha256("sha256", sha256);
    Require.atLeast(1, "total", total);
    Require.between(0, total, "wrong", wrong);
    loss = Require.finiteAtLeastZero("loss", loss);
  }

  /** {@return all of them, whether their artifact is there or not} */
  public static List<PretrainedNetwork> all() {
    return PretrainedResources.catalogue();
  }

  /**
   * The network of a name.
   *
   * @param name one of {@link #all}
   * @return what is known of it; {@link Weights#pretrained} has its weights
   * @throws InvalidInputException if there is none of this name
   */
  public static PretrainedNetwork of(String name) {
    return PretrainedResources.named(name);
  }

  /** {@return whether its artifact is on the class path} */
  public boolean available() {
    return PretrainedResources.find(this).isPresent();
  }

  /**
   * {@return how it was trained, as {@code TrainingHistory.fromJson} reads it; of the weights
   * before they were rounded}
   *
   * @throws InvalidInputException if its artifact is not on the class path
   */
  public String training() {
    return PretrainedResources.training(this);
  }

  /** {@return the share of test images that are classified wrongly, in [0, 1]} */
  public double errorRate() {
    return (double) wrong / total;
  }
}
