package io.github.resnetensembles.brokenbackends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The contract test kit catches every fault with a message that names the rule. */
final class BrokenBackendsTest {
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void kitCatches(Fault fault) {
    if (fault == Fault.KEEPS_NATIVE_MEMORY) {
      assumeThat(Files.isReadable(Path.of("/proc/self/status")))
          .as("this system does not tell a process its resident memory")
          .isTrue();
    }
    String prefix =
        String.format(Locale.ROOT, "r%02d", Integer.parseInt(fault.rule().substring(1)));

    assertCaught(
        runKit(FaultyNetworkContract.class, fault.name(), prefix), fault.rule(), fault.message());
  }

  /** What is wrong by more than the tolerance that a network declares is caught as ever. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(
      names = {
        "IGNORES_SKIP_GAIN",
        "COMPUTES_BRANCH_OF_GAIN_ZERO",
        "LEAVES_DUST_OF_BRANCH",
        "IGNORES_GIVEN_BRANCH",
        "RECTIFIES_EVERY_SUM",
        "SWALLOWS_NAN"
      })
  void kitCatchesFaultsOfCoarseArithmetic(Fault fault) {
    String prefix =
        String.format(Locale.ROOT, "r%02d", Integer.parseInt(fault.rule().substring(1)));
    String subject = fault.name() + FaultyNetworkContract.IN_16_BITS;

    assertCaught(
        runKit(FaultyNetworkContract.class, subject, prefix), fault.rule(), fault.message());
  }

  @Test
  void coarseArithmeticIsToldAndHasALimit() {
    assertCaught(
        runKit(FaultyNetworkContract.class, "none, 16 bits that are not told", "r01"),
        "R1",
        "exceeds");
    assertCaught(
        runKit(FaultyNetworkContract.class, "none, too coarse", "r01"),
        "R1",
        "the tolerance 0.05 exceeds 0.02");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void kitCatchesFaultsOfDerivatives(DifferentiationFault fault) {
    String prefix =
        String.format(Locale.ROOT, "d%02d", Integer.parseInt(fault.rule().substring(1)));

    assertCaught(
        runKit(FaultyDifferentiationContract.class, fault.name(), prefix),
        fault.rule(),
        fault.message());
  }

  private static void assertCaught(TestExecutionSummary summary, String rule, String message) {
    assertThat(summary.getTestsFoundCount()).as("tests of rule " + rule).isPositive();
    assertThat(summary.getFailures())
        .as("failed tests of rule " + rule)
        .isNotEmpty()
        .allSatisfy(
            failure ->
                assertThat(failure.getException())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(rule + ": faulty, tiny-"))
        .anySatisfy(failure -> assertThat(failure.getException()).hasMessageContaining(message));
  }

  /** The wrapper itself is not what fails. */
  @Tag("slow")
  @Test
  void kitAcceptsGoodDerivatives() {
    TestExecutionSummary summary = runKit(FaultyDifferentiationContract.class, "none", "d");

    assertThat(summary.getFailures().stream().map(failure -> failure.getException().getMessage()))
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(13);
  }

  @Test
  void everyRuleOfDerivativesHasAFault() {
    assertThat(
            Arrays.stream(DifferentiationFault.values())
                .map(DifferentiationFault::rule)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 11).mapToObj(i -> "D" + i).toList());
  }

  /** The wrappers themselves are not what fails, and float32's rounding is within the tolerance. */
  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"none, open activations", "none, float32", "none, 16 bits"})
  void kitAcceptsAGoodBackend(String subject) {
    TestExecutionSummary summary = runKit(FaultyNetworkContract.class, subject, "r");

    assertThat(summary.getFailures().stream().map(failure -> failure.getException().getMessage()))
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(16);
  }

  @Test
  void everyRuleHasAFault() {
    assertThat(Arrays.stream(Fault.values()).map(Fault::rule).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 15).mapToObj(i -> "R" + i).toList());
  }

  private static TestExecutionSummary runKit(
      Class<?> contract, String subject, String methodPrefix) {
    PostDiscoveryFilter methods =
        descriptor ->
            FilterResult.includedIf(
                descriptor.getType() != TestDescriptor.Type.TEST
                    || descriptor.getDisplayName().startsWith(methodPrefix));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(contract))
            .filters(methods)
            .configurationParameter(FaultyNetworkContract.SUBJECT, subject)
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return Objects.requireNonNull(listener.getSummary());
  }
}
