package io.github.resnetensembles.brokenbackends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The training kit catches every fault with a message that names the rule. */
final class BrokenTrainingTest {
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void kitCatches(TrainingFault fault) {
    String prefix =
        String.format(Locale.ROOT, "t%02d", Integer.parseInt(fault.rule().substring(1)));
    PostDiscoveryFilter methods =
        descriptor ->
            FilterResult.includedIf(
                descriptor.getType() != TestDescriptor.Type.TEST
                    || descriptor.getDisplayName().startsWith(prefix));
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(FaultyTrainingContract.class))
                .filters(methods)
                .configurationParameter(FaultyNetworkContract.SUBJECT, fault.name())
                .build(),
            listener);

    TestExecutionSummary summary = Objects.requireNonNull(listener.getSummary());
    assertThat(summary.getFailures())
        .as("failed tests of rule " + fault.rule())
        .isNotEmpty()
        .allSatisfy(
            failure ->
                assertThat(failure.getException())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(fault.rule() + ": faulty, tiny-"));
  }
}
