/** Networks that run: begin with {@link io.github.resnetensembles.model.ResidualModel}. */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.model;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
