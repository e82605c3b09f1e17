package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.network.Architecture;

/** Where the network of a task comes from: it is trained, or there already. */
sealed interface NetworkSource permits GivenNetwork, TrainingTask {
  /** Its description. */
  Architecture architecture();
}
