package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.FileKind;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Looks at a file before the engine does, which says little of what is no TorchScript module. */
final class ModuleArchive {
  /** Code is compressed, and only that. */
  private static final long MAX_INFLATED_BYTES = 64L << 20;

  private ModuleArchive() {}

  /**
   * Checks that a file is the archive of a module, of no more bytes than it has.
   *
   * @param part of the network, for messages
   * @throws InvalidInputException if it is something else
   */
  static void check(String part, Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      boolean code = false;
      long stored = 0;
      long inflated = 0;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        code |= entry.getName().contains("/code/");
        stored += Math.max(0, entry.getCompressedSize());
        if (entry.getMethod() == ZipEntry.DEFLATED) {
          inflated += Math.max(0, entry.getSize());
        }
      }
      if (!code) {
        throw refused(
            part,
            file,
            "it is a zip archive without code; weights saved by torch.save run with --weights, and"
                + " torch.jit.save writes modules");
      }
      if (stored > Files.size(file) || inflated > MAX_INFLATED_BYTES) {
        throw refused(
            part,
            file,
            "its entries unpack to %s bytes of code from %s bytes of file, as no module's do"
                .formatted(Math.max(inflated, stored), Files.size(file)));
      }
    } catch (ZipException e) {
      throw refused(part, file, kind(file));
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  private static String kind(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(FileKind.BYTES);
      if (start.length == 0) {
        return "the file is empty";
      }
      boolean zip = start.length > 1 && start[0] == 'P' && start[1] == 'K';
      return zip
          ? "the archive is cut off or damaged; export it again"
          : FileKind.describe(start).orElse("the file is no zip archive")
              + "; torch.jit.save writes modules";
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  private static InvalidInputException refused(String part, Path file, String reason) {
    return new InvalidInputException(
        "%s, %s, is no TorchScript module: %s".formatted(part, Names.path(file), reason));
  }
}
