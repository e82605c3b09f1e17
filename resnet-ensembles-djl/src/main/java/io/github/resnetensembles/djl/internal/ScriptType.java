package io.github.resnetensembles.djl.internal;

/** The types of a script's parameters and results. */
enum ScriptType {
  TENSOR("Tensor"),
  TENSORS("List[Tensor]"),
  INTEGERS("List[int]"),
  NUMBER("float"),
  NUMBERS("List[float]");

  private final String text;

  ScriptType(String text) {
    this.text = text;
  }

  /** {@return the type as TorchScript writes it} */
  String text() {
    return text;
  }
}
