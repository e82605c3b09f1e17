package io.github.resnetensembles.network;

import java.util.List;
import java.util.stream.Stream;

/**
 * The layers of a block at their places: y = post(s(x) + f(x)) with s(x) = skip(lead(x)) and f(x) =
 * branch(lead(x)). No layers are the identity. A block of the user's own has none that are known.
 *
 * @param lead what skip connection and branch both see the input through
 * @param branch the residual branch
 * @param skip the skip connection, or the stand-in of a plain block
 * @param post what follows the sum
 */
public record BlockLayers(
    List<PlacedLayer> lead,
    List<PlacedLayer> branch,
    List<PlacedLayer> skip,
    List<PlacedLayer> post) {
  static final BlockLayers UNKNOWN = new BlockLayers(List.of(), List.of(), List.of(), List.of());

  /**
   * Copies the lists.
   *
   * @param lead what skip connection and branch both see the input through
   * @param branch the residual branch
   * @param skip the skip connection
   * @param post what follows the sum
   */
  public BlockLayers {
    lead = List.copyOf(lead);
    branch = List.copyOf(branch);
    skip = List.copyOf(skip);
    post = List.copyOf(post);
  }

  /** {@return all of them, in the order of the network's tensors: lead, branch, skip, post} */
  public Stream<PlacedLayer> all() {
    return Stream.of(lead, branch, skip, post).flatMap(List::stream);
  }
}
