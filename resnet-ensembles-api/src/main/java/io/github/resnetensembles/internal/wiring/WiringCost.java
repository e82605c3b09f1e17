package io.github.resnetensembles.internal.wiring;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.network.Wiring;
import java.util.List;

/**
 * What wirings that are run together cost.
 *
 * @param once the means over reference sets, whatever the number of images
 * @param image one image, with shared prefixes computed once
 * @param imageWithoutReuse one image, if every wiring were run on its own
 */
public record WiringCost(long once, long image, long imageWithoutReuse) {
  public static WiringCost of(List<Wiring> wirings) {
    return of(new PrefixTree(wirings), ForeignBranches.of(wirings));
  }

  public static WiringCost of(PrefixTree tree, ForeignBranches foreign) {
    return of(tree.blockEvaluations(), tree.blockEvaluationsWithoutReuse(), foreign);
  }

  /**
   * Of branches that were counted elsewhere.
   *
   * @param shared those of one image, prefixes shared
   * @param apart those of one image, were every wiring run on its own
   */
  public static WiringCost of(long shared, long apart, ForeignBranches foreign) {
    long donors = foreign.donorEvaluations();
    return new WiringCost(foreign.meanEvaluations(), shared + donors, apart + donors);
  }

  /** The cost for so many images. */
  public Cost of(long images) {
    return new Cost(once + image * images, once + imageWithoutReuse * images);
  }
}
