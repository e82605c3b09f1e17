package io.github.resnetensembles.run;

/** What a {@link ResultStore} lets pass. */
public enum StoreOption {
  /**
   * Results of different instruction sets, engines or devices, whose last bits may differ. The
   * merged result says so.
   */
  MIXED
}
