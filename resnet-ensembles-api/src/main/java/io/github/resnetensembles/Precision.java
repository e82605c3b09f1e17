package io.github.resnetensembles;

/** The floating-point format that a backend computes in. */
public enum Precision {
  /** IEEE single precision. */
  FLOAT32(2e-5),
  /** IEEE double precision: for verification. */
  FLOAT64(1e-11),
  /**
   * Convolutions of the blocks in bfloat16, of 8 bits of mantissa: their inputs, weights and
   * outputs are rounded to it. Stem, head, the sums of skip connections and branches, and all else
   * that is kept, are in single precision. Not every processor computes in it.
   */
  BFLOAT16(2e-2),
  /** As {@link #BFLOAT16}, in IEEE half precision, of 11 bits of mantissa: for GPUs. */
  FLOAT16(3e-3);

  private final double tolerance;

  Precision(double tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * {@return how far one engine call may be from the exact result, relative to the largest value; a
   * whole network may be ten times as far}
   */
  public double tolerance() {
    return tolerance;
  }

  /** {@return the format that values have between calls: this one, or single precision} */
  public Precision kept() {
    return this == FLOAT64 ? FLOAT64 : FLOAT32;
  }
}
