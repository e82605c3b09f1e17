/**
 * The main job: networks are trained, studied and laid out as a report, and what was finished is
 * kept. Begin with {@link io.github.resnetensembles.examples.report.ReportJob}.
 */
@NullMarked
package io.github.resnetensembles.examples.report;

import org.jspecify.annotations.NullMarked;
