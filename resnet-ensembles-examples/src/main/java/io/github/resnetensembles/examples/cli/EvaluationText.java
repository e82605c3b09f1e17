package io.github.resnetensembles.examples.cli;

import com.google.common.base.Joiner;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An evaluation as JSON and CSV. */
final class EvaluationText {
  private static final Gson NULLS_TOO = new GsonBuilder().serializeNulls().create();

  private static final Joiner COMMA = Joiner.on(',');

  private EvaluationText() {}

  /**
   * The evaluation, with the logits and the values of single images if there are any; numbers that
   * are none are null. One that was interrupted says so, and which records it is of.
   */
  static String json(Evaluation evaluation, double[][] logits, boolean complete) {
    List<ImageLine> images = lines(evaluation.row());
    if (logits.length == 0 && images.isEmpty() && complete) {
      return evaluation.toJson() + "\n";
    }
    JsonObject json = JsonParser.parseString(evaluation.toJson()).getAsJsonObject();
    JsonElement provenance = json.remove("provenance");
    if (!complete) {
      PartialJson.mark(json, evaluation.row());
    }
    if (!images.isEmpty()) {
      JsonArray array = new JsonArray();
      images.forEach(image -> array.add(image.toJson()));
      json.add("images", array);
    }
    if (logits.length > 0) {
      json.add("logits", rows(logits));
    }
    json.add("provenance", provenance);
    return NULLS_TOO.toJson(json) + "\n";
  }

  /** The logits of images without labels, the first of which is a record of this number. */
  static String json(
      Provenance provenance, String lesion, int firstRecord, double[][] logits, boolean complete) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", 1);
    json.addProperty("kind", "logits");
    json.addProperty("lesion", lesion);
    if (!complete) {
      json.addProperty("complete", false);
    }
    JsonArray range = new JsonArray();
    range.add(firstRecord);
    range.add(firstRecord + logits.length);
    JsonArray records = new JsonArray();
    records.add(range);
    json.add("records", records);
    json.add("logits", rows(logits));
    json.add("provenance", JsonParser.parseString(provenance.toJson()));
    return NULLS_TOO.toJson(json) + "\n";
  }

  private static JsonArray rows(double[][] logits) {
    JsonArray rows = new JsonArray();
    for (double[] image : logits) {
      rows.add(row(image));
    }
    return rows;
  }

  /** How one image did. */
  private record ImageLine(
      int record, boolean correct, Optional<Boolean> top5, double loss, double margin) {
    JsonObject toJson() {
      JsonObject json = new JsonObject();
      json.addProperty("record", record);
      json.addProperty("correct", correct);
      top5.ifPresent(among -> json.addProperty("top5", among));
      json.add("loss", number(loss));
      json.add("margin", number(margin));
      return json;
    }

    String toCsv() {
      List<Object> cells = new ArrayList<>(List.of(record, correct));
      top5.ifPresent(cells::add);
      cells.add(Double.isFinite(loss) ? unsignedZero(loss) : "");
      cells.add(Double.isFinite(margin) ? unsignedZero(margin) : "");
      return COMMA.join(cells);
    }
  }

  /** The images of which loss and margin were kept. */
  private static List<ImageLine> lines(LesionRow row) {
    List<ImageLine> lines = new ArrayList<>();
    for (Tally tally : row.tallies()) {
      if (tally.imageValues().isEmpty()) {
        return List.of();
      }
      double[] losses = tally.imageValues().get().lossValues();
      double[] margins = tally.imageValues().get().marginValues();
      BitSet correct = tally.correct();
      Optional<BitSet> top5 = tally.top5();
      BitSet skipped = tally.skipped();
      int bit = skipped.nextClearBit(0);
      for (int i = 0; i < losses.length; i++) {
        int image = bit;
        lines.add(
            new ImageLine(
                tally.from() + image,
                correct.get(image),
                top5.map(bits -> bits.get(image)),
                losses[i],
                margins[i]));
        bit = skipped.nextClearBit(bit + 1);
      }
    }
    return lines;
  }

  /**
   * One line, in which what says nothing of most evaluations is there where it does; or one for
   * each image, where their values were kept.
   */
  static String csv(Evaluation evaluation) {
    List<ImageLine> images = lines(evaluation.row());
    if (!images.isEmpty()) {
      String head = images.get(0).top5().isPresent() ? "correct,top5," : "correct,";
      return "record,"
          + head
          + "loss,margin\n"
          + images.stream().map(image -> image.toCsv() + "\n").collect(Collectors.joining());
    }
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("wrong", evaluation.wrong());
    cells.put("total", evaluation.total());
    cells.put("errorRate", evaluation.errorRate());
    cells.put("loss", evaluation.loss().isPresent() ? evaluation.loss().getAsDouble() : "");
    if (evaluation.skipped() > 0) {
      cells.put("skipped", evaluation.skipped());
    }
    evaluation.top5Wrong().ifPresent(wrong -> cells.put("top5Wrong", wrong));
    return COMMA.join(cells.keySet()) + "\n" + COMMA.join(cells.values()) + "\n";
  }

  private static JsonArray row(double[] logits) {
    JsonArray row = new JsonArray();
    for (double value : logits) {
      row.add(number(value));
    }
    return row;
  }

  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(unsignedZero(value)) : JsonNull.INSTANCE;
  }

  /** Nobody expects a minus sign before a zero. */
  private static double unsignedZero(double value) {
    return value == 0 ? 0.0 : value;
  }
}
