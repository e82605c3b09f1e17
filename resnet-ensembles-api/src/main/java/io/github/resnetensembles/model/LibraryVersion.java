package io.github.resnetensembles.model;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** This library's version, as the build wrote it. */
final class LibraryVersion {
  private static final String RESOURCE = "/io/github/resnetensembles/version.properties";

  private LibraryVersion() {}

  static String get() {
    try (InputStream in = LibraryVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the library's jar lacks " + RESOURCE);
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + RESOURCE, e);
    }
  }
}
