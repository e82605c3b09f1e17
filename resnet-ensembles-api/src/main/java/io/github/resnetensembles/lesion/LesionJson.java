package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;

/**
 * Lesions as JSON: an array of their parts in order, such as {@code {"kind":"delete",
 * "blocks":[3,7]}}. The intact lesion has none.
 */
final class LesionJson implements JsonMapping<Lesion> {
  private final JsonMapping<Lesion> parts = JsonMappings.kinds(Lesion.class);

  @Override
  public JsonArray write(Lesion lesion) {
    JsonArray array = new JsonArray();
    Wirings.parts(lesion).forEach(part -> array.add(parts.write(part)));
    return array;
  }

  @Override
  public Lesion read(JsonNode node) {
    return Lesion.sequence(node.list(parts::read));
  }

  /** Names its block in a list, as the others do. */
  static final class Scale extends RecordMapping<Lesion.Scale> {
    Scale() {
      super(Lesion.Scale.class);
    }

    @Override
    protected Lesion.Scale readFields(JsonNode node) {
      return node.build(
          () ->
              new Lesion.Scale(
                  node.get("blocks").listOf(1).get(0).integer(), node.get("factor").number()));
    }
  }
}
