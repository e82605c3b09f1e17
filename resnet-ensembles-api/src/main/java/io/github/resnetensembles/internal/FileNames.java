package io.github.resnetensembles.internal;

import java.nio.charset.Charset;

/** Says why a file is not found that people see in their folder. */
public final class FileNames {
  private FileNames() {}

  /**
   * {@return a remark, with a space before it, where the locale's encoding cannot hold the path or
   * the working directory, against which Java then resolves every path wrongly; else an empty text}
   *
   * @param path that was not found
   */
  public static String remark(String path) {
    return remark(
        path,
        System.getProperty("user.dir", ""),
        Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  static String remark(String path, String workingDirectory, Charset encoding) {
    boolean pathHolds = encoding.newEncoder().canEncode(path);
    if (pathHolds && encoding.newEncoder().canEncode(workingDirectory)) {
      return "";
    }
    return " (the locale's encoding "
        + encoding.name()
        + " cannot hold the name of the "
        + (pathHolds ? "working directory" : "file")
        + "; set the environment variable LC_ALL=C.UTF-8)";
  }
}
