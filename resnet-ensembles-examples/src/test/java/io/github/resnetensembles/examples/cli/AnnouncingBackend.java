package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The backend {@code djl}, which says when a run begins with its fourth batch. */
public final class AnnouncingBackend implements Backend {
  static final String FOURTH_BATCH = "the fourth batch begins";
  private static final int FOURTH = 4;

  private static Backend backend() {
    return Backends.load("djl");
  }

  private final AtomicInteger batches = new AtomicInteger();

  @Override
  public String name() {
    return "announcing";
  }

  @Override
  public String engine() {
    return backend().engine();
  }

  @Override
  public List<String> devices() {
    return backend().devices();
  }

  @Override
  public Network network(Weights weights, ModelOptions options) {
    return announcing(Network.class, backend().network(weights, options));
  }

  private <T> T announcing(Class<T> type, T whole) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("stem") && batches.incrementAndGet() == FOURTH) {
                System.out.println(FOURTH_BATCH);
              }
              try {
                Object result = method.invoke(whole, arguments);
                return result instanceof Optional<?> optional
                        && optional.isPresent()
                        && optional.get() instanceof Differentiation derivatives
                    ? Optional.of(announcing(Differentiation.class, derivatives))
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
