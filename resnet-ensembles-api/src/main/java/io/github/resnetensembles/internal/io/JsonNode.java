package io.github.resnetensembles.internal.io;

import com.google.common.base.Throwables;
import com.google.common.collect.Maps;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.RefusedValueException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of a JSON text that knows where it is, so that errors can say it. */
public final class JsonNode {
  /** A text that is read by a thread which may be interrupted. */
  private static final class InterruptibleReader extends StringReader {
    private int reads;

    InterruptibleReader(String text) {
      super(text);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      INTERRUPTS.check(reads++);
      return super.read(buffer, offset, length);
    }
  }

  /** Nobody expects a minus sign before a zero. */
  private static final class UnsignedZeroWriter extends JsonWriter {
    UnsignedZeroWriter(Writer out) {
      super(out);
    }

    @Override
    public JsonWriter value(Number value) throws IOException {
      return super.value(value instanceof Double number ? Numbers.unsignedZero(number) : value);
    }
  }

  private static final Gson STRICT =
      new GsonBuilder().setStrictness(Strictness.STRICT).serializeNulls().create();

  private static final double[] NOT_FINITE = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  /** Where Gson stopped, as it says it. */
  private static final Pattern PLACE = Pattern.compile("line (\\d{1,18}) column (\\d{1,18})");

  private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,400}");

  private static final Interrupts INTERRUPTS = Interrupts.during("JSON was read");

  private final JsonElement element;
  private final String path;

  private JsonNode(JsonElement element, String path) {
    this.element = element;
    this.path = path;
  }

  /** Parses a text that must be a JSON object; {@code what} names it in errors. */
  public static JsonNode parse(String text, String what) {
    try {
      JsonElement element = STRICT.fromJson(new InterruptibleReader(text), JsonElement.class);
      if (element == null) {
        throw new InvalidJsonException(what + " is empty; expected JSON");
      }
      refuseDuplicates(text, what);
      return new JsonNode(element, what);
    } catch (JsonParseException | IOException e) {
      throw malformed(what, e);
    } catch (StackOverflowError e) {
      throw new InvalidJsonException(
          what + " is not JSON that can be read: it is nested too deeply", e);
    }
  }

  /** Of two fields with one name the reader keeps the last, and nobody can tell which is right. */
  private static void refuseDuplicates(String text, String what) throws IOException {
    JsonReader reader = new JsonReader(new InterruptibleReader(text));
    reader.setStrictness(Strictness.STRICT);
    Deque<Set<String>> open = new ArrayDeque<>();
    while (reader.peek() != JsonToken.END_DOCUMENT) {
      switch (reader.peek()) {
        case BEGIN_OBJECT -> {
          reader.beginObject();
          open.push(new HashSet<>());
        }
        case END_OBJECT -> {
          reader.endObject();
          open.pop();
        }
        case BEGIN_ARRAY -> reader.beginArray();
        case END_ARRAY -> reader.endArray();
        case NAME -> {
          String name = reader.nextName();
          if (!open.element().add(name)) {
            String path = reader.getPath();
            throw new InvalidJsonException(
                what
                    + Names.shorten(path.substring(1, path.length() - name.length() - 1))
                    + " has the field '"
                    + Names.shorten(name)
                    + "' twice; leave one out");
          }
        }
        default -> reader.skipValue();
      }
    }
  }

  private static InvalidJsonException malformed(String what, Exception e) {
    boolean ended =
        Throwables.getCausalChain(e).stream().anyMatch(cause -> cause instanceof EOFException);
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return new InvalidJsonException(
        "%s is not JSON: %s".formatted(what, ended ? "it ends too early" : "unexpected text")
            + (place.find()
                ? " at line " + place.group(1) + ", column " + place.group(2)
                : ended ? "" : " after its end")
            + "; get it again, or write it anew",
        e);
  }

  /** This node, if its fields {@code kind} and {@code schema} are these. */
  public JsonNode ofKind(String kind, int schema) {
    if (find("kind").filter(found -> found.text().equals(kind)).isEmpty()) {
      throw error("is no " + kind.replace('-', ' ') + ": its field 'kind' is not '" + kind + "'");
    }
    if (get("schema").integer() != schema) {
      throw get("schema").error("must be " + schema);
    }
    return this;
  }

  /**
   * Writes a tree, one line, nulls included, zeros without a sign.
   *
   * @throws InvalidInputException if it has a number that JSON has no word for
   */
  public static String write(JsonElement element) {
    try {
      StringWriter text = new StringWriter();
      STRICT.toJson(element, new UnsignedZeroWriter(text));
      return text.toString();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "a number is infinite or none (NaN), and JSON has no word for it; give finite numbers",
          e);
    }
  }

  /** An array of numbers. */
  public static JsonArray array(Iterable<? extends Number> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(array::add);
    return array;
  }

  /** {@return a value as JSON} */
  public static <T> JsonElement tree(Class<T> type, T value) {
    return JsonMappings.of(type).write(value);
  }

  /** {@return a value as a text of JSON} */
  public static <T> String write(Class<T> type, T value) {
    return write(tree(type, value));
  }

  /** {@return what this node holds} */
  public <T> T as(Class<T> type) {
    return type.cast(JsonMappings.of(type).read(this));
  }

  /** An array of numbers that may be NaN or infinite: those are texts. */
  public static JsonArray anyNumbers(Iterable<Double> numbers) {
    JsonArray array = new JsonArray();
    for (double number : numbers) {
      if (Double.isFinite(number)) {
        array.add(number);
      } else {
        array.add(String.valueOf(number));
      }
    }
    return array;
  }

  public String path() {
    return path;
  }

  /** A field that must be there. */
  public JsonNode get(String field) {
    return find(field).orElseThrow(() -> error("has no field '" + field + "'"));
  }

  /** A field that may be missing; an explicit null counts as missing. */
  public Optional<JsonNode> find(String field) {
    JsonElement child = object().get(field);
    return child == null || child.isJsonNull()
        ? Optional.empty()
        : Optional.of(new JsonNode(child, path + "." + field));
  }

  /** The names of an object's fields, in order. */
  public Set<String> names() {
    return object().keySet();
  }

  /** Whether there is a field, be it null. */
  public boolean has(String field) {
    return object().has(field);
  }

  /** Refuses fields of other names, where a misspelt one would go unnoticed. */
  public JsonNode only(String... names) {
    for (String name : object().keySet()) {
      if (!Arrays.asList(names).contains(name)) {
        throw error(
            "has the unknown field '%s'; its fields are %s"
                .formatted(Names.shorten(name), String.join(", ", names)));
      }
    }
    return this;
  }

  public List<JsonNode> list() {
    if (!element.isJsonArray()) {
      throw error("must be an array");
    }
    List<JsonNode> nodes = new ArrayList<>();
    for (JsonElement child : element.getAsJsonArray()) {
      INTERRUPTS.check(nodes.size());
      nodes.add(new JsonNode(child, path + "[" + nodes.size() + "]"));
    }
    return nodes;
  }

  /** {@return the elements of an array that has this many} */
  public List<JsonNode> listOf(int count) {
    List<JsonNode> nodes = list();
    if (nodes.size() != count) {
      throw error("must be an array of " + count + ", got " + nodes.size() + " elements");
    }
    return nodes;
  }

  public <T> List<T> list(Function<JsonNode, T> read) {
    List<T> values = new ArrayList<>();
    for (JsonNode node : list()) {
      INTERRUPTS.check(values.size());
      values.add(read.apply(node));
    }
    return List.copyOf(values);
  }

  public String text() {
    JsonPrimitive primitive = primitive("a text");
    if (!primitive.isString()) {
      throw error("must be a text, got " + Names.shorten(element));
    }
    try {
      return Names.require("the text", primitive.getAsString(), Integer.MAX_VALUE);
    } catch (RefusedValueException e) {
      throw new InvalidJsonException(path + ": " + e.getMessage(), e);
    }
  }

  /** A number in a text, digit by digit. */
  public BigInteger digits() {
    String text = text();
    if (!DIGITS.matcher(text).matches()) {
      throw error("must be an integer in quotes, got '" + Names.shorten(text) + "'");
    }
    return new BigInteger(text);
  }

  public boolean bool() {
    JsonPrimitive primitive = primitive("true or false");
    if (!primitive.isBoolean()) {
      throw error("must be true or false, got " + Names.shorten(element));
    }
    return primitive.getAsBoolean();
  }

  public double number() {
    JsonPrimitive primitive = primitive("a number");
    if (!primitive.isNumber()) {
      throw error("must be a number, got " + Names.shorten(element));
    }
    double value = primitive.getAsDouble();
    if (!Double.isFinite(value)) {
      throw error("is out of range: " + Names.shorten(element));
    }
    return value;
  }

  /** A number, or NaN where there is a null. */
  public double numberOrNan() {
    return element.isJsonNull() ? Double.NaN : number();
  }

  /** A number, or one of the texts NaN, Infinity and -Infinity. */
  public double anyNumber() {
    for (double special : NOT_FINITE) {
      if (element.equals(new JsonPrimitive(String.valueOf(special)))) {
        return special;
      }
    }
    return number();
  }

  public int integer() {
    long value = longInteger();
    if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
      throw error("is out of range: " + value);
    }
    return (int) value;
  }

  public long longInteger() {
    JsonPrimitive primitive = primitive("an integer");
    if (!primitive.isNumber() || primitive.getAsString().length() > 40) {
      throw error("must be an integer, got " + Names.shorten(element));
    }
    try {
      return new BigDecimal(primitive.getAsString()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw error("must be an integer, got " + Names.shorten(element));
    }
  }

  public <E extends Enum<E>> E constant(Class<E> type) {
    return oneOf(Maps.uniqueIndex(Arrays.asList(type.getEnumConstants()), Enum::name));
  }

  /** {@return what the text of this node names} */
  public <T> T oneOf(Map<String, T> byName) {
    String name = text();
    T found = byName.get(name);
    if (found == null) {
      throw error(
          "must be one of %s, got '%s'"
              .formatted(String.join(", ", byName.keySet()), Names.shorten(name)));
    }
    return found;
  }

  /** Runs a constructor whose own complaint then says where it was. */
  public <T> T build(java.util.function.Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (InvalidJsonException | RunInterruptedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InvalidJsonException(
          saidByUs(e)
              ? path + ": " + e.getMessage()
              : path + " has values that cannot be together; get the file again",
          e);
    }
  }

  /** Whether a check of this library speaks: others know nothing of the text. */
  private static boolean saidByUs(RuntimeException e) {
    return e instanceof InvalidInputException || e instanceof RefusedValueException;
  }

  public InvalidJsonException error(String complaint) {
    return new InvalidJsonException(path + " " + complaint);
  }

  private JsonObject object() {
    if (!element.isJsonObject()) {
      throw error("must be an object");
    }
    return element.getAsJsonObject();
  }

  private JsonPrimitive primitive(String expected) {
    if (!element.isJsonPrimitive()) {
      throw error("must be " + expected);
    }
    return element.getAsJsonPrimitive();
  }
}
