package io.github.resnetensembles.internal.io;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.base.Throwables;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON, in the form that {@link JsonForm} says. It sees trees only: texts are for {@link
 * JsonNode}. A subclass reads what cannot be read component by component.
 *
 * @param <T> the record
 */
public class RecordMapping<T> implements JsonMapping<T> {
  /** A field of the object; {@code component} is -1 if it is not read back. */
  private record Field(
      String name,
      Method method,
      Supplier<JsonMapping<Object>> found,
      boolean inlined,
      boolean omitted,
      int component) {
    JsonMapping<Object> mapping() {
      return found.get();
    }

    Object of(Object value) {
      return invoke(() -> method.invoke(value));
    }
  }

  private interface Invocation {
    Object run() throws ReflectiveOperationException;
  }

  private final Class<T> type;
  private final JsonForm form;
  private final Constructor<T> constructor;
  private final List<Field> fields = new ArrayList<>();

  /** For subclasses that are named by {@link MappedBy}, and for records without one. */
  protected RecordMapping(Class<T> type) {
    this.type = type;
    this.form = JsonMappings.form(type);
    List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
    List<String> names = components.stream().map(RecordComponent::getName).toList();
    try {
      this.constructor =
          type.getDeclaredConstructor(
              components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      for (String name : form.fields().isEmpty() ? names : JsonMappings.fields(form)) {
        fields.add(field(name, names));
      }
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("the form of " + type.getName() + " does not fit it", e);
    }
  }

  private Field field(String said, List<String> components) throws NoSuchMethodException {
    String name = said.replaceAll("[*?]|=.*", "");
    String source = said.contains("=") ? said.substring(said.indexOf('=') + 1) : name;
    Method method = type.getDeclaredMethod(source);
    method.setAccessible(true);
    return new Field(
        name,
        method,
        Suppliers.memoize(() -> JsonMappings.of(method.getGenericReturnType())),
        said.startsWith("*"),
        said.contains("?"),
        components.indexOf(source));
  }

  @Override
  public final JsonElement write(T value) {
    if (form.array()) {
      JsonArray array = new JsonArray();
      fields.forEach(field -> array.add(field.mapping().write(field.of(value))));
      return array;
    }
    JsonObject json = new JsonObject();
    if (form.schema() > 0) {
      json.addProperty("schema", form.schema());
    }
    addKind(json);
    addTo(json, value, form.plainNumbers());
    return json;
  }

  /** Writes a value that is known to be of this type. */
  final JsonElement writeAny(Object value) {
    return write(type.cast(value));
  }

  /** Adds the fields of a value to an object that is more than it. */
  private void addTo(JsonObject json, Object value, boolean plainNumbers) {
    for (Field field : fields) {
      Object content = field.of(value);
      if (field.inlined()) {
        inlined(content)
            .ifPresent(inner -> JsonMappings.record(inner).addInlined(json, inner, plainNumbers));
      } else if (!(field.omitted() && isEmpty(content))) {
        JsonElement element = field.mapping().write(content);
        json.add(field.name(), plainNumbers ? JsonMappings.plain(element) : element);
      }
    }
  }

  private void addInlined(JsonObject json, Object value, boolean plainNumbers) {
    if (form.schema() == 0) {
      addKind(json);
    }
    addTo(json, value, plainNumbers);
  }

  private void addKind(JsonObject json) {
    if (!form.kind().isEmpty()) {
      json.addProperty(form.kindField(), form.kind());
    }
  }

  private static Optional<?> inlined(Object content) {
    return content instanceof Optional<?> optional ? optional : Optional.of(content);
  }

  private static boolean isEmpty(Object value) {
    return value.equals(false)
        || value.equals(Optional.empty())
        || value.equals(OptionalInt.empty())
        || value.equals(OptionalLong.empty())
        || value.equals(OptionalDouble.empty())
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof Collection<?> collection && collection.isEmpty());
  }

  /** {@return what the fields of a record hold, by name, as a line of a table} */
  public static Map<String, Object> values(Object record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : JsonMappings.record(record).fields) {
      Object content = field.of(record);
      if (field.inlined()) {
        inlined(content).ifPresent(inner -> values.putAll(values(inner)));
      } else {
        values.put(field.name(), content);
      }
    }
    return values;
  }

  @Override
  public final T read(JsonNode node) {
    if (form.schema() > 0) {
      readKind(node);
    }
    return readFields(node);
  }

  /** Refuses what is of another kind or schema. */
  protected void readKind(JsonNode node) {
    JsonNode unused = node.ofKind(form.kind(), form.schema());
  }

  /** {@return a value whose fields stand in an object, which may be more than it} */
  protected T readFields(JsonNode node) {
    Object[] values = new Object[type.getRecordComponents().length];
    List<JsonNode> elements = form.array() ? node.listOf(values.length) : List.of();
    return node.build(
        () -> {
          for (Field field : fields) {
            if (field.component() >= 0) {
              values[field.component()] =
                  form.array()
                      ? field.mapping().read(elements.get(field.component()))
                      : read(field, node);
            }
          }
          return type.cast(invoke(() -> constructor.newInstance(values)));
        });
  }

  private Object read(Field field, JsonNode node) {
    if (field.inlined()) {
      return JsonMappings.fields(field.mapping(), node);
    }
    Optional<JsonNode> child = node.find(field.name());
    if (child.isPresent()) {
      return field.mapping().read(child.get());
    }
    Object missing = missing(field.name(), field.method().getGenericReturnType(), node);
    return missing == null ? field.mapping().read(node.get(field.name())) : missing;
  }

  /** {@return what a field stands for that is missing or null; null if it must not} */
  protected @Nullable Object missing(String field, Type fieldType, JsonNode node) {
    if (fieldType == OptionalDouble.class) {
      // What was not measured is absent; what was, but is not finite, is null.
      boolean measured = node.has(field) && JsonMappings.fields(form).contains(field + "?");
      return measured ? OptionalDouble.of(Double.NaN) : OptionalDouble.empty();
    }
    if (fieldType == boolean.class && JsonMappings.fields(form).contains(field + "?")) {
      return false;
    }
    if (fieldType == double.class && node.has(field)) {
      return Double.NaN;
    }
    return JsonMappings.empty(fieldType);
  }

  private static Object invoke(Invocation invocation) {
    try {
      return invocation.run();
    } catch (InvocationTargetException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
