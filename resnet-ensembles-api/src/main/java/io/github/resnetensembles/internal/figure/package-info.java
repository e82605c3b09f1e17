/** What results say together: the sections of reports, their figures and tables, JSON and CSV. */
@NullMarked
package io.github.resnetensembles.internal.figure;

import org.jspecify.annotations.NullMarked;
