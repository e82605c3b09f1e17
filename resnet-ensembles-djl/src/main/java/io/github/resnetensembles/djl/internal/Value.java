package io.github.resnetensembles.djl.internal;

/**
 * A value in a script.
 *
 * @param own whether the script has made it for this one use, and so may change it
 */
record Value(String name, boolean own) {
  /** A value that others use, too. */
  static Value shared(String name) {
    return new Value(name, false);
  }

  static Value own(String name) {
    return new Value(name, true);
  }

  /** This value times a factor, which is another value of the script. */
  Value scaled(ScriptText text, String factor) {
    return own(text.let((own ? "torch.mul_(" : "torch.mul(") + name + ", " + factor + ")"));
  }

  /** The sum of two values. */
  Value plus(ScriptText text, Value other) {
    if (!own && other.own) {
      return other.plus(text, this);
    }
    return own(text.let((own ? "torch.add_(" : "torch.add(") + name + ", " + other.name + ")"));
  }
}
