package io.github.resnetensembles.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceMergeTest {
  private static final Provenance.Run RUN =
      Provenance.Run.builder()
          .backend("djl")
          .engine("PyTorch 2")
          .engineBuild("cpu-linux-x86_64")
          .instructions("avx2")
          .device("cpu")
          .build();

  private static Provenance of(Provenance.Run... runs) {
    return Provenance.builder(
            "ab".repeat(32), Architecture.preResnet(8), "cd".repeat(32), "hand-made images")
        .fingerprint(Optional.of(fingerprint(0)))
        .runs(Arrays.asList(runs))
        .build();
  }

  private static Fingerprint fingerprint(double moved) {
    List<Double> logits = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      logits.add(i / 8.0);
    }
    logits.set(39, logits.get(39) + moved);
    return new Fingerprint(logits);
  }

  private static Provenance.Run with(String fact, String value) {
    Provenance.Run.Builder run = RUN.toBuilder();
    return switch (fact) {
      case "backend" -> run.backend(value).build();
      case "engine" -> run.engine(value).build();
      case "engine build" -> run.engineBuild(value).build();
      case "instruction set" -> run.instructions(value).build();
      case "kind of device" -> run.device(value).build();
      default -> throw new AssertionError(fact);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "backend, reference",
    "engine, PyTorch 3",
    "engine build, cu128-linux-x86_64",
    "instruction set, avx512_core",
    "instruction set, unknown",
    "kind of device, gpu:0"
  })
  void whatWasComputedInOtherWaysIsMergedOnRequestAlone(String fact, String value) {
    Provenance a = of(RUN);
    Provenance b = of(with(fact, value));
    assertThat(RUN.sameArithmetic(b.runs().get(0))).isFalse();
    assertThatThrownBy(() -> Provenance.merge(List.of(a, a, b)))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith("results 1 and 3 differ in their " + fact + ", ")
        .hasMessageContaining(" and " + value.replace(":0", "") + ", so last bits may differ; ")
        .hasMessageEndingWith("allow a mixed result");
    assertThatThrownBy(() -> Provenance.merge(List.of(a, b), MergeOption.ALLOW_UNVERIFIED))
        .hasMessageContaining("differ in their " + fact);

    Provenance mixed = Provenance.merge(List.of(a, b), MergeOption.MIXED);
    assertThat(mixed.mixed()).isTrue();
    assertThat(mixed.runs()).containsExactlyInAnyOrder(RUN, b.runs().get(0));
    assertThat(mixed.fingerprint()).hasValue(fingerprint(0));
    assertThat(Provenance.merge(List.of(b, a), MergeOption.MIXED)).isEqualTo(mixed);
  }

  @Test
  void otherTimesThreadsAndMachinesOfOneKindAreNoDifference() {
    Provenance.Run other =
        RUN.toBuilder()
            .seconds(3)
            .threads(2)
            .java("22")
            .system("Other")
            .blockEvaluations(5)
            .build();
    assertThat(RUN.sameArithmetic(other)).isTrue();
    Provenance merged = Provenance.merge(List.of(of(RUN), of(other), of(RUN)));
    assertThat(merged.mixed()).isFalse();
    assertThat(merged.runs()).containsExactlyInAnyOrder(RUN, other);
    // Neither says what it computed with, as in results of older versions.
    Provenance.Run unknown = with("instruction set", "unknown");
    assertThat(
            Provenance.merge(List.of(of(unknown), of(unknown.toBuilder().seconds(1).build())))
                .mixed())
        .isFalse();
  }

  @Test
  void aMixedResultStaysMixed() {
    Provenance mixed =
        Provenance.merge(List.of(of(RUN), of(with("kind of device", "gpu:0"))), MergeOption.MIXED);
    assertThat(Provenance.merge(List.of(mixed))).isEqualTo(mixed);
    assertThat(Provenance.merge(List.of(mixed, mixed))).isEqualTo(mixed);
    Provenance said = of(RUN).toBuilder().mixed(true).build();
    assertThat(Provenance.merge(List.of(said, of(RUN))).mixed()).isTrue();
    // An older result does not say it.
    Provenance older = mixed.toBuilder().mixed(false).build();
    assertThat(Provenance.merge(List.of(older)).mixed()).isTrue();
    assertThatThrownBy(() -> Provenance.merge(List.of(older, of(RUN))))
        .hasMessageStartingWith("the runs of result 1 differ in their kind of device, ");
  }

  @Test
  void fingerprintsThatDifferInLastBitsMakeAMixedResult() {
    Provenance a = of(RUN);
    Provenance b = a.toBuilder().fingerprint(Optional.of(fingerprint(-1e-6))).build();
    assertThatThrownBy(() -> Provenance.merge(List.of(a, b)))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith(
            "the fingerprints of results 1 and 2 agree only within the tolerance: a logit of noise"
                + " is 4.875 and 4.87499")
        .hasMessageContaining("so last bits may differ");
    Provenance merged = Provenance.merge(List.of(b, a), MergeOption.MIXED);
    assertThat(merged).isEqualTo(Provenance.merge(List.of(a, b), MergeOption.MIXED));
    assertThat(merged.mixed()).isTrue();
    assertThat(merged.fingerprint()).hasValue(fingerprint(-1e-6));

    Provenance other = a.toBuilder().fingerprint(Optional.of(fingerprint(1))).build();
    assertThatThrownBy(() -> Provenance.merge(List.of(a, other), MergeOption.MIXED))
        .hasMessageStartingWith("the fingerprints of results 1 and 2 differ: ");
    assertThat(Provenance.merge(List.of(a, other), MergeOption.ALLOW_UNVERIFIED).mixed()).isFalse();
  }

  @Test
  void whatIsNotOfOneStudyIsRefusedWhateverIsAllowed() {
    List<UnaryOperator<Provenance.Builder>> changes =
        List.of(
            from -> from.weightsSha256("ef".repeat(32)),
            from -> from.trained(true),
            from -> from.dataSha256("ef".repeat(32)),
            from -> from.data("others"),
            from -> from.batchSize(2));
    for (UnaryOperator<Provenance.Builder> change : changes) {
      Provenance other = change.apply(of(RUN).toBuilder()).build();
      assertThatThrownBy(() -> Provenance.merge(List.of(of(RUN), other), MergeOption.values()))
          .isInstanceOf(MergeException.class)
          .hasMessageStartingWith("the results differ in their ");
    }
    assertThatThrownBy(() -> Provenance.merge(List.of()))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("nothing to merge");
  }

  @Test
  void olderProvenancesAreRead() {
    Provenance known = of(RUN).toBuilder().mixed(true).build();
    String json = known.toJson();
    assertThat(JsonNode.parse(json, "it").as(Provenance.class)).isEqualTo(known);
    Provenance plain =
        of(with("instruction set", "unknown").toBuilder().engineBuild("unknown").build());
    String older =
        plain.toJson().replace("\"engineBuild\":\"unknown\",\"instructions\":\"unknown\",", "");
    assertThat(older).doesNotContain("instructions").doesNotContain("mixed");
    assertThat(JsonNode.parse(older, "it").as(Provenance.class)).isEqualTo(plain);
    assertThatThrownBy(
            () ->
                JsonNode.parse(json.replace("\"engine\":\"PyTorch 2\",", ""), "it")
                    .as(Provenance.class))
        .hasMessageContaining("engine");
  }
}
