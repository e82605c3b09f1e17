/**
 * Test-time damage to networks, which of it a study runs, and what came out: begin with {@link
 * io.github.resnetensembles.lesion.Lesion}, {@link io.github.resnetensembles.lesion.LesionStudy}
 * and {@link io.github.resnetensembles.lesion.LesionReport}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.lesion;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
