package io.github.resnetensembles.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.List;

/** Architectures as JSON. A block's fields that have their usual value are left out. */
final class ArchitectureJson implements JsonMapping<Architecture> {
  @Override
  public JsonObject write(Architecture architecture) {
    InputSpec input = architecture.input();
    JsonObject in = new JsonObject();
    in.addProperty("channels", input.channels());
    in.addProperty("height", input.height());
    in.addProperty("width", input.width());
    in.addProperty("padding", input.padding());
    in.add("mean", JsonNode.array(input.mean()));
    in.add("std", JsonNode.array(input.std()));

    JsonObject stem = new JsonObject();
    stem.addProperty("kind", architecture.stem().kind().name());
    stem.addProperty("width", architecture.stem().width());
    stem.addProperty("batchNorm", architecture.stem().batchNorm());

    JsonArray blocks = new JsonArray();
    architecture.blockSpecs().forEach(spec -> blocks.add(block(spec)));

    JsonObject head = new JsonObject();
    head.addProperty("kind", architecture.head().kind().name());
    head.addProperty("hidden", architecture.head().hidden());
    head.addProperty("classes", architecture.head().classes());

    JsonObject tree = new JsonObject();
    tree.addProperty("name", architecture.name());
    tree.add("input", in);
    tree.add("stem", stem);
    tree.add("blocks", blocks);
    tree.add("head", head);
    tree.addProperty("batchNormEpsilon", architecture.batchNormEpsilon());
    return tree;
  }

  private static JsonObject block(BlockSpec spec) {
    JsonObject json = new JsonObject();
    if (spec instanceof BlockSpec.Opaque own) {
      json.add("input", shape(own.input()));
      json.add("output", shape(own.output()));
    } else {
      BlockSpec.Layered block = (BlockSpec.Layered) spec;
      json.addProperty("kind", block.kind().name());
      json.addProperty("width", block.width());
      json.addProperty("stride", block.stride());
      json.addProperty("shortcut", block.shortcut().name());
      if (block.shortcutInput() != ShortcutInput.RAW) {
        json.addProperty("shortcutInput", block.shortcutInput().name());
      }
      if (!block.leadingNorm()) {
        json.addProperty("leadingNorm", false);
      }
      if (block.maxPool()) {
        json.addProperty("maxPool", true);
      }
    }
    if (spec.plain()) {
      json.addProperty("plain", true);
    }
    if (spec.gain() != 1) {
      json.addProperty("gain", spec.gain());
    }
    return json;
  }

  private static JsonArray shape(FeatureShape shape) {
    return JsonNode.array(List.of(shape.channels(), shape.height(), shape.width()));
  }

  @Override
  public Architecture read(JsonNode node) {
    JsonNode in = node.get("input");
    JsonNode stem = node.get("stem");
    JsonNode head = node.get("head");
    return node.build(
        () ->
            new DescribedArchitecture(
                node.get("name").text(),
                in.build(
                    () ->
                        new InputSpec(
                            in.get("channels").integer(),
                            in.get("height").integer(),
                            in.get("width").integer(),
                            in.get("padding").integer(),
                            in.get("mean").list(JsonNode::number),
                            in.get("std").list(JsonNode::number))),
                stem.build(
                    () ->
                        new StemSpec(
                            stem.get("kind").constant(StemSpec.Kind.class),
                            stem.get("width").integer(),
                            stem.get("batchNorm").bool())),
                node.get("blocks").list(ArchitectureJson::readBlock),
                head.build(
                    () ->
                        new HeadSpec(
                            head.get("kind").constant(HeadSpec.Kind.class),
                            head.get("hidden").integer(),
                            head.get("classes").integer())),
                node.get("batchNormEpsilon").number()));
  }

  private static BlockSpec readBlock(JsonNode node) {
    boolean plain = node.find("plain").map(JsonNode::bool).orElse(false);
    double gain = node.find("gain").map(JsonNode::number).orElse(1.0);
    if (node.find("kind").isEmpty()) {
      return node.build(
          () ->
              new BlockSpec.Opaque(
                  readShape(node.get("input")), readShape(node.get("output")), plain, gain));
    }
    return node.build(
        () ->
            new BlockSpec.Layered(
                node.get("kind").constant(BlockKind.class),
                node.get("width").integer(),
                node.get("stride").integer(),
                node.get("shortcut").constant(Shortcut.class),
                node.find("shortcutInput")
                    .map(child -> child.constant(ShortcutInput.class))
                    .orElse(ShortcutInput.RAW),
                node.find("leadingNorm").map(JsonNode::bool).orElse(true),
                plain,
                node.find("maxPool").map(JsonNode::bool).orElse(false),
                gain));
  }

  private static FeatureShape readShape(JsonNode node) {
    List<Integer> sizes = node.list(JsonNode::integer);
    if (sizes.size() != 3) {
      throw node.error("must have three sizes: channels, height, width");
    }
    return node.build(() -> new FeatureShape(sizes.get(0), sizes.get(1), sizes.get(2)));
  }
}
