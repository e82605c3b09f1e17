@NullMarked
package io.github.resnetensembles.internal.gradient;

import org.jspecify.annotations.NullMarked;
