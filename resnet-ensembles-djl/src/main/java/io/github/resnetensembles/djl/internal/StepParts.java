package io.github.resnetensembles.djl.internal;

/** Which parts of a step its forward pass runs; they save in this order, and post after them. */
record StepParts(boolean lead, boolean branch, boolean skip) {}
