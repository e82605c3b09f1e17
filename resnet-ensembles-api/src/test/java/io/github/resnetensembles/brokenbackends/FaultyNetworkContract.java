package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.Backends;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.NetworkContractTest;
import java.util.List;
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
    return new FaultyBackend(subject);
  }

  private static final class FaultyBackend implements Backend {
    private final Backend good = Backends.load("reference");
    private final String subject;

    FaultyBackend(String subject) {
      this.subject = subject;
    }

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public String engine() {
      return good.engine();
    }

    @Override
    public List<String> devices() {
      return good.devices();
    }

    @Override
    public Network network(Weights weights, ModelOptions options) {
      Network network = good.network(weights, options);
      return switch (subject) {
        case "none, open activations" -> new Fault.BoxNetwork(network);
        case "none, float32" -> new Fault.SinglePrecision(network);
        default -> Fault.valueOf(subject).broken(network);
      };
    }
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
