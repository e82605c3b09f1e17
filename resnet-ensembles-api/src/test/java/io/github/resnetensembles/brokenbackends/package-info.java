/** Backends with one fault each, which the contract test kit must catch. */
@NullMarked
package io.github.resnetensembles.brokenbackends;

import org.jspecify.annotations.NullMarked;
