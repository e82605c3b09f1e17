package io.github.resnetensembles.internal.training;

import io.github.resnetensembles.TrainingListener;

/** Does nothing. */
public enum SilentListener implements TrainingListener {
  /** The only one. */
  INSTANCE
}
