package io.github.resnetensembles.internal;

import com.google.common.reflect.AbstractInvocationHandler;
import com.google.common.reflect.Reflection;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Builders of records, behind an interface whose settings are named like the components. A setting
 * gives the builder of a changed copy, which the record's constructor has checked; that of an
 * optional component takes what it holds. {@code build} gives the record.
 */
public final class RecordBuilder extends AbstractInvocationHandler {
  /** How a record is read and made; looked up once, since that takes longer than the rest. */
  private record Form(List<Method> accessors, Constructor<?> constructor) {
    static Form of(Class<?> type) {
      List<Method> accessors =
          Arrays.stream(type.getRecordComponents()).map(RecordComponent::getAccessor).toList();
      accessors.forEach(accessor -> accessor.setAccessible(true));
      try {
        Constructor<?> constructor =
            type.getDeclaredConstructor(
                accessors.stream().map(Method::getReturnType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return new Form(accessors, constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("every record has its constructor: " + type, e);
      }
    }
  }

  private static final ClassValue<Form> FORMS =
      new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
          return Form.of(type);
        }
      };

  private final Class<?> type;
  private final Record start;

  private RecordBuilder(Class<?> type, Record start) {
    this.type = type;
    this.start = start;
  }

  /** A builder, of an interface, that starts from a record. */
  public static <B> B of(Class<B> type, Object start) {
    return Reflection.newProxy(type, new RecordBuilder(type, (Record) start));
  }

  @Override
  protected Object handleInvocation(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (arguments == null || arguments.length == 0) {
      return start;
    }
    Form form = FORMS.get(start.getClass());
    @Nullable Object[] values = new Object[form.accessors.size()];
    for (int i = 0; i < values.length; i++) {
      Method accessor = form.accessors.get(i);
      values[i] =
          accessor.getName().equals(method.getName())
              ? held(arguments[0], accessor.getReturnType())
              : accessor.invoke(start);
    }
    try {
      return of(type, form.constructor.newInstance(values));
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private static @Nullable Object held(@Nullable Object value, Class<?> type) {
    if (type == OptionalDouble.class && value instanceof Double number) {
      return OptionalDouble.of(number);
    }
    if (type == OptionalInt.class && value instanceof Integer number) {
      return OptionalInt.of(number);
    }
    return type == Optional.class && !(value instanceof Optional) && value != null
        ? Optional.of(value)
        : value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordBuilder builder && start.equals(builder.start);
  }

  @Override
  public int hashCode() {
    return start.hashCode();
  }

  @Override
  public String toString() {
    return "a builder of " + start;
  }
}
