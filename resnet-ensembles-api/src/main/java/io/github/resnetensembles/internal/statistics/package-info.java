/** Intervals, tests, block values and published numbers, from the rows of reports. */
@NullMarked
package io.github.resnetensembles.internal.statistics;

import org.jspecify.annotations.NullMarked;
