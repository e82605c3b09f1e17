/** The command line, and examples of use. */
@NullMarked
package io.github.resnetensembles.examples;

import org.jspecify.annotations.NullMarked;
