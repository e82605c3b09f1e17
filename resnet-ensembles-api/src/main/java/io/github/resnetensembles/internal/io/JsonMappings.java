package io.github.resnetensembles.internal.io;

import com.google.common.base.Splitter;
import com.google.common.reflect.TypeToken;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.internal.Numbers;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds how values of a type stand in JSON. */
public final class JsonMappings {
  /** A mapping made of two functions. */
  private record Of<T>(Function<T, JsonElement> writer, Function<JsonNode, T> reader)
      implements JsonMapping<T> {
    @Override
    public JsonElement write(T value) {
      return writer.apply(value);
    }

    @Override
    public T read(JsonNode node) {
      return reader.apply(node);
    }
  }

  @JsonForm
  private record Usual() {}

  private static final JsonForm USUAL = form(Usual.class);

  private static final Map<Type, JsonMapping<?>> SIMPLE =
      Map.ofEntries(
          Map.entry(int.class, new Of<>(JsonPrimitive::new, JsonNode::integer)),
          Map.entry(Integer.class, new Of<>(JsonPrimitive::new, JsonNode::integer)),
          Map.entry(long.class, new Of<>(JsonPrimitive::new, JsonNode::longInteger)),
          Map.entry(Long.class, new Of<>(JsonPrimitive::new, JsonNode::longInteger)),
          Map.entry(double.class, new Of<>(JsonMappings::number, JsonNode::numberOrNan)),
          Map.entry(Double.class, new Of<>(JsonMappings::number, JsonNode::numberOrNan)),
          Map.entry(boolean.class, new Of<>(JsonPrimitive::new, JsonNode::bool)),
          Map.entry(String.class, new Of<>(JsonPrimitive::new, JsonNode::text)),
          // Longer than what other programs take for a number.
          Map.entry(
              BigInteger.class,
              new Of<BigInteger>(number -> new JsonPrimitive(number.toString()), JsonNode::digits)),
          Map.entry(
              OptionalInt.class,
              new Of<OptionalInt>(
                  value ->
                      value.isPresent() ? new JsonPrimitive(value.getAsInt()) : JsonNull.INSTANCE,
                  node -> OptionalInt.of(node.integer()))),
          Map.entry(
              OptionalLong.class,
              new Of<OptionalLong>(
                  value ->
                      value.isPresent() ? new JsonPrimitive(value.getAsLong()) : JsonNull.INSTANCE,
                  node -> OptionalLong.of(node.longInteger()))),
          Map.entry(
              OptionalDouble.class,
              new Of<OptionalDouble>(
                  value -> value.isPresent() ? number(value.getAsDouble()) : JsonNull.INSTANCE,
                  node -> OptionalDouble.of(node.number()))));

  private static final Map<Type, JsonMapping<?>> FOUND = new ConcurrentHashMap<>();

  private JsonMappings() {}

  static JsonForm form(Class<?> type) {
    JsonForm form = type.getAnnotation(JsonForm.class);
    return form == null ? USUAL : form;
  }

  /** {@return the names of fields that a form lists} */
  static List<String> fields(JsonForm form) {
    return Splitter.on(' ').splitToList(form.fields());
  }

  /** JSON has no word for numbers that are none. */
  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  /** A number without a fraction that says nothing. */
  static JsonElement plain(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()
        ? new JsonPrimitive(Numbers.plain(element.getAsDouble()))
        : element;
  }

  /** {@return the mapping of a type} */
  @SuppressWarnings("unchecked") // A type's mapping is of this type: a test looks at all.
  static JsonMapping<Object> of(Type type) {
    JsonMapping<?> known = SIMPLE.getOrDefault(type, FOUND.get(type));
    if (known == null) {
      // Not computeIfAbsent: finding one finds others, and twice is as good as once.
      known = find(type);
      FOUND.put(type, known);
    }
    return (JsonMapping<Object>) known;
  }

  /** {@return the kind that the JSON of a record says it is of} */
  public static String kind(Class<?> type) {
    return form(type).kind();
  }

  /** {@return a record as JSON} */
  public static JsonElement tree(Object record) {
    return of(record.getClass()).write(record);
  }

  /** {@return a record as a text of JSON} */
  public static String write(Object record) {
    return JsonNode.write(tree(record));
  }

  /** {@return the mapping of a record of this class, without what else maps the class} */
  static RecordMapping<?> record(Object value) {
    return (RecordMapping<?>) of(value.getClass());
  }

  /** Reads a record whose fields stand in an object that is more than it. */
  static Object fields(JsonMapping<?> mapping, JsonNode node) {
    return mapping instanceof RecordMapping<?> record
        ? record.readFields(node)
        : mapping.read(node);
  }

  /** {@return what an absent value of a type stands for; null if it must be there} */
  static @Nullable Object empty(Type type) {
    Class<?> raw = TypeToken.of(type).getRawType();
    return raw == Map.class
        ? Map.of()
        : raw == Optional.class
            ? Optional.empty()
            : raw == OptionalInt.class
                ? OptionalInt.empty()
                : raw == OptionalLong.class ? OptionalLong.empty() : null;
  }

  private static JsonMapping<?> find(Type type) {
    Class<?> raw = TypeToken.of(type).getRawType();
    MappedBy mappedBy = raw.getAnnotation(MappedBy.class);
    if (mappedBy != null) {
      return instance(mappedBy);
    }
    if (type instanceof ParameterizedType parameterized) {
      if (raw == Map.class) {
        return byName(of(parameterized.getActualTypeArguments()[1]));
      }
      JsonMapping<Object> inner = of(parameterized.getActualTypeArguments()[0]);
      return raw == Optional.class ? optional(inner) : collection(raw, inner);
    }
    if (raw.isRecord()) {
      return new RecordMapping<>(raw);
    }
    if (raw.isEnum()) {
      return constants(raw);
    }
    Class<?>[] permitted = sealed(raw).getPermittedSubclasses();
    // An interface in front of a record, which says no kind, is written as the record.
    return permitted.length == 1 ? of(permitted[0]) : kinds(raw);
  }

  private static JsonMapping<?> instance(MappedBy mappedBy) {
    try {
      var constructor = mappedBy.value().getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no mapping " + mappedBy.value().getName(), e);
    }
  }

  private static JsonMapping<?> optional(JsonMapping<Object> inner) {
    return new Of<Optional<Object>>(
        value -> value.map(inner::write).orElse(JsonNull.INSTANCE),
        node -> Optional.of(inner.read(node)));
  }

  /** An object with the keys of a map. */
  private static JsonMapping<?> byName(JsonMapping<Object> inner) {
    return new Of<Map<String, Object>>(
        values -> {
          JsonObject object = new JsonObject();
          values.forEach((name, value) -> object.add(name, inner.write(value)));
          return object;
        },
        node -> {
          Map<String, Object> values = new LinkedHashMap<>();
          node.names().forEach(name -> values.put(name, inner.read(node.get(name))));
          return values;
        });
  }

  private static JsonMapping<?> collection(Class<?> raw, JsonMapping<Object> inner) {
    return new Of<Collection<Object>>(
        values -> {
          JsonArray array = new JsonArray();
          values.forEach(value -> array.add(inner.write(value)));
          return array;
        },
        node -> {
          List<Object> values = node.list(inner::read);
          return raw == Set.class ? new TreeSet<>(values) : values;
        });
  }

  private static JsonMapping<?> constants(Class<?> type) {
    JsonForm form = form(type);
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      String name = name(form, type, constant);
      byName.put(form.lowerCase() ? name.toLowerCase(Locale.ROOT) : name, constant);
    }
    Map<Object, JsonElement> written = new LinkedHashMap<>();
    byName.forEach((name, constant) -> written.put(constant, new JsonPrimitive(name)));
    return new Of<>(
        constant -> written.getOrDefault(constant, JsonNull.INSTANCE), node -> node.oneOf(byName));
  }

  private static String name(JsonForm form, Class<?> type, Object constant) {
    if (form.fields().isEmpty()) {
      return ((Enum<?>) constant).name();
    }
    try {
      Method method = type.getDeclaredMethod(form.fields());
      return String.valueOf(method.invoke(constant));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no name of " + constant, e);
    }
  }

  /** {@return the mapping of the records of a sealed interface, each of which says its kind} */
  public static <T> JsonMapping<T> kinds(Class<T> type) {
    Map<String, Object> byKind = new TreeMap<>();
    String field = "";
    for (Class<?> permitted : sealed(type).getPermittedSubclasses()) {
      JsonForm form = form(permitted);
      if (!form.kind().isEmpty()) {
        byKind.put(form.kind(), of(permitted));
        field = form.kindField();
      }
    }
    String kindField = field;
    return new Of<>(
        value -> record(value).writeAny(value),
        node -> type.cast(((RecordMapping<?>) node.get(kindField).oneOf(byKind)).read(node)));
  }

  private static Class<?> sealed(Class<?> type) {
    if (!type.isSealed()) {
      throw new IllegalStateException("no mapping of " + type.getName());
    }
    return type;
  }
}
