package io.github.resnetensembles.result;

import com.google.gson.JsonElement;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;

/** Fingerprints as arrays of numbers, which may be none. */
final class FingerprintJson implements JsonMapping<Fingerprint> {
  @Override
  public JsonElement write(Fingerprint fingerprint) {
    return JsonNode.anyNumbers(fingerprint.logits());
  }

  @Override
  public Fingerprint read(JsonNode node) {
    return node.build(() -> new Fingerprint(node.list(JsonNode::anyNumber)));
  }
}
