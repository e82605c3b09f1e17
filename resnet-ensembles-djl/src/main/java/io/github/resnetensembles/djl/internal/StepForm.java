package io.github.resnetensembles.djl.internal;

/**
 * What one script of a block computes: post(skip term + branch term).
 *
 * @param skip the factor of the skip connection
 * @param branch the factor of the branch
 * @param given whether the branch's output is an input of the script
 * @param post whether post follows
 */
record StepForm(Gain.Form skip, Gain.Form branch, boolean given, boolean post) {
  static final StepForm SKIP = new StepForm(Gain.Form.ONE, Gain.Form.ABSENT, false, false);
  static final StepForm BRANCH = new StepForm(Gain.Form.ABSENT, Gain.Form.ONE, false, false);

  /** The whole step. */
  static StepForm of(Gain.Form skip, Gain.Form branch) {
    return new StepForm(skip, branch, false, true);
  }

  boolean hasSkip() {
    return skip != Gain.Form.ABSENT;
  }

  boolean hasBranch() {
    return branch != Gain.Form.ABSENT;
  }

  /** {@return whether the skip connection is run: for the sum, or for the shape of its zeros} */
  boolean needsSkip() {
    return hasSkip() || !hasBranch();
  }
}
