package io.github.resnetensembles.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.model.Verification.Check;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Verifications as JSON. */
final class VerificationJson {
  private static final String KIND = "verification";
  private static final int SCHEMA = 1;

  private VerificationJson() {}

  static String write(Verification verification) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("passed", verification.passed());
    JsonArray checks = new JsonArray();
    for (Check check : verification.checks()) {
      JsonObject line = new JsonObject();
      line.addProperty("name", check.name());
      line.addProperty("block", number(check.block()));
      line.addProperty("deviation", finite(check.deviation()));
      line.addProperty("limit", check.limit());
      line.addProperty("passed", check.passed());
      checks.add(line);
    }
    json.add("checks", checks);
    JsonObject parity = new JsonObject();
    parity.addProperty("compared", verification.parity().compared());
    parity.addProperty("largest", finite(verification.parity().largest()));
    parity.addProperty("mean", finite(verification.parity().mean()));
    parity.addProperty("firstDeviation", number(verification.parity().firstDeviation()));
    json.add("parity", parity);
    return JsonNode.write(json);
  }

  private static @Nullable Integer number(OptionalInt value) {
    return value.isPresent() ? Integer.valueOf(value.getAsInt()) : null;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? Double.valueOf(value) : null;
  }
}
