package io.github.resnetensembles.internal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file could not be read or written, or is not found though people see it. */
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
    return " (the locale's encoding %s cannot hold the name of the %s; set the environment variable LC_ALL=C.UTF-8)"
        .formatted(encoding.name(), pathHolds ? "working directory" : "file");
  }

  /** A short reason in place of Java's bare file names. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "no such file or directory" + remark(String.valueOf(missing.getFile()));
    }
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file has that name";
    }
    String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return String.valueOf(reason == null ? e.getMessage() : reason);
  }
}
