/** What all results that become one have to have in common. */
@NullMarked
package io.github.resnetensembles.internal.merging;

import org.jspecify.annotations.NullMarked;
