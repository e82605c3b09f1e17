/**
 * The contract test kit: what any {@link io.github.resnetensembles.spi.Backend} extends to show
 * that it keeps the rules R1 to R15 of {@link io.github.resnetensembles.spi.Network} and, if it
 * offers derivatives, D1 to D11 of {@link io.github.resnetensembles.spi.Differentiation}.
 */
@NullMarked
package io.github.resnetensembles.testkit;

import org.jspecify.annotations.NullMarked;
