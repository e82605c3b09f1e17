/**
 * The plain-Java reference backend: double precision, no native code, the slow twin against which
 * every other backend is checked.
 */
@NullMarked
package io.github.resnetensembles.internal.reference;

import org.jspecify.annotations.NullMarked;
