/** Many wirings as one tree of shared prefixes, and what it costs. */
@NullMarked
package io.github.resnetensembles.internal.wiring;

import org.jspecify.annotations.NullMarked;
