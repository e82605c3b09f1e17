package io.github.resnetensembles.run;

import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import java.util.Optional;

/** Whether two processes compute a study in the same way, bit by bit. */
final class Bindings {
  private Bindings() {}

  /** What tells them apart; empty if nothing does. */
  static Optional<String> difference(Provenance first, Provenance other) {
    Optional<Fingerprint> a = first.fingerprint();
    Optional<Fingerprint> b = other.fingerprint();
    return a.equals(b)
        ? Optional.empty()
        : Optional.of("the fingerprints of their networks differ");
  }
}
