/**
 * Pictures of results, and a report as a page: begin with {@link
 * io.github.resnetensembles.examples.plots.FigurePlot} and {@link
 * io.github.resnetensembles.examples.plots.ReportPage}.
 */
@NullMarked
package io.github.resnetensembles.examples.plots;

import org.jspecify.annotations.NullMarked;
