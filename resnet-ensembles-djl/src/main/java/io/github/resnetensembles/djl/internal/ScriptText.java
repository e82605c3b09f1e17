package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript function in the making: its parameters, the weights among them, and its statements.
 * Weights are inputs of every call, so that blocks of one kind share one compiled text.
 */
final class ScriptText {
  private static final String FOLDER = "step/";

  private final List<String> parameters = new ArrayList<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();
  private int variables;

  /** Declares a parameter; all of them come before the first weight. */
  String argument(String name) {
    if (!weights.isEmpty()) {
      throw new IllegalStateException("argument " + name + " after a weight");
    }
    parameters.add(name);
    return name;
  }

  /** Declares a weight as the next parameter. */
  String weight(NDArray weight) {
    String name = "w" + weights.size();
    parameters.add(name);
    weights.add(weight);
    return name;
  }

  /** Adds a statement. */
  String let(String expression) {
    String name = "v" + variables++;
    body.append("    ").append(name).append(" = ").append(expression).append('\n');
    return name;
  }

  List<NDArray> weights() {
    return List.copyOf(weights);
  }

  /** {@return the module's source} */
  String source(String result) {
    StringBuilder source =
        new StringBuilder(
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M""");
    parameters.forEach(parameter -> source.append(",\n    ").append(parameter).append(": Tensor"));
    return source
        .append(") -> Tensor:\n")
        .append(body)
        .append("    return ")
        .append(result)
        .append('\n')
        .toString();
  }

  /** {@return a TorchScript archive of a module with this source and no attributes} */
  static byte[] archive(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "version", "3\n");
      store(zip, "constants.pkl", "\u0080\u0002).");
      store(
          zip,
          "data.pkl",
          "\u0080\u0002c__torch__\nM\nq\0)\u0081}(X\u0008\0\0\0trainingq\u0001\u0089ubq\u0002.");
      store(zip, "code/__torch__.py", source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Stored, not deflated: PyTorch maps the entries. */
  private static void store(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
