package io.github.resnetensembles.training;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Recipes as JSON: what is not bounded is null. */
final class RecipeJson extends RecordMapping<Recipe> {
  RecipeJson() {
    super(Recipe.class);
  }

  @Override
  protected @Nullable Object missing(String field, Type fieldType, JsonNode node) {
    return switch (field) {
      case "clipNorm" -> Double.POSITIVE_INFINITY;
      case "lengths" -> TrainedLengths.all();
      default -> super.missing(field, fieldType, node);
    };
  }

  /** Ranges of lengths; null is all of them. */
  static final class Lengths implements JsonMapping<TrainedLengths> {
    @Override
    public JsonElement write(TrainedLengths lengths) {
      if (lengths.unrestricted()) {
        return JsonNull.INSTANCE;
      }
      JsonObject json = new JsonObject();
      json.addProperty("from", lengths.from());
      json.addProperty("to", lengths.to());
      return json;
    }

    @Override
    public TrainedLengths read(JsonNode node) {
      return node.build(
          () -> new TrainedLengths(node.get("from").integer(), node.get("to").integer()));
    }
  }
}
