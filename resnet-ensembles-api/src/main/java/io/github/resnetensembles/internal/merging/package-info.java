/** What all results must have in common to be merged. */
@NullMarked
package io.github.resnetensembles.internal.merging;

import org.jspecify.annotations.NullMarked;
