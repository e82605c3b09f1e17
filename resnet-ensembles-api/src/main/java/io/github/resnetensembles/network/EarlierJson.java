package io.github.resnetensembles.network;

import io.github.resnetensembles.internal.io.JsonNode;

/** Reads stems, blocks and heads as they were written before layers were data: by their kinds. */
final class EarlierJson {
  private enum StemKind {
    CONV_3X3,
    CONV_7X7_MAX_POOL,
    OPAQUE
  }

  private enum HeadKind {
    POOL_LINEAR,
    NORM_POOL_LINEAR,
    HIDDEN_LINEAR,
    OPAQUE
  }

  private EarlierJson() {}

  static StemSpec stem(JsonNode node) {
    int width = node.get("width").integer();
    boolean batchNorm = node.get("batchNorm").bool();
    return switch (node.get("kind").constant(StemKind.class)) {
      case CONV_3X3 -> StemSpec.conv3x3(width).withBatchNorm(batchNorm);
      case CONV_7X7_MAX_POOL -> StemSpec.conv7x7MaxPool(width).withBatchNorm(batchNorm);
      case OPAQUE -> StemSpec.OPAQUE;
    };
  }

  static BlockSpec.Layered block(JsonNode node) {
    return BlockSpec.builder(
            node.get("kind").constant(BlockKind.class), node.get("width").integer())
        .stride(node.get("stride").integer())
        .shortcut(node.get("shortcut").constant(Shortcut.class))
        .shortcutInput(
            node.find("shortcutInput")
                .map(child -> child.constant(ShortcutInput.class))
                .orElse(ShortcutInput.RAW))
        .leadingNorm(node.find("leadingNorm").map(JsonNode::bool).orElse(true))
        .maxPool(node.find("maxPool").map(JsonNode::bool).orElse(false))
        .build();
  }

  static HeadSpec head(JsonNode node) {
    int classes = node.get("classes").integer();
    int hidden = node.get("hidden").integer();
    HeadKind kind = node.get("kind").constant(HeadKind.class);
    if ((kind == HeadKind.HIDDEN_LINEAR) != (hidden > 0)) {
      throw node.get("hidden").error("is above 0 for HIDDEN_LINEAR and only there, got " + hidden);
    }
    return switch (kind) {
      case POOL_LINEAR -> HeadSpec.poolLinear(classes);
      case NORM_POOL_LINEAR -> HeadSpec.normPoolLinear(classes);
      case HIDDEN_LINEAR -> HeadSpec.hiddenLinear(hidden, classes);
      case OPAQUE -> HeadSpec.opaque(classes);
    };
  }
}
