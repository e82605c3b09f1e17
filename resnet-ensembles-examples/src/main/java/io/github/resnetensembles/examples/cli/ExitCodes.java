package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.RunInterruptedException;

/** The exit codes, which scripts rely on. */
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int INTERRUPTED = 130;

  private ExitCodes() {}

  static int of(Throwable failure) {
    if (failure instanceof RunInterruptedException) {
      return INTERRUPTED;
    }
    if (failure instanceof IllegalArgumentException || failure instanceof UnusableFileException) {
      return BAD_INPUT;
    }
    return FAILED;
  }
}
