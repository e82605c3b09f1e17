/** Models, evaluation and the study runner, on the backend SPI. */
@NullMarked
package io.github.resnetensembles.internal.model;

import org.jspecify.annotations.NullMarked;
