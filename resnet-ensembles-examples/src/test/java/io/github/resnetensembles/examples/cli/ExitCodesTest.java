package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunInterruptedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ExitCodesTest {
  @Test
  void inputsAreTheUsersFault() {
    assertThat(ExitCodes.of(new InvalidWeightsException("bad"))).isEqualTo(2);
    assertThat(ExitCodes.of(new BackendUnavailableException("none"))).isEqualTo(2);
    assertThat(ExitCodes.of(new MergeException("overlap"))).isEqualTo(2);
    assertThat(ExitCodes.of(new IllegalArgumentException("bad"))).isEqualTo(2);
    FileAccessException denied = new FileAccessException("denied", new IOException());
    assertThat(ExitCodes.of(new UnusableFileException(denied))).isEqualTo(2);
  }

  @Test
  void runsFail() {
    assertThat(ExitCodes.of(new BackendException("memory"))).isEqualTo(1);
    assertThat(ExitCodes.of(new RunFailedException("disk", new RuntimeException()))).isEqualTo(1);
    assertThat(ExitCodes.of(new FileAccessException("disk", new IOException()))).isEqualTo(1);
    assertThat(ExitCodes.of(new NullPointerException())).isEqualTo(1);
    assertThat(ExitCodes.of(new OutOfMemoryError())).isEqualTo(1);
  }

  @Test
  void interruptionIsNeither() {
    assertThat(ExitCodes.of(new RunInterruptedException("stopped"))).isEqualTo(130);
  }

  @Test
  void severalLinesBecomeOne() {
    assertThat(said(new InvalidWeightsException("bad\n  file\r\nhere\n")))
        .isEqualTo("error: bad file here" + System.lineSeparator());
  }

  @Test
  void aFileSpeaksForItself() {
    assertThat(said(new FileAccessException("cannot write a.json: full", new IOException("full"))))
        .isEqualTo("error: cannot write a.json: full" + System.lineSeparator());
  }

  @Test
  void aBugSaysItsKind() {
    assertThat(said(new IllegalStateException("oops")))
        .isEqualTo(
            "error: java.lang.IllegalStateException: oops (--verbose shows the stack trace)"
                + System.lineSeparator());
  }

  @Test
  void memoryHasARemedy() {
    assertThat(said(new OutOfMemoryError("Java heap space")))
        .isEqualTo(
            "error: out of memory (Java heap space); try a smaller --batch"
                + System.lineSeparator());
  }

  private static String said(Throwable failure) {
    StringWriter text = new StringWriter();
    int exitCode = OneLineErrors.report(failure, new PrintWriter(text, true), false);
    assertThat(exitCode).isEqualTo(ExitCodes.of(failure));
    return text.toString();
  }
}
