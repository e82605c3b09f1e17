package io.github.resnetensembles.training;

/** Does nothing. */
enum SilentListener implements TrainingListener {
  /** The only one. */
  INSTANCE
}
