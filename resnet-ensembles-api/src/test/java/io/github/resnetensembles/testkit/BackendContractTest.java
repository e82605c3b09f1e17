package io.github.resnetensembles.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Checks what {@link Backend} promises of itself: its name, its registration, its devices. */
public abstract class BackendContractTest {
  /** Creates the test. */
  protected BackendContractTest() {}

  /** {@return the backend under test} */
  protected abstract Backend backend();

  @Test
  void nameIsLowerCase() {
    assertThat(backend().name()).as("Backend.name()").matches("[a-z0-9]+(-[a-z0-9]+)*");
  }

  @Test
  void isFoundByNameWithServiceLoader() {
    Backend backend = backend();
    assertThat(ServiceLoader.load(Backend.class).stream().map(ServiceLoader.Provider::type))
        .as("META-INF/services/io.github.resnetensembles.spi.Backend")
        .anyMatch(backend.getClass()::equals);
    assertThat(Backends.names()).as("Backends.names()").contains(backend.name());
    assertThat(Backends.load(backend.name()))
        .as("Backends.load(\"%s\")", backend.name())
        .isInstanceOf(backend.getClass());
  }

  @Test
  void engineAndDevicesAreNamed() {
    Backend backend = backend();
    assertThat(backend.engine()).as("Backend.engine()").isNotBlank();
    assertThat(backend.devices())
        .as("Backend.devices()")
        .isNotEmpty()
        .allMatch(device -> device.matches("cpu|gpu:[0-9]{1,3}"), "is cpu or gpu:N");
  }

  @Test
  void missingDeviceIsRefused() {
    ModelOptions options = ModelOptions.defaults().withDevice("gpu:999");
    RandomWeights weights = new RandomWeights(TinyNetworks.postActivation(), 1);
    assertThatThrownBy(() -> backend().network(weights, options).close())
        .as("a network on gpu:999")
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("gpu:999")
        .hasMessageContaining(String.join(", ", backend().devices()));
  }

  @Test
  void everyDeviceOpensANetworkThatTellsItsFacts() {
    Backend backend = backend();
    RandomWeights weights = new RandomWeights(TinyNetworks.postActivation(), 1);
    for (String device : backend.devices()) {
      ModelOptions options = ModelOptions.defaults().withDevice(device).withThreads(2);
      try (Network network = backend.network(weights, options)) {
        Network.NetworkInfo info = network.info();
        assertThat(List.of(info.backend(), info.engine(), info.device(), info.weightsSha256()))
            .as("NetworkInfo of a network on " + device)
            .containsExactly(backend.name(), backend.engine(), device, weights.sha256());
        assertThat(info.assumed()).as("NetworkInfo.assumed()").isEqualTo(weights.assumed());
        assertThat(info.trained()).as("NetworkInfo.trained()").isTrue();
        assertThat(network.workers()).as("Network.workers() on " + device).isBetween(1, 1024);
        assertThat(network.architecture()).isEqualTo(weights.architecture());
      }
    }
  }
}
