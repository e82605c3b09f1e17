package io.github.resnetensembles.report;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import java.util.List;
import java.util.Map;

/**
 * What the authors published of one of their networks: aggregates of the raw results beside
 * "Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (Veit, Wilber and
 * Belongie, NIPS 2016), from {@value #SOURCE}. Each is one network, trained once.
 *
 * @param name what it is, such as {@code pre-activation ResNet-110}
 * @param data what it was evaluated on
 * @param images how many images that are
 * @param blocks the number of its blocks
 * @param activation where its nonlinearity stands
 * @param errorRate of the intact network, in [0, 1]; NaN where it is not known
 * @param errorByDeletedBlock the error rate with one branch deleted, by block number; some blocks
 *     may be missing
 */
public record PublishedNetwork(
    String name,
    String data,
    int images,
    int blocks,
    Activation activation,
    double errorRate,
    Map<Integer, Double> errorByDeletedBlock) {
  /** Where the numbers come from. */
  public static final String SOURCE =
      "github.com/gcr/fb.resnet.torch-lesion-study, commit 73f4a94 of 2016-05-05";

  /** Where the nonlinearity stands. */
  public enum Activation {
    /** BatchNorm and ReLU before each convolution, nothing after the sum. */
    PRE,
    /** ReLU after the sum. */
    POST,
    /** No skip connections. */
    PLAIN
  }

  /**
   * Copies the map.
   *
   * @param name what it is
   * @param data what it was evaluated on
   * @param images how many images that are
   * @param blocks the number of its blocks
   * @param activation where its nonlinearity stands
   * @param errorRate of the intact network
   * @param errorByDeletedBlock the error rate with one branch deleted
   */
  public PublishedNetwork {
    errorByDeletedBlock = Map.copyOf(errorByDeletedBlock);
    Require.present("name", name);
    name = Names.oneLine(name, Names.MAX_KEPT);
    Require.present("data", data);
    data = Names.oneLine(data, Names.MAX_KEPT);
    Require.present("activation", activation);
    Require.atLeast(1, "images", images);
    Require.atLeast(1, "blocks", blocks);
    Require.share("errorRate", Double.isNaN(errorRate) ? 0 : errorRate);
    errorRate = Numbers.unsignedZero(errorRate);
    errorByDeletedBlock.forEach(
        (block, rate) -> {
          Require.between(1, blocks, "a deleted block", block);
          Require.share("the error rate without block " + block, rate);
        });
  }

  /** {@return every network that numbers were published of} */
  public static List<PublishedNetwork> all() {
    return PublishedNumbers.networks();
  }
}
