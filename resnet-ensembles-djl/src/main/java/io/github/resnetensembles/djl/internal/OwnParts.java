package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DjlBlock;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The user's blocks of one network. */
record OwnParts(Block stem, List<DjlBlock> blocks, Block head) {
  /** {@return every part by the name that messages use, in the order of the weights' hash} */
  Map<String, Block> named() {
    Map<String, Block> parts = new LinkedHashMap<>();
    parts.put("the stem", stem);
    for (int i = 0; i < blocks.size(); i++) {
      String suffix = " of block " + (i + 1);
      DjlBlock block = blocks.get(i);
      parts.put("the branch" + suffix, block.branch());
      if (block.skip() != null) {
        parts.put("the skip connection" + suffix, block.skip());
      }
      if (block.post() != null) {
        parts.put("the post function" + suffix, block.post());
      }
    }
    parts.put("the head", head);
    return parts;
  }

  /** {@return what the names of a branch's parameters begin with} */
  static String branchPrefix(int number) {
    return "blocks." + number + ".branch.";
  }

  /** {@return what the names of a skip connection's parameters begin with} */
  static String skipPrefix(int number) {
    return "blocks." + number + ".skip.";
  }

  /** {@return the parameters of a part that take gradients: neither statistics nor frozen ones} */
  static Map<String, NDArray> trainable(String prefix, Block part) {
    Map<String, NDArray> trainable = new LinkedHashMap<>();
    for (Pair<String, Parameter> entry : part.getParameters()) {
      NDArray array = entry.getValue().getArray();
      if (array.hasGradient()) {
        trainable.put(prefix + entry.getKey(), array);
      }
    }
    return trainable;
  }

  /** {@return all parameters that take gradients} */
  Map<String, NDArray> trainable() {
    Map<String, NDArray> all = new LinkedHashMap<>(trainable("stem.", stem));
    for (int i = 1; i <= blocks.size(); i++) {
      DjlBlock block = blocks.get(i - 1);
      all.putAll(trainable(branchPrefix(i), block.branch()));
      if (block.skip() != null) {
        all.putAll(trainable(skipPrefix(i), block.skip()));
      }
    }
    all.putAll(trainable("head.", head));
    return all;
  }

  /**
   * What all parameters have in common.
   *
   * @param device where they are
   * @param precision their type
   */
  record Placement(Device device, Precision precision) {}

  /** Finds the parameters' device and type, refusing what the engine could not run. */
  Placement placement(Placement otherwise) {
    Placement common = null;
    for (Map.Entry<String, Block> part : named().entrySet()) {
      for (Pair<String, Parameter> entry : part.getValue().getParameters()) {
        String where = "parameter '" + entry.getKey() + "' of " + part.getKey();
        Placement found = placementOf(where, entry.getValue());
        if (common != null && !common.equals(found)) {
          throw new InvalidInputException(
              "%s is %s on %s but others are %s on %s; bring all to one type and device"
                  .formatted(
                      where,
                      found.precision(),
                      found.device(),
                      common.precision(),
                      common.device()));
        }
        common = found;
      }
    }
    return common == null ? otherwise : common;
  }

  private static Placement placementOf(String where, Parameter parameter) {
    if (!parameter.isInitialized()) {
      throw new InvalidInputException(
          where + " is not initialised; load its values or call Block.initialize first");
    }
    NDArray array = parameter.getArray();
    DataType type = array.getDataType();
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new InvalidInputException(
          where + " must be float32 or float64, got " + type + "; convert it");
    }
    return new Placement(
        array.getDevice(), type == DataType.FLOAT32 ? Precision.FLOAT32 : Precision.FLOAT64);
  }

  /**
   * {@return the SHA-256 of everything that can be known of the parts: of each its name, the name,
   * shape and values of every parameter, and every TorchScript module as the engine writes it}
   */
  String sha256(Tensors tensors, Precision precision) {
    MessageDigest digest = sha256();
    named()
        .forEach(
            (name, part) -> {
              put(digest, name);
              for (Pair<String, Parameter> entry : part.getParameters()) {
                NDArray array = entry.getValue().getArray();
                put(digest, entry.getKey() + array.getShape());
                digest.update(bytes(tensors.read(array), precision));
              }
              putModules(digest, part);
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void put(MessageDigest digest, String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer bytes(double[] values, Precision precision) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (precision == Precision.FLOAT32) {
        bytes.putFloat((float) value);
      } else {
        bytes.putDouble(value);
      }
    }
    return bytes.flip();
  }

  /** Buffers, constants and code of a module are no parameters. */
  private static void putModules(MessageDigest digest, Block block) {
    if (Torch.isModule(block)) {
      Torch.write(block, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    }
    for (Pair<String, Block> child : block.getChildren()) {
      putModules(digest, child.getValue());
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
