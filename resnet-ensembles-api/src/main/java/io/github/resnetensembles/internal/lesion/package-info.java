/** Wirings, lesions and plans. */
@NullMarked
package io.github.resnetensembles.internal.lesion;

import org.jspecify.annotations.NullMarked;
