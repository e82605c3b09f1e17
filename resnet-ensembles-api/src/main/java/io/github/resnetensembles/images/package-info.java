/**
 * Labelled images: begin with {@link io.github.resnetensembles.images.ImageSets}. Image sets of
 * your own implement {@link io.github.resnetensembles.images.ImageSet}; whatever reads them checks
 * them first.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.images;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
