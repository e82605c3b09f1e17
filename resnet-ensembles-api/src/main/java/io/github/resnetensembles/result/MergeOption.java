package io.github.resnetensembles.result;

/** What merging of results lets pass. */
public enum MergeOption {
  /**
   * Merge although nothing shows that one network gave all results: fingerprints differ, or a
   * result has none, as those of older versions. The merged result has no fingerprint then.
   */
  ALLOW_UNVERIFIED
}
