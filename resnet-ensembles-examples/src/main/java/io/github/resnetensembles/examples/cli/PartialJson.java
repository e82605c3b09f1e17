package io.github.resnetensembles.examples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Tally;

/** Marks the JSON of a result that was interrupted. */
final class PartialJson {
  private PartialJson() {}

  /** Values over the images that were finished. */
  static String of(BlockValues values) {
    JsonObject json = JsonParser.parseString(values.toJson()).getAsJsonObject();
    mark(json, values.report().baseline());
    return json.toString();
  }

  /** Says that the result is not complete, and which records it is of: those of this row. */
  static void mark(JsonObject json, LesionRow row) {
    JsonArray records = new JsonArray();
    for (Tally tally : row.tallies()) {
      JsonArray range = new JsonArray();
      range.add(tally.from());
      range.add(tally.end());
      records.add(range);
    }
    json.addProperty("complete", false);
    json.add("records", records);
  }
}
