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

  /** After a fault's name: the same, each result rounded to 16 bits, as the network says. */
  static final String IN_16_BITS = ", 16 bits";

  private static final double HALF_PRECISION = 4e-3;

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
              case "none, 16 bits" -> new Fault.HalfPrecision(network, HALF_PRECISION);
              case "none, 16 bits that are not told" -> new Fault.HalfPrecision(network, 0);
              case "none, too coarse" -> new Fault.HalfPrecision(network, 0.05);
              default ->
                  subject.endsWith(IN_16_BITS)
                      ? new Fault.HalfPrecision(
                          Fault.valueOf(subject.replace(IN_16_BITS, "")).broken(network),
                          HALF_PRECISION)
                      : Fault.valueOf(subject).broken(network);
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
