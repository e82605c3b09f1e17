package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.testkit.TrainingContractTest;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** The training kit on a faulty backend; only {@link BrokenTrainingTest} runs it. */
@ExtendWith(FaultyNetworkContract.SubjectResolver.class)
final class FaultyTrainingContract extends TrainingContractTest {
  private final String subject;

  FaultyTrainingContract(String subject) {
    this.subject = subject;
  }

  @Override
  protected Backend backend() {
    return new FaultyBackend(TrainingFault.valueOf(subject));
  }

  private static final class FaultyBackend implements Backend {
    private final Backend good = Backends.load("reference");
    private final TrainingFault fault;

    FaultyBackend(TrainingFault fault) {
      this.fault = fault;
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
      return good.network(weights, options);
    }

    @Override
    public TrainingNetwork training(Weights weights, TrainingOptions options) {
      return fault.broken(good, weights, options);
    }
  }
}
