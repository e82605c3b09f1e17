/** Benchmarks: docs/benchmarks.md. */
@NullMarked
package io.github.resnetensembles.benchmark;

import org.jspecify.annotations.NullMarked;
