package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.nn.Block;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.djl.internal.OwnNetwork.Opening;
import io.github.resnetensembles.djl.internal.OwnParts.Placement;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The builder behind {@link DjlModels}.
 *
 * @param name of the network
 * @param input what the stem is fed with
 * @param stem null until it is set
 * @param blocks in order
 * @param head null until it is set
 * @param options how the model is run
 * @param kept what must live as long as the network
 */
public record OwnNetworkBuilder(
    String name,
    InputSpec input,
    @Nullable Block stem,
    List<DjlBlock> blocks,
    @Nullable Block head,
    ModelOptions options,
    List<Object> kept)
    implements DjlModels.Builder {
  /**
   * Copies the lists.
   *
   * @param name of the network
   * @param input what the stem is fed with
   * @param stem null until it is set
   * @param blocks in order
   * @param head null until it is set
   * @param options how the model is run
   * @param kept what must live as long as the network
   */
  public OwnNetworkBuilder {
    blocks = List.copyOf(blocks);
    kept = List.copyOf(kept);
  }

  /**
   * Creates a builder.
   *
   * @param name of the network
   * @param input what the stem is fed with
   * @return the builder
   */
  public static OwnNetworkBuilder create(String name, InputSpec input) {
    if (name.isBlank()) {
      throw new InvalidInputException("a network needs a name");
    }
    return new OwnNetworkBuilder(
        name, input, null, List.of(), null, ModelOptions.defaults(), List.of());
  }

  @Override
  public OwnNetworkBuilder stem(Block stem) {
    return new OwnNetworkBuilder(name, input, stem, blocks, head, options, kept);
  }

  @Override
  public OwnNetworkBuilder block(DjlBlock block) {
    List<DjlBlock> more = new ArrayList<>(blocks);
    more.add(block);
    return new OwnNetworkBuilder(name, input, stem, more, head, options, kept);
  }

  @Override
  public OwnNetworkBuilder head(Block head) {
    return new OwnNetworkBuilder(name, input, stem, blocks, head, options, kept);
  }

  @Override
  public OwnNetworkBuilder threads(int threads) {
    return new OwnNetworkBuilder(
        name, input, stem, blocks, head, options.withThreads(threads), kept);
  }

  @Override
  public OwnNetworkBuilder keep(Object owner) {
    List<Object> more = new ArrayList<>(kept);
    more.add(owner);
    return new OwnNetworkBuilder(name, input, stem, blocks, head, options, more);
  }

  @Override
  public Network network() {
    if (stem == null || head == null || blocks.isEmpty()) {
      String missing = stem == null ? "stem" : head == null ? "head" : "block";
      throw new InvalidInputException(
          "network " + name + " has no " + missing + ": add one with " + missing + "(...)");
    }
    OwnParts parts = new OwnParts(stem, blocks, head);
    Device device = TorchEngine.load().engine().defaultDevice();
    return OwnNetwork.open(
        new Opening(name, input, parts, options).keeping(kept),
        parts.placement(new Placement(device, Precision.FLOAT32)));
  }
}
