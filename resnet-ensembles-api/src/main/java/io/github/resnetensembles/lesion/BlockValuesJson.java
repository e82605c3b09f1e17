package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;
import java.util.OptionalDouble;

/** Block values as JSON: all intervals have one level, which stands above them. */
final class BlockValuesJson extends RecordMapping<BlockValues> {
  BlockValuesJson() {
    super(BlockValues.class);
  }

  /** A block, as a line of JSON and CSV. */
  @JsonForm(
      fields =
          "block shapley low high banzhaf banzhafLow banzhafHigh lowOverImages?"
              + " highOverImages?")
  record Line(
      int block,
      double shapley,
      double low,
      double high,
      double banzhaf,
      double banzhafLow,
      double banzhafHigh,
      OptionalDouble lowOverImages,
      OptionalDouble highOverImages) {
    static Line of(BlockValue value) {
      Interval shapley = value.shapley().interval();
      Interval banzhaf = value.banzhaf().interval();
      Optional<Interval> overImages = value.shapleyOverImages();
      return new Line(
          value.block(),
          value.shapley().value(),
          shapley.low(),
          shapley.high(),
          value.banzhaf().value(),
          banzhaf.low(),
          banzhaf.high(),
          overImages.map(all -> OptionalDouble.of(all.low())).orElse(OptionalDouble.empty()),
          overImages.map(all -> OptionalDouble.of(all.high())).orElse(OptionalDouble.empty()));
    }

    BlockValue value(double level) {
      return new BlockValue(
          block,
          new Estimate(shapley, new Interval(low, high, level)),
          new Estimate(banzhaf, new Interval(banzhafLow, banzhafHigh, level)),
          lowOverImages.isPresent() && highOverImages.isPresent()
              ? Optional.of(
                  new Interval(lowOverImages.getAsDouble(), highOverImages.getAsDouble(), level))
              : Optional.empty());
    }
  }

  @Override
  protected BlockValues readFields(JsonNode node) {
    double level = node.get("level").number();
    return node.build(
        () ->
            new BlockValues(
                node.get("payoff").as(Payoff.class),
                node.get("exact").bool(),
                node.get("draws").integer(),
                node.get("full").number(),
                node.get("empty").number(),
                node.get("blocks").list(line -> line.as(Line.class).value(level)),
                node.get("interactions").list(pair -> interaction(pair, level)),
                new LesionReportJson().readFields(node)));
  }

  private static BlockInteraction interaction(JsonNode node, double level) {
    var blocks = node.get("blocks").listOf(2);
    return node.build(
        () ->
            new BlockInteraction(
                blocks.get(0).integer(),
                blocks.get(1).integer(),
                node.get("value").number(),
                node.find("low")
                    .map(low -> new Interval(low.number(), node.get("high").number(), level))));
  }
}
