/**
 * What every result has in common: begin with {@link io.github.resnetensembles.result.Result} and
 * {@link io.github.resnetensembles.result.Provenance}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.result;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
