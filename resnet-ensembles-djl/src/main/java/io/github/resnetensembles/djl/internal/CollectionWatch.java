package io.github.resnetensembles.djl.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Tells whether the garbage collector can have freed anything that was made since this was created.
 *
 * <p>Two signs are needed. Collectors that stop the program count their runs before it goes on.
 * Those that run beside it count late, but take the object that nothing but this has known before
 * all that was made after it; the others may spare it where the weak reference is in an older
 * generation than the object.
 */
final class CollectionWatch {
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  private final long collections = collections();
  private final WeakReference<Object> dropped = new WeakReference<>(new Object());

  /** {@return whether there may have been a collection since this was created} */
  boolean collected() {
    // Not get(), which would keep the object alive through a collection that is under way.
    return dropped.refersTo(null) || collections() != collections;
  }

  private static long collections() {
    return COLLECTORS.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }
}
