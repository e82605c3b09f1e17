package io.github.resnetensembles.result;

import io.github.resnetensembles.lesion.LesionReport;

/** What {@link LesionReport#merge(java.util.List, MergeOption...)} lets pass. */
public enum MergeOption {
  /**
   * Merge although nothing shows that one network gave all results: fingerprints differ, or a
   * result has none, as those of older versions. The merged result has no fingerprint then.
   */
  ALLOW_UNVERIFIED,
  /**
   * Merge although last bits may differ: results were computed by other backends, engines, builds
   * of an engine, instruction sets or devices ({@link Provenance.Run#sameArithmetic}), or their
   * fingerprints agree within the tolerance only. The merged result is {@link Provenance#mixed}
   * then. What was measured twice must agree all the same.
   */
  MIXED
}
