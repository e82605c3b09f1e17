/**
 * What an engine implements so that every study of this library runs on it: a {@link
 * io.github.resnetensembles.spi.Backend} found by name with {@link java.util.ServiceLoader}, and
 * the numbered rules of {@link io.github.resnetensembles.spi.Network}, which the published contract
 * test kit checks. Begin with {@link io.github.resnetensembles.spi.Backend}, or, to change what
 * another backend computes, with {@link io.github.resnetensembles.spi.DelegatingNetwork}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.spi;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
