package io.github.resnetensembles.spi;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.util.Map;

/** Optimizers as JSON: one that does not say which it is is SGD, as all were at first. */
final class OptimizerJson implements JsonMapping<Optimizer> {
  private final JsonMapping<Optimizer.Sgd> sgd = new RecordMapping<>(Optimizer.Sgd.class) {};
  private final JsonMapping<Optimizer.AdamW> adamW = new RecordMapping<>(Optimizer.AdamW.class) {};

  @Override
  public JsonElement write(Optimizer optimizer) {
    return optimizer instanceof Optimizer.Sgd given
        ? sgd.write(given)
        : adamW.write((Optimizer.AdamW) optimizer);
  }

  @Override
  public Optimizer read(JsonNode node) {
    Map<String, JsonMapping<? extends Optimizer>> byName =
        ImmutableMap.of("adamw", adamW, "sgd", sgd);
    JsonMapping<? extends Optimizer> said =
        node.find("optimizer").isPresent() ? node.get("optimizer").oneOf(byName) : sgd;
    return said.read(node);
  }
}
