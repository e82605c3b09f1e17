package io.github.resnetensembles.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.training.TrainingRecipe.DroppedBlocks;
import java.util.Locale;

/** Recipes as JSON. */
final class RecipeJson {
  private RecipeJson() {}

  static String write(TrainingRecipe recipe) {
    return JsonNode.write(tree(recipe));
  }

  static TrainingRecipe parse(String json) {
    return read(JsonNode.parse(json, "the recipe"));
  }

  static JsonObject tree(TrainingRecipe recipe) {
    JsonObject json = new JsonObject();
    json.addProperty("epochs", recipe.epochs());
    json.addProperty("batchSize", recipe.batchSize());
    json.add("learningRate", rate(recipe.learningRate()));
    json.addProperty("momentum", recipe.momentum());
    json.addProperty("nesterov", recipe.nesterov());
    json.addProperty("weightDecay", recipe.weightDecay());
    json.add("clipNorm", finite(recipe.clipNorm()));
    json.addProperty("labelSmoothing", recipe.labelSmoothing());
    JsonObject augmentation = new JsonObject();
    augmentation.addProperty("flip", recipe.augmentation().flip());
    augmentation.addProperty("cropPadding", recipe.augmentation().cropPadding());
    json.add("augmentation", augmentation);
    json.add("wiring", wiring(recipe.wiring()));
    json.add("lengths", lengths(recipe.lengths()));
    json.addProperty("droppedBlocks", recipe.droppedBlocks().name());
    json.addProperty("batchNormMomentum", recipe.batchNormMomentum());
    json.addProperty("seed", recipe.seed());
    return json;
  }

  static TrainingRecipe read(JsonNode node) {
    JsonNode augmentation = node.get("augmentation");
    return node.build(
        () ->
            new TrainingRecipe(
                node.get("epochs").integer(),
                node.get("batchSize").integer(),
                readRate(node.get("learningRate")),
                node.get("momentum").number(),
                node.get("nesterov").bool(),
                node.get("weightDecay").number(),
                node.find("clipNorm").map(JsonNode::number).orElse(Double.POSITIVE_INFINITY),
                node.get("labelSmoothing").number(),
                new Augmentation(
                    augmentation.get("flip").bool(), augmentation.get("cropPadding").integer()),
                readWiring(node.get("wiring")),
                node.find("lengths").map(RecipeJson::readLengths).orElse(TrainedLengths.all()),
                node.get("droppedBlocks").constant(DroppedBlocks.class),
                node.get("batchNormMomentum").number(),
                node.get("seed").longInteger()));
  }

  /** Infinity is no JSON: null stands for no bound. */
  private static JsonElement finite(double value) {
    return Double.isInfinite(value) ? JsonNull.INSTANCE : new JsonPrimitive(value);
  }

  private static JsonObject kind(Object value) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", value.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    return json;
  }

  private static JsonObject rate(LearningRate rate) {
    JsonObject json = kind(rate);
    if (rate instanceof LearningRate.Piecewise piecewise) {
      json.addProperty("first", piecewise.first());
      JsonArray changes = new JsonArray();
      for (LearningRate.Change change : piecewise.changes()) {
        JsonObject one = new JsonObject();
        one.addProperty("epoch", change.epoch());
        one.addProperty("rate", change.rate());
        changes.add(one);
      }
      json.add("changes", changes);
    } else if (rate instanceof LearningRate.Cosine cosine) {
      json.addProperty("peak", cosine.peak());
      json.addProperty("last", cosine.last());
    } else if (rate instanceof LearningRate.OneCycle cycle) {
      json.addProperty("peak", cycle.peak());
      json.addProperty("upShare", cycle.upShare());
      json.addProperty("divisor", cycle.divisor());
      json.addProperty("finalDivisor", cycle.finalDivisor());
    } else if (rate instanceof LearningRate.WarmUp warmUp) {
      json.addProperty("epochs", warmUp.epochs());
      json.add("then", rate(warmUp.then()));
    }
    return json;
  }

  private static LearningRate readRate(JsonNode node) {
    return node.<LearningRate>build(() -> rateOfKind(node));
  }

  private static LearningRate rateOfKind(JsonNode node) {
    return switch (node.get("kind").text()) {
      case "piecewise" ->
          new LearningRate.Piecewise(
              node.get("first").number(),
              node.get("changes")
                  .list(
                      change ->
                          new LearningRate.Change(
                              change.get("epoch").integer(), change.get("rate").number())));
      case "cosine" ->
          new LearningRate.Cosine(node.get("peak").number(), node.get("last").number());
      case "onecycle" ->
          new LearningRate.OneCycle(
              node.get("peak").number(),
              node.get("upShare").number(),
              node.get("divisor").number(),
              node.get("finalDivisor").number());
      case "warmup" ->
          new LearningRate.WarmUp(readRate(node.get("then")), node.get("epochs").number());
      default -> throw node.get("kind").error("is no known learning rate");
    };
  }

  private static JsonObject wiring(TrainingWiring wiring) {
    JsonObject json = kind(wiring);
    if (wiring instanceof TrainingWiring.StochasticDepth depth) {
      json.addProperty("last", depth.last());
      json.addProperty("curve", depth.curve().name());
      json.addProperty("drawFor", depth.drawFor().name());
      json.addProperty("scaling", depth.scaling().name());
    } else if (wiring instanceof TrainingWiring.ExactlyKept kept) {
      json.addProperty("blocks", kept.blocks());
      json.addProperty("always", kept.always().toString());
      json.addProperty("scaling", kept.scaling().name());
    }
    return json;
  }

  private static TrainingWiring readWiring(JsonNode node) {
    return node.<TrainingWiring>build(() -> wiringOfKind(node));
  }

  private static TrainingWiring wiringOfKind(JsonNode node) {
    return switch (node.get("kind").text()) {
      case "allblocks" -> TrainingWiring.allBlocks();
      case "stochasticdepth" ->
          new TrainingWiring.StochasticDepth(
              node.get("last").number(),
              node.get("curve").constant(TrainingWiring.SurvivalCurve.class),
              node.get("drawFor").constant(TrainingWiring.DrawFor.class),
              node.get("scaling").constant(TrainingWiring.SurvivalScaling.class));
      case "exactlykept" ->
          new TrainingWiring.ExactlyKept(
              node.get("blocks").integer(),
              Exclusion.parse(node.get("always").text()),
              node.get("scaling").constant(TrainingWiring.KeptScaling.class));
      default -> throw node.get("kind").error("is no known wiring");
    };
  }

  private static JsonElement lengths(TrainedLengths lengths) {
    if (lengths.unrestricted()) {
      return JsonNull.INSTANCE;
    }
    JsonObject json = new JsonObject();
    json.addProperty("from", lengths.from());
    json.addProperty("to", lengths.to());
    return json;
  }

  private static TrainedLengths readLengths(JsonNode node) {
    return node.build(
        () -> new TrainedLengths(node.get("from").integer(), node.get("to").integer()));
  }
}
