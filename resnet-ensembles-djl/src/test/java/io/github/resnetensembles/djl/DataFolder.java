package io.github.resnetensembles.djl;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of CIFAR-10 and pretrained weights that tests tagged {@code data} need. */
public final class DataFolder {
  private static final String VARIABLE = "RESNET_ENSEMBLES_DATA";

  private DataFolder() {}

  /** A file of the folder; skips the test where the folder is not set, fails where it is wrong. */
  public static Path file(String name) {
    String folder = System.getenv(VARIABLE);
    assumeTrue(
        folder != null && !folder.isEmpty(),
        VARIABLE + " is not set: it names a folder with cifar10/ and weights/");
    Path file = Path.of(String.valueOf(folder), name);
    if (!Files.exists(file)) {
      fail(VARIABLE + " is set, but there is no " + file);
    }
    return file;
  }
}
