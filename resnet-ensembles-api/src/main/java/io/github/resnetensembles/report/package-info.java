/**
 * Results of one network and its controls as sections of findings, figures, tables and checks:
 * begin with {@link io.github.resnetensembles.report.Report}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
