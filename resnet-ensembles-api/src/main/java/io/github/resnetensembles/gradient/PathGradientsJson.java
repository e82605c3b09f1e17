package io.github.resnetensembles.gradient;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.gradient.BatchGradients.ParameterGradients;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.BatchGradients.SignSum;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.result.Provenance;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Gradients by path length as JSON. What is summarised ({@code lengths}, {@code effective} …) is
 * there for readers; only the protocol and the measurements of each batch are read back. A number
 * that is not finite is null.
 */
final class PathGradientsJson {
  private static final String KIND = "path-gradients";
  private static final int SCHEMA = 1;

  private PathGradientsJson() {}

  static String write(PathGradients gradients, double mass) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("view", gradients.view().toString());
    json.add("viewOperations", JsonNode.tree(Lesion.class, gradients.view()));
    json.add("protocol", protocol(gradients.protocol()));
    summarise(gradients, mass, json);
    JsonArray batches = new JsonArray();
    gradients.batches().forEach(batch -> batches.add(batch(batch)));
    json.add("batches", batches);
    json.addProperty("plannedBatches", gradients.plannedBatches());
    json.addProperty("leftOut", gradients.leftOut());
    json.add("cost", cost(gradients.cost()));
    json.add("provenance", JsonNode.tree(Provenance.class, gradients.provenance()));
    return JsonNode.write(json);
  }

  private static void summarise(PathGradients gradients, double mass, JsonObject json) {
    json.add("loss", number(gradients.loss()));
    json.add("fullNorm", number(gradients.fullNorm()));
    json.add("reaching", numbers(gradients.reaching()));
    if (gradients.protocol().measurement() instanceof GradientMeasurement.SinglePath single) {
      json.add("path", JsonNode.array(single.path().blocks()));
      add(json, "norm", gradients.pathNorm());
      return;
    }
    JsonArray lengths = new JsonArray();
    gradients.lengths().forEach(row -> lengths.add(length(row)));
    json.add("lengths", lengths);
    add(json, "residual", gradients.residual());
    json.addProperty("verified", gradients.verified());
    try {
      json.add("effective", effective(gradients.effectiveLengths(mass)));
    } catch (UnverifiedGradientsException e) {
      json.add("effective", JsonNull.INSTANCE);
      json.addProperty("refused", e.getMessage());
    }
    gradients
        .decay()
        .ifPresent(
            decay -> {
              JsonObject line = new JsonObject();
              line.add("slope", number(decay.slope()));
              line.add("r2", number(decay.r2()));
              line.addProperty("lengths", decay.lengths());
              json.add("decay", line);
            });
  }

  private static JsonObject effective(EffectiveLengths lengths) {
    JsonObject json = new JsonObject();
    json.addProperty("from", lengths.from());
    json.addProperty("to", lengths.to());
    json.addProperty("mass", lengths.mass());
    json.addProperty("pathShare", lengths.pathShare());
    return json;
  }

  private static JsonObject length(LengthGradient row) {
    JsonObject json = new JsonObject();
    json.addProperty("length", row.length());
    json.addProperty("paths", row.paths().toString());
    add(json, "pathSumNorm", row.pathSumNorm());
    add(json, "share", row.share());
    add(json, "meanPathNorm", row.meanPathNorm());
    add(json, "rmsPathNorm", row.rmsPathNorm());
    add(json, "cancellation", row.cancellation());
    add(json, "imageNorm", row.imageNorm());
    json.add("weight", number(row.weight()));
    row.interval()
        .ifPresent(
            interval -> {
              json.addProperty("low", interval.low());
              json.addProperty("high", interval.high());
            });
    return json;
  }

  private static JsonObject protocol(GradientProtocol protocol) {
    JsonObject json = new JsonObject();
    GradientMeasurement measurement = protocol.measurement();
    if (measurement instanceof GradientMeasurement.SampledPaths sampled) {
      json.addProperty("mode", "sampled");
      json.addProperty("pathsPerLength", sampled.pathsPerLength());
    } else if (measurement instanceof GradientMeasurement.RandomSigns signs) {
      json.addProperty("mode", "signs");
      json.addProperty("draws", signs.draws());
    } else if (measurement instanceof GradientMeasurement.SinglePath single) {
      json.addProperty("mode", "path");
      json.add("path", JsonNode.array(single.path().blocks()));
    } else {
      json.addProperty("mode", "exact");
    }
    json.addProperty("place", protocol.place().name());
    json.addProperty("batchNorm", protocol.batchNorm().name());
    json.addProperty("tolerance", protocol.tolerance());
    protocol.maxLength().ifPresent(length -> json.addProperty("maxLength", length));
    json.addProperty("seed", protocol.seed());
    json.addProperty("parameters", protocol.parameters());
    protocol.precision().ifPresent(precision -> json.addProperty("precision", precision));
    return json;
  }

  private static JsonObject cost(GradientCost cost) {
    JsonObject json = new JsonObject();
    json.addProperty("blockVjps", cost.blockVjps());
    json.addProperty("blockVjpsWithoutSharing", cost.blockVjpsWithoutSharing());
    json.addProperty("batches", cost.batches());
    json.addProperty("cotangents", cost.cotangents());
    json.addProperty("cotangentValues", cost.cotangentValues());
    return json;
  }

  private static JsonObject batch(BatchGradients batch) {
    JsonObject json = new JsonObject();
    json.addProperty("firstRecord", batch.firstRecord());
    json.addProperty("images", batch.images());
    json.add("loss", number(batch.loss()));
    json.add("fullNorm", number(batch.fullNorm()));
    add(json, "residual", batch.residual());
    json.add("reaching", numbers(batch.reaching()));
    json.add("sums", array(batch.sums(), PathGradientsJson::sum));
    json.add("samples", array(batch.samples(), PathGradientsJson::sample));
    json.add("signSums", array(batch.signSums(), PathGradientsJson::signSum));
    add(json, "pathNorm", batch.pathNorm());
    json.add("parameters", array(batch.parameters(), PathGradientsJson::parameters));
    return json;
  }

  private static JsonObject sum(PathSum sum) {
    JsonObject json = new JsonObject();
    json.addProperty("length", sum.length());
    json.add("norm", number(sum.norm()));
    json.add("share", number(sum.share()));
    json.add("imageNorm", number(sum.imageNorm()));
    return json;
  }

  private static JsonObject sample(PathSample sample) {
    JsonObject json = new JsonObject();
    json.addProperty("length", sample.length());
    json.addProperty("paths", sample.paths());
    json.add("meanNorm", number(sample.meanNorm()));
    json.add("standardError", number(sample.standardError()));
    json.add("imageMeanNorm", number(sample.imageMeanNorm()));
    return json;
  }

  private static JsonObject signSum(SignSum sum) {
    JsonObject json = new JsonObject();
    json.addProperty("length", sum.length());
    json.add("squares", number(sum.squares()));
    json.add("standardError", number(sum.standardError()));
    return json;
  }

  private static JsonObject parameters(ParameterGradients gradients) {
    JsonObject json = new JsonObject();
    json.addProperty("block", gradients.block());
    json.add("fullNorm", number(gradients.fullNorm()));
    json.add("norms", numbers(gradients.norms()));
    json.add("shares", numbers(gradients.shares()));
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonObject> write) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(write.apply(item)));
    return array;
  }

  private static JsonArray numbers(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(number(value)));
    return array;
  }

  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  /** What was not measured is absent; what was, but is not finite, is null. */
  private static void add(JsonObject json, String field, OptionalDouble value) {
    if (value.isPresent()) {
      json.add(field, number(value.getAsDouble()));
    }
  }

  static PathGradients parse(String text) {
    JsonNode node = JsonNode.parse(text, "the gradients");
    if (node.find("kind").filter(kind -> kind.text().equals(KIND)).isEmpty()) {
      throw node.error("are no gradients by path length: the field 'kind' is not '" + KIND + "'");
    }
    if (node.get("schema").integer() != SCHEMA) {
      throw node.get("schema").error("must be " + SCHEMA);
    }
    JsonNode cost = node.get("cost");
    return node.build(
        () ->
            new PathGradients(
                node.get("viewOperations").as(Lesion.class),
                readProtocol(node.get("protocol")),
                node.get("batches").list(PathGradientsJson::readBatch),
                node.get("plannedBatches").integer(),
                node.find("leftOut").map(JsonNode::integer).orElse(0),
                new GradientCost(
                    cost.get("blockVjps").longInteger(),
                    cost.get("blockVjpsWithoutSharing").longInteger(),
                    cost.get("batches").integer(),
                    cost.get("cotangents").integer(),
                    cost.get("cotangentValues").integer()),
                node.get("provenance").as(Provenance.class)));
  }

  private static GradientProtocol readProtocol(JsonNode node) {
    JsonNode mode = node.get("mode");
    GradientMeasurement measurement =
        switch (mode.text()) {
          case "exact" -> new GradientMeasurement.ExactSums();
          case "sampled" ->
              node.build(
                  () -> new GradientMeasurement.SampledPaths(node.get("pathsPerLength").integer()));
          case "signs" ->
              node.build(() -> new GradientMeasurement.RandomSigns(node.get("draws").integer()));
          case "path" ->
              node.build(
                  () ->
                      new GradientMeasurement.SinglePath(
                          ResidualPath.of(node.get("path").list(JsonNode::integer))));
          default -> throw mode.error("must be exact, sampled, signs or path");
        };
    return node.build(
        () ->
            new GradientProtocol(
                measurement,
                node.get("place").constant(GradientPlace.class),
                node.get("batchNorm").constant(BatchNormMode.class),
                node.get("tolerance").number(),
                node.find("maxLength")
                    .map(length -> OptionalInt.of(length.integer()))
                    .orElse(OptionalInt.empty()),
                node.get("seed").longInteger(),
                node.get("parameters").bool(),
                node.find("precision")
                    .map(precision -> OptionalDouble.of(precision.number()))
                    .orElse(OptionalDouble.empty())));
  }

  private static BatchGradients readBatch(JsonNode node) {
    return new BatchGradients(
        node.get("firstRecord").integer(),
        node.get("images").integer(),
        readNumber(node, "loss"),
        readNumber(node, "fullNorm"),
        readOptional(node, "residual"),
        readNumbers(node, "reaching"),
        node.get("sums")
            .list(
                sum ->
                    new PathSum(
                        sum.get("length").integer(),
                        readNumber(sum, "norm"),
                        readNumber(sum, "share"),
                        readNumber(sum, "imageNorm"))),
        node.get("samples")
            .list(
                sample ->
                    new PathSample(
                        sample.get("length").integer(),
                        sample.get("paths").integer(),
                        readNumber(sample, "meanNorm"),
                        readNumber(sample, "standardError"),
                        readNumber(sample, "imageMeanNorm"))),
        node.get("signSums")
            .list(
                sum ->
                    new SignSum(
                        sum.get("length").integer(),
                        readNumber(sum, "squares"),
                        readNumber(sum, "standardError"))),
        readOptional(node, "pathNorm"),
        node.get("parameters")
            .list(
                gradients ->
                    new ParameterGradients(
                        gradients.get("block").integer(),
                        readNumber(gradients, "fullNorm"),
                        readNumbers(gradients, "norms"),
                        readNumbers(gradients, "shares"))));
  }

  private static double readNumber(JsonNode node, String field) {
    return node.find(field).map(JsonNode::number).orElse(Double.NaN);
  }

  private static List<Double> readNumbers(JsonNode node, String field) {
    return node.get(field).list(JsonNode::numberOrNan);
  }

  /** A field that is there but null was measured and is no number. */
  private static OptionalDouble readOptional(JsonNode node, String field) {
    return node.has(field) ? OptionalDouble.of(readNumber(node, field)) : OptionalDouble.empty();
  }
}
