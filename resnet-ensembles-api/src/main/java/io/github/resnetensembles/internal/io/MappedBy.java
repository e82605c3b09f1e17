package io.github.resnetensembles.internal.io;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names how values of a type stand in JSON. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MappedBy {
  /** {@return the mapping's class} */
  Class<? extends JsonMapping<?>> value();
}
