package io.github.resnetensembles;

/** A result that a {@link Report} can show. */
public interface Result {
  /** {@return this result as JSON; machine facts stand under {@code provenance} only} */
  String toJson();
}
