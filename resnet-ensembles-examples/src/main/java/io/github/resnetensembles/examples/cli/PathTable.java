package io.github.resnetensembles.examples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathEnumerator;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Path lengths, for people and as JSON and CSV.
 *
 * @param paths what was counted
 * @param between an interval of lengths whose share is asked for, or none
 * @param share that share
 * @param deleted how many blocks are deleted, if that is asked for
 * @param rows one for each possible length
 */
record PathTable(
    PathEnumerator paths,
    @Nullable Range between,
    OptionalDouble share,
    OptionalInt deleted,
    List<Row> rows) {
  /** Below this probability a length is not printed; files have them all. */
  private static final double PRINTED = 0.001;

  private static final int DIGITS_PRINTED = 30;

  /** The paths of one length; what is left of them after the deletions, if asked for. */
  record Row(
      int length,
      BigInteger count,
      double probability,
      double logProbability,
      OptionalDouble left) {}

  PathTable {
    rows = List.copyOf(rows);
  }

  static PathTable of(PathEnumerator paths, @Nullable Range between, OptionalInt deleted) {
    PathCounts lengths = paths.lengths();
    OptionalDouble share =
        between == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(lengths.probability(between.from(), between.to()));
    List<Row> rows =
        IntStream.rangeClosed(lengths.shortest(), lengths.longest())
            .mapToObj(length -> row(paths, lengths, length, deleted))
            .toList();
    return new PathTable(paths, between, share, deleted, rows);
  }

  private static Row row(
      PathEnumerator paths, PathCounts lengths, int length, OptionalInt deleted) {
    return new Row(
        length,
        lengths.count(length),
        lengths.probability(length),
        lengths.logProbability(length),
        deleted.isPresent()
            ? OptionalDouble.of(paths.ofLength(length).fractionLeft(deleted.getAsInt()))
            : OptionalDouble.empty());
  }

  void print(PrintWriter out) {
    String count = paths.count().toString();
    out.println("blocks: " + paths.blocks());
    out.println(
        "paths: "
            + (count.length() <= DIGITS_PRINTED
                ? count
                : String.format(
                    Locale.ROOT, "%s... (%d digits)", count.substring(0, 10), count.length())));
    PathCounts lengths = paths.lengths();
    out.println(
        String.format(
            Locale.ROOT,
            "length: mean %.6g, standard deviation %.6g, 95 %% from %d to %d",
            lengths.mean(),
            Math.sqrt(lengths.variance()),
            lengths.quantile(0.025),
            lengths.quantile(0.975)));
    if (between != null) {
      out.println(
          String.format(
              Locale.ROOT,
              "lengths %d to %d: share %.6g",
              between.from(),
              between.to(),
              share.orElseThrow()));
    }
    for (Row row : rows) {
      if (row.probability() >= PRINTED) {
        out.println(
            String.format(Locale.ROOT, "length %5d  share %.6f", row.length(), row.probability())
                + left(row));
      }
    }
  }

  private String left(Row row) {
    return row.left().isPresent()
        ? String.format(
            Locale.ROOT,
            "  left after %d deletions %.6f",
            deleted.orElseThrow(),
            row.left().getAsDouble())
        : "";
  }

  /** Counts are decimal strings, as they exceed what JSON readers take for numbers. */
  String json() {
    JsonObject json = new JsonObject();
    json.addProperty("blocks", paths.blocks());
    json.addProperty("count", paths.count().toString());
    json.addProperty("mean", paths.lengths().mean());
    json.addProperty("variance", paths.lengths().variance());
    if (between != null) {
      JsonArray interval = new JsonArray();
      interval.add(between.from());
      interval.add(between.to());
      json.add("between", interval);
      json.addProperty("share", share.orElseThrow());
    }
    deleted.ifPresent(k -> json.addProperty("deleted", k));
    JsonArray lengths = new JsonArray();
    List<String> counts = counts();
    for (int i = 0; i < rows.size(); i++) {
      lengths.add(tree(rows.get(i), counts.get(i)));
    }
    json.add("lengths", lengths);
    JsonObject provenance = new JsonObject();
    provenance.addProperty("libraryVersion", VersionProvider.version());
    json.add("provenance", provenance);
    return json + "\n";
  }

  /** Thousands of numbers of thousands of digits: worth all cores. */
  private List<String> counts() {
    return rows.parallelStream().map(row -> row.count().toString()).toList();
  }

  private static JsonObject tree(Row row, String count) {
    JsonObject json = new JsonObject();
    json.addProperty("length", row.length());
    json.addProperty("count", count);
    json.addProperty("probability", row.probability());
    json.add(
        "logProbability",
        Double.isFinite(row.logProbability())
            ? new JsonPrimitive(row.logProbability())
            : JsonNull.INSTANCE);
    row.left().ifPresent(left -> json.addProperty("left", left));
    return json;
  }

  String csv() {
    StringBuilder csv = new StringBuilder("length,count,probability,logProbability");
    csv.append(deleted.isPresent() ? ",left\n" : "\n");
    List<String> counts = counts();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      csv.append(row.length())
          .append(',')
          .append(counts.get(i))
          .append(',')
          .append(row.probability())
          .append(',')
          .append(row.logProbability());
      row.left().ifPresent(left -> csv.append(',').append(left));
      csv.append('\n');
    }
    return csv.toString();
  }
}
