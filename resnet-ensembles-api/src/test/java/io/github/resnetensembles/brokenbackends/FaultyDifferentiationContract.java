package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.DifferentiationContractTest;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kit on derivatives with a fault; only {@link BrokenBackendsTest} runs it. */
@ExtendWith(FaultyNetworkContract.SubjectResolver.class)
final class FaultyDifferentiationContract extends DifferentiationContractTest {
  private final String subject;

  FaultyDifferentiationContract(String subject) {
    this.subject = subject;
  }

  @Override
  protected Backend backend() {
    return new FaultyBackend(
        network ->
            subject.equals("none")
                ? new DelegatingDifferentiation(network).ofNetwork()
                : DifferentiationFault.valueOf(subject).broken(network));
  }

  /** Nothing is native. */
  @Override
  protected long liveBytes() {
    return 0;
  }
}
