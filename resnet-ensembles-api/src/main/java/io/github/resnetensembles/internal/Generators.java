package io.github.resnetensembles.internal;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/** Random generators, each named by what it draws, so that no draw depends on another. */
public final class Generators {
  private Generators() {}

  /** The generator of one draw. */
  public static UniformRandomProvider of(long seed, String kind, int k, int draw) {
    return named(seed + "/" + kind + "/" + k + "/" + draw);
  }

  /** {@code XO_SHI_RO_256_PP}, its state the SHA-256 of a name in UTF-8. */
  public static UniformRandomProvider named(String name) {
    ByteBuffer hash =
        ByteBuffer.wrap(Hashing.sha256().hashString(name, StandardCharsets.UTF_8).asBytes());
    long[] state = {hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong()};
    return new XoShiRo256PlusPlus(state);
  }
}
