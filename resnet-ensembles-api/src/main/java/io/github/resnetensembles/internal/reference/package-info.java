/** The plain-Java reference backend. */
@NullMarked
package io.github.resnetensembles.internal.reference;

import org.jspecify.annotations.NullMarked;
