/** Tallies and reports: exact sums, merging, JSON, CSV. */
@NullMarked
package io.github.resnetensembles.internal.report;

import org.jspecify.annotations.NullMarked;
