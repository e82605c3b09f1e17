package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The safetensors format: the header's length (8 bytes, little-endian), the header (JSON: for each
 * tensor its type, shape and place), then the values without gaps.
 */
final class SafetensorsFile {
  private static final int MAX_HEADER = 100_000_000;
  static final int MAX_TENSORS = 200_000;
  private static final String METADATA = "__metadata__";
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern PLACE = Pattern.compile("at line [0-9]+ column [0-9]+ path .*");

  private record Entry(String name, ElementType type, List<Integer> shape, long begin, long end) {}

  private record Slice(ElementType type, long count, ByteBuffer bytes)
      implements StoredTensor.Storage {}

  private SafetensorsFile() {}

  /** Whether the bytes begin like this format: a length, then a JSON object. */
  static boolean recognises(byte[] bytes) {
    return bytes.length > 8 && bytes[8] == '{';
  }

  static TensorFile parse(byte[] bytes) {
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    long most = Math.min(MAX_HEADER, bytes.length - 8L);
    if (length < 2 || length > most) {
      throw new InvalidWeightsException(
          ("the safetensors header claims %s bytes, but 2 to %s are possible in this"
                  + " file: it is damaged or truncated, get it again")
              .formatted(Long.toUnsignedString(length), most));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = readHeader(bytes, (int) length, metadata);
    int start = 8 + (int) length;
    checkPlaces(entries.values(), bytes.length - start);

    Map<String, TensorFile.Entry> tensors = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      ByteBuffer slice =
          ByteBuffer.wrap(bytes, start + (int) entry.begin, (int) (entry.end - entry.begin))
              .slice()
              .order(ByteOrder.LITTLE_ENDIAN);
      long count = StoredTensor.count(entry.shape);
      tensors.put(entry.name, StoredTensor.whole(entry.shape, new Slice(entry.type, count, slice)));
    }
    return new TensorFile(tensors, metadata);
  }

  private static Map<String, Entry> readHeader(
      byte[] bytes, int length, Map<String, String> metadata) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (JsonReader json =
        new JsonReader(
            new InputStreamReader(
                new java.io.ByteArrayInputStream(bytes, 8, length),
                UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      json.setStrictness(Strictness.STRICT);
      boolean metadataSeen = false;
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        ReadBudget.look();
        if (name.equals(METADATA)) {
          if (metadataSeen) {
            throw new InvalidWeightsException("the safetensors header has " + METADATA + " twice");
          }
          metadataSeen = true;
          readMetadata(json, metadata);
        } else if (entries.size() == MAX_TENSORS) {
          throw new InvalidWeightsException("the file has more than " + MAX_TENSORS + " tensors");
        } else if (entries.put(name, readEntry(name, json)) != null) {
          throw new InvalidWeightsException(
              "the safetensors header has the tensor '" + Names.shorten(name) + "' twice");
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new InvalidWeightsException("the safetensors header goes on after its JSON object");
      }
      return entries;
    } catch (MalformedJsonException | EOFException | java.nio.charset.CharacterCodingException e) {
      throw notJson(e);
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw notJson(e);
    }
  }

  private static InvalidWeightsException notJson(Exception e) {
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return new InvalidWeightsException(
        ("the safetensors header is not the JSON that the format asks for%s: the file"
                + " is damaged, get it again")
            .formatted(place.find() ? " (" + Names.shorten(place.group()) + ")" : ""),
        e);
  }

  private static void readMetadata(JsonReader json, Map<String, String> metadata)
      throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (json.peek() != JsonToken.STRING || metadata.put(key, json.nextString()) != null) {
        throw new InvalidWeightsException(
            "the safetensors metadata '" + Names.shorten(key) + "' is no text, or is there twice");
      }
    }
    json.endObject();
  }

  private static Entry readEntry(String name, JsonReader json) throws IOException {
    String what = "tensor '" + Names.shorten(name) + "'";
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String field = json.nextName();
      if (field.equals("dtype") && type == null) {
        type = ElementType.ofSafetensors(json.nextString());
      } else if (field.equals("shape") && shape == null) {
        shape = integers(what, json);
      } else if (field.equals("data_offsets") && offsets == null) {
        offsets = integers(what, json);
      } else {
        throw new InvalidWeightsException(
            "%s has the field '%s', unknown to the format or there twice"
                .formatted(what, Names.shorten(field)));
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new InvalidWeightsException(
          what + " lacks one of dtype, shape and data_offsets (two numbers)");
    }
    List<Integer> sizes = StoredTensor.sizes(what, shape);
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes = StoredTensor.count(sizes) * type.size();
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw new InvalidWeightsException(
          "%s of the type %s and shape %s needs %s bytes but its data_offsets are %s"
              .formatted(what, type, shape, bytes, offsets));
    }
    return new Entry(name, type, sizes, begin, end);
  }

  private static List<Long> integers(String what, JsonReader json) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      if (numbers.size() == 64 || json.peek() != JsonToken.NUMBER) {
        throw new InvalidWeightsException(what + " has a shape or offsets that are not integers");
      }
      String number = json.nextString();
      if (!INTEGER.matcher(number).matches()) {
        throw new InvalidWeightsException(
            what + " has '" + Names.shorten(number) + "' in its shape or offsets, no integer");
      }
      numbers.add(Long.valueOf(number));
    }
    json.endArray();
    return numbers;
  }

  private static void checkPlaces(Collection<Entry> entries, long dataBytes) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long expected = 0;
    for (Entry entry : sorted) {
      if (entry.begin != expected) {
        throw new InvalidWeightsException(
            ("tensor '%s' begins at byte %s of the values, where %s is due: tensors must"
                    + " not overlap or leave gaps")
                .formatted(Names.shorten(entry.name), entry.begin, expected));
      }
      expected = entry.end;
    }
    if (expected != dataBytes) {
      throw new InvalidWeightsException(
          ("the tensors need %s bytes of values but the file has %s: it is damaged or"
                  + " truncated, get it again")
              .formatted(expected, dataBytes));
    }
  }

  /**
   * Writes tensors in one atomic move: as F32 where float32 holds every value exactly, else as F64;
   * kernels and matrices as BF16 where that holds every value exactly.
   */
  static void write(
      Path file, Map<String, String> metadata, Collection<? extends NamedTensor> tensors) {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    header.add(METADATA, texts);
    List<ElementType> types = new ArrayList<>();
    long end = 0;
    for (NamedTensor tensor : tensors) {
      ElementType type = narrowest(tensor);
      types.add(type);
      long begin = end;
      end += StoredTensor.count(tensor.shape()) * type.size();
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", type.safetensors());
      entry.add("shape", JsonNode.array(tensor.shape()));
      entry.add("data_offsets", JsonNode.array(List.of(begin, end)));
      if (header.has(tensor.name())) {
        throw new InvalidInputException("two tensors are named " + tensor.name());
      }
      header.add(tensor.name(), entry);
    }
    byte[] json = JsonNode.write(header).getBytes(UTF_8);
    AtomicFiles.write(
        file,
        out -> {
          // Values begin at a multiple of 8 bytes, as the format recommends.
          int padding = (8 - json.length % 8) % 8;
          out.write(bytes(json.length + (long) padding));
          out.write(json);
          out.write(" ".repeat(padding).getBytes(UTF_8));
          int i = 0;
          for (NamedTensor tensor : tensors) {
            out.write(
                switch (types.get(i++)) {
                  case BF16 -> upperHalves(tensor.floats());
                  case F32 -> bytes(tensor.floats());
                  default -> bytes(tensor.doubles());
                });
          }
        });
  }

  private static ElementType narrowest(NamedTensor tensor) {
    double[] values = tensor.doubles();
    if (tensor.shape().size() > 1 && holds(values, ElementType::toBfloat16)) {
      return ElementType.BF16;
    }
    return holds(values, value -> value) ? ElementType.F32 : ElementType.F64;
  }

  /** Whether a format holds each value exactly, given how it rounds those of float32. */
  private static boolean holds(double[] values, FloatUnaryOperator rounding) {
    for (double value : values) {
      if (Double.compare(rounding.apply((float) value), value) != 0) {
        return false;
      }
    }
    return true;
  }

  private interface FloatUnaryOperator {
    float apply(float value);
  }

  /** Little-endian bfloat16, which is the upper half of float32. */
  private static byte[] upperHalves(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 2)).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return bytes.array();
  }

  /** Little-endian float32. */
  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, 4)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  private static byte[] bytes(double[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, 8)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
    return bytes;
  }

  private static byte[] bytes(long value) {
    byte[] bytes = new byte[8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return bytes;
  }
}
