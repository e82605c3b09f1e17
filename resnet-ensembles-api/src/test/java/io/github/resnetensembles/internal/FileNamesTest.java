package io.github.resnetensembles.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  @Test
  void namesThatTheLocaleCannotHoldComeWithARemedy() {
    assertThat(FileNames.remark("n\ufffd\ufffd.pt", "/data", US_ASCII))
        .isEqualTo(
            " (the locale's encoding US-ASCII cannot hold the name of the file; set the environment"
                + " variable LC_ALL=C.UTF-8)");
    assertThat(FileNames.remark("net.pt", "/\ufffd\ufffd", US_ASCII))
        .contains("cannot hold the name of the working directory");
  }

  @Test
  void otherNamesComeWithNone() {
    assertThat(FileNames.remark("net.pt", "/data", US_ASCII)).isEmpty();
    assertThat(FileNames.remark("né.pt", "/données", UTF_8)).isEmpty();
    assertThat(FileNames.reason(new NoSuchFileException("a.pt")))
        .isEqualTo("no such file or directory");
  }
}
