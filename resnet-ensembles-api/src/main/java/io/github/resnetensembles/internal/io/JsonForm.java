package io.github.resnetensembles.internal.io;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a record or an enum stands in JSON where that is not as usual: an object with a field for
 * each component, in order, and the name of the constant.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface JsonForm {
  /**
   * {@return the fields in order, separated by spaces, if they are not the components; of an enum,
   * the method that names a constant} Each is named after a component, which is read back, or after
   * a method without parameters, which is there for readers; {@code field=method} tells the two
   * names apart. With a star before it the fields of the value stand in the object itself; with a
   * question mark behind it the field is left out where the value is empty or false.
   */
  String fields() default "";

  /** {@return whether it is an array of its components} */
  boolean array() default false;

  /** {@return whether the constants are written in lower case} */
  boolean lowerCase() default false;

  /** {@return whether integers are written without a fraction} */
  boolean plainNumbers() default false;

  /** {@return the kind that an object says it is of; of no kind if empty} */
  String kind() default "";

  /** {@return the name of the field that says the kind} */
  String kindField() default "kind";

  /** {@return the number of the schema that an object says it follows; 0 if it does not} */
  int schema() default 0;
}
