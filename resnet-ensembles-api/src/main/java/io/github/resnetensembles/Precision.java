package io.github.resnetensembles;

/** The floating-point format that a backend computes in. */
public enum Precision {
  /** IEEE single precision. */
  FLOAT32(2e-5),
  /** IEEE double precision: for verification. */
  FLOAT64(1e-11);

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
}
