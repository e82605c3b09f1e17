package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.JsonForm;

/** What a set of blocks is worth: how well the network does with only their branches. */
@JsonForm(lowerCase = true)
public enum Payoff {
  /** The share of images classified correctly, in [0, 1]. */
  ACCURACY,
  /** Minus the mean cross-entropy, in nats. */
  NEGATIVE_LOSS
}
