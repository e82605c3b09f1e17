/** Statistics that several rooms share: intervals of means, and the two-level bootstrap. */
@NullMarked
package io.github.resnetensembles.internal.statistics;

import org.jspecify.annotations.NullMarked;
