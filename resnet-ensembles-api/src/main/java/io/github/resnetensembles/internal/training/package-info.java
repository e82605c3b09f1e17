/** Trains networks: recipes, wirings of mini-batches, the loop, checkpoints. */
@NullMarked
package io.github.resnetensembles.internal.training;

import org.jspecify.annotations.NullMarked;
