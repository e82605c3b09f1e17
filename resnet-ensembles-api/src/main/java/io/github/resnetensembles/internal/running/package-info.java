/** What models and trainings share: pixels and predictions. */
@NullMarked
package io.github.resnetensembles.internal.running;

import org.jspecify.annotations.NullMarked;
