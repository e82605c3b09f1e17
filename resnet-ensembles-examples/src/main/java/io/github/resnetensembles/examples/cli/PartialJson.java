package io.github.resnetensembles.examples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Tally;

/** Marks the JSON of a result that was interrupted. */
final class PartialJson {
  private PartialJson() {}

  /** Says that the result is not complete, and which records it is of: those of this row. */
  static void mark(JsonObject json, LesionRow row) {
    JsonArray records = new JsonArray();
    for (Tally tally : row.tallies()) {
      JsonArray range = new JsonArray();
      range.add(tally.from());
      range.add(tally.to());
      records.add(range);
    }
    json.addProperty("complete", false);
    json.add("records", records);
  }
}
