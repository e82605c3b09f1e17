/**
 * Files that results are written to, and folders that one run has for itself: begin with {@link
 * io.github.resnetensembles.files.OutputFile}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.files;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
