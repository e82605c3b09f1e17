package io.github.resnetensembles;

/** The floating-point format that a backend computes in. */
public enum Precision {
  /** IEEE single precision. */
  FLOAT32,
  /** IEEE double precision: for verification. */
  FLOAT64
}
