package io.github.resnetensembles.network;

import com.google.common.collect.ImmutableBiMap;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Layers as JSON: their kind, and the components of their records that are not the usual ones. */
final class LayerJson {
  private static final ImmutableBiMap<String, Class<? extends Layer>> KINDS =
      ImmutableBiMap.<String, Class<? extends Layer>>builder()
          .put("convolution", Layer.Convolution.class)
          .put("batch-norm", Layer.BatchNorm.class)
          .put("relu", Layer.Relu.class)
          .put("max-pool", Layer.MaxPool.class)
          .put("global-average-pool", Layer.GlobalAveragePool.class)
          .put("flatten", Layer.Flatten.class)
          .put("linear", Layer.Linear.class)
          .put("zero-padding", Layer.ZeroPadding.class)
          .build();

  /** What a component is where it is left out. */
  private static final Map<String, Object> USUAL =
      Map.of(
          "stride", 1, "padding", 0, "dilation", 1, "groups", 1, "bias", false, "roundUp", false);

  private static final Gson GSON = new Gson();

  private LayerJson() {}

  static JsonElement write(Layer layer) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", KINDS.inverse().get(layer.getClass()));
    for (RecordComponent component : layer.getClass().getRecordComponents()) {
      Object value = value(component, layer);
      if (!value.equals(USUAL.get(component.getName()))) {
        json.add(component.getName(), GSON.toJsonTree(value));
      }
    }
    return json;
  }

  static Layer read(JsonNode node) {
    String kind = node.get("kind").text();
    Class<? extends Layer> type = KINDS.get(kind);
    if (type == null) {
      throw node.get("kind").error("must be one of " + String.join(", ", KINDS.keySet()));
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = Arrays.stream(components).map(c -> read(node, c)).toArray();
    return node.build(() -> create(type, components, values));
  }

  private static Object read(JsonNode node, RecordComponent component) {
    String name = component.getName();
    Object usual = USUAL.get(name);
    if (usual != null && node.find(name).isEmpty()) {
      return usual;
    }
    JsonNode field = node.get(name);
    if (component.getType() == int.class) {
      return field.integer();
    }
    return component.getType() == boolean.class ? field.bool() : field.text();
  }

  private static Object value(RecordComponent component, Layer layer) {
    try {
      return component.getAccessor().invoke(layer);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a layer's " + component.getName() + " cannot be read", e);
    }
  }

  private static Layer create(
      Class<? extends Layer> type, RecordComponent[] components, Object[] values) {
    List<Class<?>> types =
        Arrays.stream(components).<Class<?>>map(RecordComponent::getType).toList();
    try {
      Constructor<? extends Layer> canonical =
          type.getDeclaredConstructor(types.toArray(new Class<?>[0]));
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no layer of " + type + " can be made", e);
    }
  }
}
