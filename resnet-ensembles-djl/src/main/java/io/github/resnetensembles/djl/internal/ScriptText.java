package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript function in the making: its parameters, the weights among them, and its statements.
 * Weights are inputs of every call, so that blocks of one kind share one compiled text.
 */
final class ScriptText {
  private static final String FOLDER = "step/";

  /** The version of the operators that the texts call; from 10 on GELU has its approximation. */
  private static final int OPERATORS = 10;

  private final List<String> parameters = new ArrayList<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();
  private String indent = "    ";
  private int variables;
  private int saved;

  /** Declares a parameter; all of them come before the first weight. */
  String argument(String name) {
    return argument(name, ScriptType.TENSOR);
  }

  /** Declares a parameter of any type. */
  String argument(String name, ScriptType type) {
    if (!weights.isEmpty()) {
      throw new IllegalStateException("argument " + name + " after a weight");
    }
    parameters.add(name + ": " + type.text());
    return name;
  }

  /** Declares what a chain saved in its forward pass; all chains' values are numbered together. */
  List<String> saved(LayerChain chain) {
    return Stream.generate(() -> argument("s" + saved++)).limit(chain.savedCount()).toList();
  }

  /** Declares a weight as the next parameter, unless it is one already. */
  @SuppressWarnings("ReferenceEquality") // The very array is meant, not its values.
  String weight(NDArray weight) {
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i) == weight) {
        return "w" + i;
      }
    }
    String name = "w" + weights.size();
    parameters.add(name + ": " + ScriptType.TENSOR.text());
    weights.add(weight);
    return name;
  }

  /** Adds a statement that names a new value. */
  String let(String expression) {
    String name = "v" + variables++;
    statement(name + " = " + expression);
    return name;
  }

  /** Adds a statement that names several new values. */
  List<String> let(int count, String expression) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("v" + variables++);
    }
    statement(String.join(", ", names) + ", = " + expression);
    return names;
  }

  /** Adds a statement that is run for what it does. */
  void statement(String statement) {
    body.append(indent).append(statement).append('\n');
  }

  /** Adds statements under a header such as {@code for i in range(3):}. */
  void under(String header, Runnable statements) {
    statement(header);
    String outer = indent;
    indent = outer + "  ";
    statements.run();
    indent = outer;
  }

  /** Adds an empty list of arrays. */
  String emptyList() {
    return let("annotate(List[Tensor], [])");
  }

  List<NDArray> weights() {
    return List.copyOf(weights);
  }

  /** {@return the module's source} */
  String source(ScriptType type, String result) {
    StringBuilder source =
        new StringBuilder(
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M\
            """);
    parameters.forEach(parameter -> source.append(",\n    ").append(parameter));
    return source
        .append(") -> %s:\n%s    return %s%s".formatted(type.text(), body, result, '\n'))
        .toString();
  }

  /** {@return a TorchScript archive of a module with this source and no attributes} */
  static byte[] archive(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "version", OPERATORS + "\n");
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
