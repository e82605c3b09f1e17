package io.github.resnetensembles.run;

import com.google.common.hash.Hashing;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import java.nio.charset.StandardCharsets;

/** What tells studies and tasks from each other: hashes of texts that say all that decides. */
final class TaskKey {
  /** Of a result there is no other: files are of this library, so a change of them changes this. */
  private static final int SCHEMA = 1;

  private TaskKey() {}

  /**
   * The key of a study.
   *
   * @param kind of what comes out
   * @param provenance that its result will have
   * @param asked what is measured, and on which records
   */
  static String ofStudy(String kind, Provenance provenance, JsonObject asked) {
    JsonObject all = new JsonObject();
    all.addProperty("schema", SCHEMA);
    all.addProperty("kind", kind);
    all.add("network", network(provenance));
    all.add("asked", asked);
    all.add("code", CodeVersion.of(provenance));
    return hash(all);
  }

  /** What was computed on what; not by whom, which the store looks at. */
  private static JsonObject network(Provenance provenance) {
    JsonObject network = JsonNode.tree(Provenance.class, provenance).deepCopy().getAsJsonObject();
    network.remove("runs");
    network.remove("fingerprint");
    return network;
  }

  /** The key of a piece of a study. */
  static String ofTask(String study, JsonElement... piece) {
    JsonArray all = new JsonArray();
    all.add(study);
    for (JsonElement part : piece) {
      all.add(part);
    }
    return hash(all);
  }

  private static String hash(JsonElement element) {
    return Hashing.sha256().hashString(JsonNode.write(element), StandardCharsets.UTF_8).toString();
  }
}
