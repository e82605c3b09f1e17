package io.github.resnetensembles.internal.reference;

/** Stub. */
public final class ReferenceBackend {
  public static final String NAME = "reference";

  private ReferenceBackend() {}
}
