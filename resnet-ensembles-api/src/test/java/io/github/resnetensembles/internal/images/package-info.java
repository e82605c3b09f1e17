@NullMarked
package io.github.resnetensembles.internal.images;

import org.jspecify.annotations.NullMarked;
