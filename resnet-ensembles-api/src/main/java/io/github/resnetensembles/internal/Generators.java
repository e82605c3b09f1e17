package io.github.resnetensembles.internal;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Random generators, each found by a name, so that what one draws never depends on another. */
public final class Generators {
  private Generators() {}

  /** XO_SHI_RO_256_PP, its state the SHA-256 of seed, kind, k and draw with slashes between. */
  public static UniformRandomProvider named(long seed, String kind, int k, int draw) {
    String name = seed + "/" + kind + "/" + k + "/" + draw;
    ByteBuffer hash =
        ByteBuffer.wrap(Hashing.sha256().hashString(name, StandardCharsets.UTF_8).asBytes());
    long[] state = {hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong()};
    return RandomSource.XO_SHI_RO_256_PP.create(state);
  }
}
