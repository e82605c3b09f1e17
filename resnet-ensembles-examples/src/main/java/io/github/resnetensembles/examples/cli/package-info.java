/**
 * The command line: one class for each command, thin uses of the public API. Begin with {@link
 * io.github.resnetensembles.examples.cli.Main}.
 */
@NullMarked
package io.github.resnetensembles.examples.cli;

import org.jspecify.annotations.NullMarked;
