package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.Precision;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowFormatTest {
  /** Why tests that compute in bfloat16 are skipped. */
  static final String NO_BFLOAT16 = "the processor does not compute in bfloat16";

  /** The condition of tests that compute in bfloat16. */
  static final String HERE =
      "io.github.resnetensembles.djl.internal.NarrowFormatTest#computesInBfloat16";

  static boolean computesInBfloat16() {
    return InstructionSet.hasBfloat16(InstructionSet.here());
  }

  @ParameterizedTest
  @ValueSource(strings = {"avx512_core_bf16", "avx512_core_fp16", "avx512_core_amx"})
  void processorsThatMultiplyIt(String set) {
    assertThat(NarrowFormat.of(Precision.BFLOAT16, false, "aten=avx512 onednn=" + set))
        .contains(NarrowFormat.BFLOAT16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aten=avx512 onednn=avx512_core_vnni",
        "aten=avx2 onednn=avx2",
        "aten=default onednn=none",
        "aarch64",
        "avx512_core_bf16"
      })
  void otherProcessorsAreRefusedByName(String instructions) {
    assertThatThrownBy(() -> NarrowFormat.of(Precision.BFLOAT16, false, instructions))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "the precision bfloat16 needs a processor with AVX512-BF16 or AMX, or a GPU; this one"
                + " computes with %s: choose float32",
            instructions);
    assertThat(NarrowFormat.of(Precision.BFLOAT16, true, instructions))
        .contains(NarrowFormat.BFLOAT16);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, false", "FLOAT32, true", "FLOAT64, false", "FLOAT64, true"})
  void otherPrecisionsHaveNone(Precision precision, boolean gpu) {
    assertThat(NarrowFormat.of(precision, gpu, "aarch64")).isEmpty();
  }

  @Test
  void halfPrecisionIsForGpus() {
    assertThat(NarrowFormat.of(Precision.FLOAT16, true, "aarch64")).contains(NarrowFormat.FLOAT16);
    assertThatThrownBy(
            () -> NarrowFormat.of(Precision.FLOAT16, false, "aten=avx512 onednn=avx512_core_amx"))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("the precision float16 is for GPUs");
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void allPrecisionsOf16BitsHaveAFormatOfTheirName(Precision precision) {
    assertThat(NarrowFormat.of(precision, true, "").map(NarrowFormat::name))
        .isEqualTo(
            precision == precision.kept() ? Optional.empty() : Optional.of(precision.name()));
  }
}
