package io.github.resnetensembles.djl.internal;

/**
 * Which parts of a step its forward pass runs beside the lead; they save in this order, the lead
 * before them and post after them.
 */
record StepParts(boolean branch, boolean skip) {}
