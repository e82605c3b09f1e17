package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.NetworkContractTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit on the reference backend with a fault; only {@link BrokenBackendsTest} runs it. */
@ExtendWith(FaultyNetworkContract.SubjectResolver.class)
final class FaultyNetworkContract extends NetworkContractTest {
  static final String SUBJECT = "broken.subject";

  private final String subject;

  FaultyNetworkContract(String subject) {
    this.subject = subject;
  }

  @Override
  protected Backend backend() {
    return new FaultyBackend(
        network ->
            switch (subject) {
              case "none, open activations" -> new Fault.BoxNetwork(network);
              case "none, float32" -> new Fault.SinglePrecision(network);
              default -> Fault.valueOf(subject).broken(network);
            });
  }

  /** Hands the name of the fault, a parameter of the run, to the constructor. */
  static final class SubjectResolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType().equals(String.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context.getConfigurationParameter(SUBJECT).orElseThrow();
    }
  }
}
