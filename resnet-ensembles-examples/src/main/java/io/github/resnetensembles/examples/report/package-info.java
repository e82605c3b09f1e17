/** The report: networks are trained, studied and laid out, and what was finished is kept. */
@NullMarked
package io.github.resnetensembles.examples.report;

import org.jspecify.annotations.NullMarked;
