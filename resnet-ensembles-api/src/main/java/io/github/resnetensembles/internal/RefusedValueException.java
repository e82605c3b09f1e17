package io.github.resnetensembles.internal;

/**
 * What checks of this package throw. They lie below the exceptions of the API, which lie below
 * everything else; for all others it is an {@link IllegalArgumentException} in this library's
 * words.
 */
public final class RefusedValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RefusedValueException(String message) {
    super(message);
  }
}
