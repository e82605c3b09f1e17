/**
 * Examples of use, one class each: begin with {@link
 * io.github.resnetensembles.examples.LesionStudyExample}.
 */
@NullMarked
package io.github.resnetensembles.examples;

import org.jspecify.annotations.NullMarked;
