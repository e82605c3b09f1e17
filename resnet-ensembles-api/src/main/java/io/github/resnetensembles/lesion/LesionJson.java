package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Lesions as JSON: {@code {"kind":"delete","blocks":[3,7]}}; a sequence is an array of them. */
final class LesionJson implements JsonMapping<Lesion> {
  /** The lesion's parts in order; the intact lesion has none. */
  @Override
  public JsonArray write(Lesion lesion) {
    JsonArray parts = new JsonArray();
    Wirings.parts(lesion).forEach(part -> parts.add(part(part)));
    return parts;
  }

  private static JsonObject part(Lesion part) {
    if (part instanceof Lesion.Delete delete) {
      return blocks("delete", delete.blocks());
    }
    if (part instanceof Lesion.DeleteSkip deleteSkip) {
      return blocks("deleteSkip", deleteSkip.blocks());
    }
    if (part instanceof Lesion.Duplicate duplicate) {
      return blocks("duplicate", duplicate.blocks());
    }
    if (part instanceof Lesion.KeepOnly keepOnly) {
      return blocks("keepOnly", keepOnly.blocks());
    }
    if (part instanceof Lesion.Order order) {
      return blocks("order", order.blocks());
    }
    if (part instanceof Lesion.Scale scale) {
      JsonObject json = blocks("scale", List.of(scale.block()));
      json.addProperty("factor", scale.factor());
      return json;
    }
    if (part instanceof Lesion.Swap swap) {
      JsonObject json = new JsonObject();
      json.addProperty("kind", "swap");
      JsonArray pairs = new JsonArray();
      swap.pairs().forEach(pair -> pairs.add(JsonNode.array(List.of(pair.first(), pair.second()))));
      json.add("pairs", pairs);
      return json;
    }
    if (part instanceof Lesion.Mean mean) {
      JsonObject json = blocks("mean", mean.blocks());
      json.add("reference", reference(mean.reference()));
      return json;
    }
    if (part instanceof Lesion.Resample resample) {
      JsonObject json = blocks("resample", resample.blocks());
      json.add("reference", reference(resample.reference()));
      json.addProperty("seed", resample.seed());
      return json;
    }
    throw new IllegalStateException("no part of a lesion: " + part);
  }

  private static JsonObject blocks(String kind, Iterable<Integer> blocks) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind);
    json.add("blocks", JsonNode.array(blocks));
    return json;
  }

  private static JsonObject reference(ReferenceSet reference) {
    JsonObject json = new JsonObject();
    json.addProperty("sha256", reference.sha256());
    json.addProperty("offset", reference.offset());
    json.addProperty("count", reference.count());
    return json;
  }

  @Override
  public Lesion read(JsonNode node) {
    return Lesion.sequence(node.list(part -> part.build(() -> readPart(part))));
  }

  private static Lesion readPart(JsonNode part) {
    JsonNode kind = part.get("kind");
    return switch (kind.text()) {
      case "delete" -> new Lesion.Delete(blocks(part));
      case "deleteSkip" -> new Lesion.DeleteSkip(blocks(part));
      case "duplicate" -> new Lesion.Duplicate(blocks(part));
      case "keepOnly" -> new Lesion.KeepOnly(blocks(part));
      case "order" -> new Lesion.Order(part.get("blocks").list(JsonNode::integer));
      case "scale" -> {
        List<Integer> block = part.get("blocks").list(JsonNode::integer);
        if (block.size() != 1) {
          throw part.get("blocks").error("must name one block");
        }
        yield new Lesion.Scale(block.get(0), part.get("factor").number());
      }
      case "swap" -> new Lesion.Swap(part.get("pairs").list(LesionJson::readPair));
      case "mean" -> new Lesion.Mean(blocks(part), readReference(part.get("reference")));
      case "resample" ->
          new Lesion.Resample(
              blocks(part), readReference(part.get("reference")), part.get("seed").longInteger());
      default ->
          throw kind.error(
              "must be delete, deleteSkip, scale, duplicate, swap, order, keepOnly, mean or"
                  + " resample, got '"
                  + Names.shorten(kind.text())
                  + "'");
    };
  }

  private static Set<Integer> blocks(JsonNode part) {
    return new TreeSet<>(part.get("blocks").list(JsonNode::integer));
  }

  private static Lesion.Pair readPair(JsonNode node) {
    List<Integer> numbers = node.list(JsonNode::integer);
    if (numbers.size() != 2) {
      throw node.error("must be two block numbers");
    }
    return node.build(() -> new Lesion.Pair(numbers.get(0), numbers.get(1)));
  }

  private static ReferenceSet readReference(JsonNode node) {
    return node.build(
        () ->
            new ReferenceSet(
                node.get("sha256").text(),
                node.get("offset").integer(),
                node.get("count").integer()));
  }
}
