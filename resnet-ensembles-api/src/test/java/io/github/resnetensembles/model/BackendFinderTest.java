package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackendFinderTest {
  @Test
  void backendsAreFoundFromThreadsThatSeeNoLibrary() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      assertThat(Backends.names()).contains("reference");
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
