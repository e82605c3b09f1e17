package io.github.resnetensembles.internal.report;

import com.google.gson.JsonObject;
import io.github.resnetensembles.Provenance;
import io.github.resnetensembles.internal.JsonNode;

/** Provenance as JSON. */
public final class ProvenanceJson {
  private ProvenanceJson() {}

  public static String write(Provenance provenance) {
    JsonObject json = new JsonObject();
    json.addProperty("weightsSha256", provenance.weightsSha256());
    json.addProperty("trained", provenance.trained());
    json.addProperty("architecture", provenance.architecture().name());
    json.addProperty("dataSha256", provenance.dataSha256());
    json.addProperty("data", provenance.data());
    json.addProperty("precision", provenance.precision().name());
    json.addProperty("batchSize", provenance.batchSize());
    return JsonNode.write(json);
  }
}
