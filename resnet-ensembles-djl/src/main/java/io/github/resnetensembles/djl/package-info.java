/**
 * The backend on DJL and PyTorch. Found under the name {@code djl} by {@link
 * io.github.resnetensembles.model.Backends}; this package holds what is particular to DJL:
 * {@linkplain io.github.resnetensembles.djl.DjlModels models of the user's own blocks} and
 * {@linkplain io.github.resnetensembles.djl.DjlRuntime settings of the process}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.djl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
