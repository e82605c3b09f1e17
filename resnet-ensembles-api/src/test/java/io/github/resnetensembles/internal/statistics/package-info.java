@NullMarked
package io.github.resnetensembles.internal.statistics;

import org.jspecify.annotations.NullMarked;
