package io.github.resnetensembles.result;

/** What was measured, computed or trained. Implemented by this library alone. */
public interface Result {
  /** {@return this result as JSON; machine facts stand under {@code provenance} only} */
  String toJson();
}
