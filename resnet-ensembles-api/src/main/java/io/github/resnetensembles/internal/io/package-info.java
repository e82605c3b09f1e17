/** Files and JSON, for all rooms. */
@NullMarked
package io.github.resnetensembles.internal.io;

import org.jspecify.annotations.NullMarked;
