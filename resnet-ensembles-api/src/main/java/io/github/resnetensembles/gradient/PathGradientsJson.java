package io.github.resnetensembles.gradient;

import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.path.ResidualPath;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Gradients by path length as JSON. What is summarised ({@code lengths}, {@code effective} …) is
 * there for readers; only the protocol and the measurements of each batch are read back.
 */
final class PathGradientsJson extends RecordMapping<PathGradients> {
  PathGradientsJson() {
    super(PathGradients.class);
  }

  /** Results of older versions left no image out, and begin with the first planned batch. */
  @Override
  protected @Nullable Object missing(String field, Type fieldType, JsonNode node) {
    if (field.equals("firstRecord")) {
      List<JsonNode> batches = node.get("batches").list();
      return batches.isEmpty() ? 0 : batches.get(0).get("firstRecord").integer();
    }
    return field.equals("leftOut") ? Integer.valueOf(0) : super.missing(field, fieldType, node);
  }

  static String write(PathGradients gradients, double mass) {
    JsonObject json = JsonNode.tree(PathGradients.class, gradients).getAsJsonObject();
    if (gradients.summary() instanceof OfLengths lengths && lengths.effective().isPresent()) {
      json.add(
          "effective", JsonNode.tree(EffectiveLengths.class, gradients.effectiveLengths(mass)));
    }
    return JsonNode.write(json);
  }

  /** What is summarised of a single path. */
  @JsonForm(fields = "path norm?")
  record OfPath(ResidualPath path, OptionalDouble norm) {}

  /** What is summarised of the paths of all lengths. */
  @JsonForm(fields = "lengths residual? verified effective refused? decay?")
  record OfLengths(
      List<LengthRow> lengths,
      OptionalDouble residual,
      boolean verified,
      Optional<EffectiveLengths> effective,
      Optional<String> refused,
      Optional<GradientDecay> decay) {
    static OfLengths of(PathGradients gradients) {
      Optional<EffectiveLengths> effective = Optional.empty();
      Optional<String> refused = Optional.empty();
      try {
        effective = Optional.of(gradients.effectiveLengths());
      } catch (UnverifiedGradientsException e) {
        refused = Optional.ofNullable(e.getMessage());
      }
      return new OfLengths(
          gradients.lengths().stream().map(LengthRow.class::cast).toList(),
          gradients.residual(),
          gradients.verified(),
          effective,
          refused,
          gradients.decay());
    }
  }
}
