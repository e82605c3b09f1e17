package io.github.resnetensembles.brokenbackends;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.testkit.BackendContractTest;
import io.github.resnetensembles.testkit.DifferentiationContractTest;
import io.github.resnetensembles.testkit.NetworkContractTest;
import io.github.resnetensembles.testkit.PathGradientsContractTest;
import io.github.resnetensembles.testkit.TrainingContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation says how many tests a run of the kit has, so that none is missed. */
class KitSizeTest {
  /** Each test of {@link PathGradientsContractTest} is run for so many networks. */
  private static final int VIEWS = 5;

  @ParameterizedTest
  @ValueSource(
      classes = {
        BackendContractTest.class,
        NetworkContractTest.class,
        DifferentiationContractTest.class,
        PathGradientsContractTest.class,
        TrainingContractTest.class
      })
  void isDocumented(Class<?> contract) throws IOException {
    long tests =
        Arrays.stream(contract.getDeclaredMethods())
            .mapToInt(
                method ->
                    method.isAnnotationPresent(ParameterizedTest.class)
                        ? VIEWS
                        : method.isAnnotationPresent(Test.class) ? 1 : 0)
            .sum();

    assertThat(Files.readString(Path.of("..", "docs", "backends.md"), UTF_8))
        .contains("| `" + contract.getSimpleName() + "` | " + tests + " tests |");
  }
}
