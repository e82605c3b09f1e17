package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.training.EpochRecord;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordBuilderTest {
  private static final GradientProtocol PROTOCOL = GradientProtocol.defaults();

  static Stream<Class<?>> settingsAreTheComponents() {
    return Stream.of(
        BatchGradients.class,
        EpochRecord.class,
        GradientProtocol.class,
        Provenance.class,
        Provenance.Run.class);
  }

  @ParameterizedTest
  @MethodSource
  void settingsAreTheComponents(Class<?> type) {
    Class<?> builder =
        Arrays.stream(type.getDeclaredClasses())
            .filter(inner -> inner.getSimpleName().equals("Builder"))
            .findAny()
            .orElseThrow();
    assertThat(builder.getDeclaredMethods())
        .extracting(Method::getName)
        .filteredOn(name -> !name.equals("build"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(type.getPermittedSubclasses()[0].getRecordComponents())
                .map(component -> component.getName())
                .toList());
  }

  @Test
  void changesACopy() {
    GradientProtocol.Builder builder = PROTOCOL.toBuilder().seed(7);

    assertThat(builder.maxLength(3).build().maxLength()).isEqualTo(OptionalInt.of(3));
    assertThat(builder.build().maxLength()).isEmpty();
    assertThat(builder.build().seed()).isEqualTo(7);
    assertThat(PROTOCOL.seed()).isZero();
    assertThat(builder.seed(0).build()).isEqualTo(PROTOCOL);
  }

  @Test
  void settingsThrowWhatTheRecordThrows() {
    assertThatThrownBy(() -> PROTOCOL.toBuilder().tolerance(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("from 0 to below 1");
    assertThatThrownBy(() -> Provenance.builder("x", Architecture.preResnet(8), "y", "z"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void runsAreTakenAsAList() {
    Provenance.Run run = Provenance.Run.builder().threads(2).build();

    assertThat(
            Provenance.builder("a".repeat(64), Architecture.preResnet(8), "b".repeat(64), "data")
                .runs(List.of(run))
                .build()
                .runs())
        .containsExactly(run);
  }
}
