package io.github.resnetensembles.internal.io;

import com.google.gson.JsonElement;

/**
 * How values of a type stand in JSON. A type names its mapping by {@link MappedBy}, so that whoever
 * writes or reads such a value as a part of something else need not know the mapping, which stays
 * beside its type. Has a constructor without parameters.
 *
 * @param <T> the type
 */
public interface JsonMapping<T> {
  /** {@return the value as JSON} */
  JsonElement write(T value);

  /** {@return the value that a node holds} */
  T read(JsonNode node);
}
