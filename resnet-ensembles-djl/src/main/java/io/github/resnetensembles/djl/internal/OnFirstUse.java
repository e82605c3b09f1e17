package io.github.resnetensembles.djl.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made once, when it is first asked for. Safe for use by several threads. */
final class OnFirstUse<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private @Nullable T value;

  OnFirstUse(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return made;
  }
}
