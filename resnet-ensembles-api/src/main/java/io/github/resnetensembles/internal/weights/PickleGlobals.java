package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Python names that a checkpoint may use, and what stands for them here. Each is data or a
 * function of ours; nothing of Python, and no class that the file chooses, is ever run.
 */
final class PickleGlobals {
  /** What a pickle may call. */
  interface Function {
    Object call(Object[] arguments);
  }

  /** A class of torch that names a storage's element type. */
  record StorageClass(ElementType type) {}

  private static final Set<String> DICTIONARIES =
      Set.of("collections.OrderedDict", "collections.Counter");

  private PickleGlobals() {}

  static boolean allowed(String name) {
    return find(name) != null;
  }

  static InvalidWeightsException refused(String name, long position) {
    return new InvalidWeightsException(
        "the pickle names "
            + Names.shorten(name)
            + " (at byte "
            + position
            + "), which storing tensors does not need: refused, and nothing was executed; if you"
            + " trust the file, save its state dict alone with torch.save(model.state_dict(),"
            + " file)");
  }

  static Object resolve(String name) {
    Object found = find(name);
    if (found == null) {
      throw refused(name, 0);
    }
    return found;
  }

  private static @Nullable Object find(String name) {
    if (DICTIONARIES.contains(name)) {
      return (Function) PickleGlobals::dictionary;
    }
    for (ElementType type : ElementType.values()) {
      if (name.equals("torch." + type.torchStorage())
          || name.equals("torch.cuda." + type.torchStorage())) {
        return new StorageClass(type);
      }
    }
    return switch (name) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
          (Function) PickleGlobals::tensor;
      case "torch._utils._rebuild_parameter" ->
          (Function) arguments -> argument(arguments, 0, StoredTensor.class);
      case "torch.Size" -> (Function) arguments -> argument(arguments, 0, Object[].class);
      case "torch.device" -> (Function) arguments -> String.valueOf(arguments.length);
      default -> null;
    };
  }

  /** An empty dictionary, or one with the pairs that Python 2 gives its constructor. */
  private static Object dictionary(Object[] arguments) {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
    if (arguments.length > 0 && arguments[0] instanceof List<?> pairs) {
      for (Object pair : pairs) {
        Object[] both =
            pair instanceof List<?> list ? list.toArray() : argument(pair, Object[].class);
        dictionary.put(TensorUnpickler.key(both[0]), both[1]);
      }
    } else if (arguments.length > 0 && arguments[0] instanceof Map<?, ?> map) {
      dictionary.putAll(map);
    }
    return dictionary;
  }

  /** (storage, offset, shape, strides, …): what follows says nothing about values. */
  private static Object tensor(Object[] arguments) {
    return StoredTensor.strided(
        "a tensor",
        argument(arguments, 0, StoredTensor.Storage.class),
        argument(arguments, 1, Number.class).longValue(),
        integers(argument(arguments, 2, Object[].class)),
        integers(argument(arguments, 3, Object[].class)));
  }

  private static List<Long> integers(Object[] numbers) {
    List<Long> list = new ArrayList<>();
    for (Object number : numbers) {
      list.add(integer(number));
    }
    return list;
  }

  /** An integer as razorvine gives it; others, too large ones too, are refused. */
  static long integer(@Nullable Object number) {
    if (number instanceof Integer || number instanceof Long) {
      return ((Number) number).longValue();
    }
    throw TensorUnpickler.damaged("an integer is due", null);
  }

  private static <T> T argument(Object[] arguments, int index, Class<T> type) {
    if (index >= arguments.length) {
      throw TensorUnpickler.damaged("a call lacks arguments", null);
    }
    return argument(arguments[index], type);
  }

  static <T> T argument(@Nullable Object argument, Class<T> type) {
    if (!type.isInstance(argument)) {
      throw TensorUnpickler.damaged("a " + type.getSimpleName() + " is due", null);
    }
    return type.cast(argument);
  }
}
