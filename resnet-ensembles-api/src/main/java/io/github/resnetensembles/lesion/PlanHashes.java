package io.github.resnetensembles.lesion;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.internal.io.JsonNode;

/** Hashes of plans, each made once: a plan may have a hundred thousand rows and as many pieces. */
final class PlanHashes {
  private static final LoadingCache<LesionPlan, String> KNOWN =
      CacheBuilder.newBuilder().weakKeys().build(CacheLoader.from(PlanHashes::hash));

  private PlanHashes() {}

  static String of(LesionPlan plan) {
    return KNOWN.getUnchecked(plan);
  }

  private static String hash(LesionPlan plan) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putUnencodedChars(
        "plan of %s blocks without %s\n".formatted(plan.blocks(), plan.excluded()));
    for (PlannedLesion row : plan.rows()) {
      hasher.putUnencodedChars(JsonNode.write(PlannedLesion.class, row)).putChar('\n');
    }
    return hasher.hash().toString();
  }
}
