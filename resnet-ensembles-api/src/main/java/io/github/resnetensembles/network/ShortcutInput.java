package io.github.resnetensembles.network;

/** What the skip connection of a pre-activation block sees; tensors do not tell it. */
public enum ShortcutInput {
  /** The block's input. */
  RAW,
  /** The block's input after the branch's first BatchNorm and ReLU. */
  ACTIVATED
}
