package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {
  private static String cpuinfo(String flags) {
    return "processor\t: 0\nmodel name\t: A processor\nflags\t\t: fpu "
        + flags
        + "\nbugs\t: none\n";
  }

  @ParameterizedTest
  @CsvSource({
    "sse4_1, aten=default onednn=sse41",
    "sse4_1 avx, aten=default onednn=avx",
    "sse4_1 avx avx2 fma, aten=avx2 onednn=avx2",
    "sse4_1 avx avx2, aten=default onednn=avx",
    "sse4_1 avx avx2 fma avx512f avx512bw avx512vl avx512dq, aten=avx512 onednn=avx512_core",
    "sse4_1 avx avx2 fma avx512f avx512bw avx512vl avx512dq avx512_vnni avx512_bf16 avx512_fp16"
        + " amx_tile amx_int8 amx_bf16, aten=avx512 onednn=avx512_core_amx",
  })
  void theStrongestThatAProcessorHas(String flags, String expected) {
    assertThat(InstructionSet.of(cpuinfo(flags), Map.of())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ATEN_CPU_CAPABILITY, default, aten=default onednn=avx512_core",
    "ATEN_CPU_CAPABILITY, avx2, aten=avx2 onednn=avx512_core",
    "DNNL_MAX_CPU_ISA, SSE41, aten=avx512 onednn=sse41",
    "ONEDNN_MAX_CPU_ISA, AVX2, aten=avx512 onednn=avx2",
    "ONEDNN_MAX_CPU_ISA, AVX512_CORE_AMX, aten=avx512 onednn=avx512_core",
  })
  void variablesCapIt(String variable, String value, String expected) {
    String flags = "sse4_1 avx avx2 fma avx512f avx512bw avx512vl avx512dq";
    assertThat(InstructionSet.of(cpuinfo(flags), Map.of(variable, value))).isEqualTo(expected);
  }

  @Test
  void otherProcessorsAreTheirName() {
    assertThat(InstructionSet.of("processor : 0\nFeatures : fp asimd\n", Map.of()))
        .isEqualTo(System.getProperty("os.arch"));
    assertThat(InstructionSet.here()).isNotEmpty();
  }
}
