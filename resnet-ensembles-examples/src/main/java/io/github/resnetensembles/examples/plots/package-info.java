/** Pictures of results. */
@NullMarked
package io.github.resnetensembles.examples.plots;

import org.jspecify.annotations.NullMarked;
