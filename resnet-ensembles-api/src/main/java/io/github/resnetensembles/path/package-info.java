/**
 * The 2^n paths of the unravelled view, counted, listed, ranked and drawn: begin with {@link
 * io.github.resnetensembles.path.PathEnumerator}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.path;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
