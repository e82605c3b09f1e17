package io.github.resnetensembles.djl.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/** A test of a GPU, skipped where the engine finds none. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("gpu")
@EnabledIf(
    value = "io.github.resnetensembles.djl.internal.GpuParityTest#gpu",
    disabledReason = "PyTorch finds no GPU here")
@interface GpuTest {}
