package io.github.resnetensembles.djl.internal;

/**
 * What one script of a block computes: post(skip term + branch term).
 *
 * @param skip the term of the skip connection
 * @param branch the term of the branch
 * @param given whether the branch's output is an input of the script
 * @param post whether post follows
 */
record StepForm(Term skip, Term branch, boolean given, boolean post) {
  /** How one side takes part in the sum. */
  enum Term {
    /** It is not computed. */
    ABSENT,
    /** As it is. */
    PLAIN,
    /** Times a gain, which is an input of the script. */
    SCALED;

    static Term of(double gain) {
      return gain == 0 ? ABSENT : gain == 1 ? PLAIN : SCALED;
    }
  }

  static final StepForm SKIP = new StepForm(Term.PLAIN, Term.ABSENT, false, false);
  static final StepForm BRANCH = new StepForm(Term.ABSENT, Term.PLAIN, false, false);
}
