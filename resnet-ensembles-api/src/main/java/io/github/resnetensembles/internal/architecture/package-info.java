/** Descriptions of networks: presets, shapes, tensors, JSON. */
@NullMarked
package io.github.resnetensembles.internal.architecture;

import org.jspecify.annotations.NullMarked;
