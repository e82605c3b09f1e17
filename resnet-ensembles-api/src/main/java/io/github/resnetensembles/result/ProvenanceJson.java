package io.github.resnetensembles.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Provenance as JSON. */
final class ProvenanceJson implements JsonMapping<Provenance> {
  @Override
  public JsonObject write(Provenance provenance) {
    JsonObject json = new JsonObject();
    json.addProperty("weightsSha256", provenance.weightsSha256());
    json.addProperty("trained", provenance.trained());
    json.add("architecture", JsonNode.tree(Architecture.class, provenance.architecture()));
    json.addProperty("dataSha256", provenance.dataSha256());
    json.addProperty("data", provenance.data());
    json.addProperty("dataset", provenance.dataset().map(KnownDataset::title).orElse(null));
    json.addProperty("precision", provenance.precision().name());
    json.addProperty("batchSize", provenance.batchSize());
    json.add(
        "fingerprint",
        provenance
            .fingerprint()
            .<JsonElement>map(fingerprint -> JsonNode.anyNumbers(fingerprint.logits()))
            .orElse(JsonNull.INSTANCE));
    JsonArray runs = new JsonArray();
    provenance.runs().forEach(run -> runs.add(run(run)));
    json.add("runs", runs);
    return json;
  }

  private static JsonObject run(Provenance.Run run) {
    JsonObject json = new JsonObject();
    json.addProperty("libraryVersion", run.libraryVersion());
    json.addProperty("backend", run.backend());
    json.addProperty("engine", run.engine());
    json.addProperty("device", run.device());
    json.addProperty("threads", run.threads());
    json.addProperty("java", run.java());
    json.addProperty("system", run.system());
    json.addProperty("seconds", run.seconds());
    json.addProperty("blockEvaluations", run.blockEvaluations());
    return json;
  }

  @Override
  public Provenance read(JsonNode node) {
    return node.build(
        () ->
            new Provenance(
                node.get("weightsSha256").text(),
                node.get("trained").bool(),
                node.get("architecture").as(Architecture.class),
                node.get("dataSha256").text(),
                node.get("data").text(),
                node.find("dataset").map(ProvenanceJson::readDataset),
                node.get("precision").constant(Precision.class),
                node.get("batchSize").integer(),
                node.find("fingerprint").map(ProvenanceJson::readFingerprint),
                node.get("runs").list(ProvenanceJson::readRun)));
  }

  private static Fingerprint readFingerprint(JsonNode node) {
    return node.build(() -> new Fingerprint(node.list(JsonNode::anyNumber)));
  }

  private static KnownDataset readDataset(JsonNode node) {
    String title = node.text();
    for (KnownDataset dataset : KnownDataset.values()) {
      if (dataset.title().equals(title)) {
        return dataset;
      }
    }
    throw node.error(
        "must be one of "
            + Arrays.stream(KnownDataset.values())
                .map(KnownDataset::title)
                .collect(Collectors.joining(", "))
            + ", or null where the data are not known");
  }

  private static Provenance.Run readRun(JsonNode node) {
    return new Provenance.Run(
        node.get("libraryVersion").text(),
        node.get("backend").text(),
        node.get("engine").text(),
        node.get("device").text(),
        node.get("threads").integer(),
        node.get("java").text(),
        node.get("system").text(),
        node.get("seconds").number(),
        node.get("blockEvaluations").longInteger());
  }
}
