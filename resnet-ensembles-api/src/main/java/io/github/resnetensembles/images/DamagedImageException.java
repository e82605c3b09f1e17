package io.github.resnetensembles.images;

/** A file is no image that can be read; whoever knows the file says which. */
final class DamagedImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedImageException(String reason) {
    super(reason);
  }

  DamagedImageException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** What is wrong with the file. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
