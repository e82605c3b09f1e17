package io.github.resnetensembles.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Architectures as JSON. Equal blocks in a row stand there once, with their number; a block's
 * fields that have their usual value are left out. Texts of before the layers were data are read,
 * too.
 */
final class ArchitectureJson implements JsonMapping<Architecture> {
  /** More blocks than any network has, fewer than fill the memory. */
  private static final int MOST_BLOCKS = 100_000;

  @Override
  public JsonObject write(Architecture architecture) {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", architecture.name());
    tree.add("input", JsonNode.tree(InputSpec.class, architecture.input()));
    tree.add("stem", JsonNode.tree(StemSpec.class, architecture.stem()));
    tree.add("blocks", blocks(architecture.blockSpecs()));
    tree.add("head", JsonNode.tree(HeadSpec.class, architecture.head()));
    tree.addProperty("batchNormEpsilon", architecture.batchNormEpsilon());
    return tree;
  }

  private static JsonArray blocks(List<BlockSpec> specs) {
    JsonArray blocks = new JsonArray();
    int end;
    for (int first = 0; first < specs.size(); first = end) {
      BlockSpec spec = specs.get(first);
      end = first + 1;
      while (end < specs.size() && specs.get(end).equals(spec)) {
        end++;
      }
      JsonObject json = block(spec);
      if (end - first > 1) {
        json.addProperty("repeat", end - first);
      }
      blocks.add(json);
    }
    return blocks;
  }

  private static JsonObject block(BlockSpec spec) {
    JsonObject json = new JsonObject();
    if (spec instanceof BlockSpec.Opaque own) {
      json.add("input", shape(own.input()));
      json.add("output", shape(own.output()));
    } else {
      BlockSpec.Layered block = (BlockSpec.Layered) spec;
      addLayers(json, "lead", block.lead());
      addLayers(json, "branch", block.branch());
      addLayers(json, "skip", block.skip());
      addLayers(json, "post", block.post());
    }
    if (spec.plain()) {
      json.addProperty("plain", true);
    }
    if (spec.gain() != 1) {
      json.addProperty("gain", spec.gain());
    }
    return json;
  }

  private static void addLayers(JsonObject json, String part, List<Layer> layers) {
    if (!layers.isEmpty()) {
      json.add(part, layers(layers));
    }
  }

  private static JsonArray layers(List<Layer> layers) {
    JsonArray array = new JsonArray();
    layers.forEach(layer -> array.add(JsonNode.tree(Layer.class, layer)));
    return array;
  }

  private static JsonArray shape(FeatureShape shape) {
    return JsonNode.array(List.of(shape.channels(), shape.height(), shape.width()));
  }

  @Override
  public Architecture read(JsonNode node) {
    JsonNode input = node.get("input");
    JsonNode stem = node.get("stem");
    JsonNode head = node.get("head");
    return node.build(
        () ->
            new DescribedArchitecture(
                node.get("name").text(),
                input.as(InputSpec.class),
                stem.has("kind")
                    ? stem.build(() -> EarlierJson.stem(stem))
                    : stem.as(StemSpec.class),
                readBlocks(node.get("blocks")),
                head.has("kind")
                    ? head.build(() -> EarlierJson.head(head))
                    : head.as(HeadSpec.class),
                node.get("batchNormEpsilon").number()));
  }

  private static List<BlockSpec> readBlocks(JsonNode node) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (JsonNode child : node.list()) {
      int repeat = child.find("repeat").map(JsonNode::integer).orElse(1);
      if (repeat < 1 || repeat > MOST_BLOCKS - blocks.size()) {
        throw child
            .get("repeat")
            .error("must be positive, and a network has at most " + MOST_BLOCKS + " blocks");
      }
      blocks.addAll(Collections.nCopies(repeat, readBlock(child)));
    }
    return blocks;
  }

  private static BlockSpec readBlock(JsonNode node) {
    return node.<BlockSpec>build(() -> blockOf(node));
  }

  private static BlockSpec blockOf(JsonNode node) {
    boolean plain = node.find("plain").map(JsonNode::bool).orElse(false);
    double gain = node.find("gain").map(JsonNode::number).orElse(1.0);
    if (node.has("kind")) {
      return EarlierJson.block(node).withPlain(plain).withGain(gain);
    }
    if (node.has("input")) {
      FeatureShape input = readShape(node.get("input"));
      return new BlockSpec.Opaque(input, readShape(node.get("output")), plain, gain);
    }
    return new BlockSpec.Layered(
        readLayers(node, "lead"),
        readLayers(node, "branch"),
        readLayers(node, "skip"),
        readLayers(node, "post"),
        plain,
        gain);
  }

  private static List<Layer> readLayers(JsonNode node, String part) {
    return node.find(part)
        .map(layers -> layers.list(layer -> layer.as(Layer.class)))
        .orElse(List.of());
  }

  private static FeatureShape readShape(JsonNode node) {
    List<Integer> sizes = node.list(JsonNode::integer);
    if (sizes.size() != 3) {
      throw node.error("must have three sizes: channels, height, width");
    }
    return node.build(() -> new FeatureShape(sizes.get(0), sizes.get(1), sizes.get(2)));
  }
}
