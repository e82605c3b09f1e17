/**
 * Numbers with their uncertainty: begin with {@link io.github.resnetensembles.statistics.Estimate}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.statistics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
