package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.Arrays;
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
    Object call(Object[] arguments, ReadBudget budget);
  }

  /** A class of torch that names a storage's element type. */
  record StorageClass(ElementType type) {}

  /** Stands for a harmless object beside the weights, or its class: without content. */
  enum Placeholder {
    INSTANCE
  }

  private static final Set<String> DATETIME =
      Set.of("datetime", "date", "time", "timedelta", "timezone");

  private static final Set<String> PATHLIB =
      Set.of("Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath");

  private static final Set<String> BUILTINS =
      Set.of(
          "bool",
          "bytearray",
          "bytes",
          "complex",
          "dict",
          "float",
          "frozenset",
          "int",
          "list",
          "long",
          "set",
          "str",
          "tuple",
          "unicode");

  private static final Set<String> NUMPY =
      Set.of(
          "dtype",
          "ndarray",
          "bool",
          "bool_",
          "int8",
          "int16",
          "int32",
          "int64",
          "uint8",
          "uint16",
          "uint32",
          "uint64",
          "float16",
          "float32",
          "float64",
          "complex64",
          "complex128",
          "str_",
          "bytes_",
          "core.multiarray.scalar",
          "core.multiarray._reconstruct",
          "core.numeric._frombuffer",
          "_core.multiarray.scalar",
          "_core.multiarray._reconstruct",
          "_core.numeric._frombuffer");

  private static final Set<String> TORCH =
      Set.of(
          "device",
          "serialization._get_layout",
          "bool",
          "uint8",
          "uint16",
          "uint32",
          "uint64",
          "int8",
          "int16",
          "int32",
          "int64",
          "float16",
          "float32",
          "float64",
          "bfloat16",
          "float8_e4m3fn",
          "float8_e5m2",
          "complex32",
          "complex64",
          "complex128");

  private static final Set<String> OMEGACONF =
      Set.of(
          "dictconfig.DictConfig",
          "listconfig.ListConfig",
          "base.ContainerMetadata",
          "base.Metadata",
          "nodes.AnyNode",
          "nodes.BooleanNode",
          "nodes.BytesNode",
          "nodes.FloatNode",
          "nodes.IntegerNode",
          "nodes.PathNode",
          "nodes.StringNode");

  private static final Set<String> OTHERS =
      Set.of(
          "argparse.Namespace",
          "_codecs.encode",
          "collections.Counter",
          "decimal.Decimal",
          "typing.Any");

  private PickleGlobals() {}

  static boolean allowed(String name) {
    return find(name) != null;
  }

  static InvalidWeightsException refused(String name, long position) {
    return new InvalidWeightsException(
        ("the pickle names %s (at byte %s), which storing tensors does not need:"
                + " refused, and nothing was executed; if you trust the file, save its state"
                + " dict alone with torch.save(model.state_dict(), file)")
            .formatted(Names.shorten(name), position));
  }

  static Object resolve(String name) {
    Object found = find(name);
    if (found == null) {
      throw refused(name, 0);
    }
    return found;
  }

  private static @Nullable Object find(String name) {
    for (ElementType type : ElementType.values()) {
      if (name.equals("torch." + type.torchStorage())
          || name.equals("torch.cuda." + type.torchStorage())) {
        return new StorageClass(type);
      }
    }
    return switch (name) {
      case "collections.OrderedDict" -> (Function) PickleGlobals::dictionary;
      case "collections.defaultdict" ->
          (Function) (arguments, budget) -> new PickleDictionary(budget);
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
          (Function) (arguments, budget) -> tensor(arguments);
      case "torch._utils._rebuild_parameter" ->
          (Function) (arguments, budget) -> argument(arguments, 0, PickledTensor.class);
      case "torch.Size" -> (Function) (arguments, budget) -> argument(arguments, 0, Object[].class);
      default -> harmless(name) ? Placeholder.INSTANCE : null;
    };
  }

  private static boolean harmless(String name) {
    return OTHERS.contains(name)
        || in("builtins.", BUILTINS, name)
        || in("__builtin__.", BUILTINS, name)
        || in("datetime.", DATETIME, name)
        || in("pathlib.", PATHLIB, name)
        || in("pathlib._local.", PATHLIB, name)
        || in("numpy.", NUMPY, name)
        || in("torch.", TORCH, name)
        || in("omegaconf.", OMEGACONF, name);
  }

  private static boolean in(String module, Set<String> names, String name) {
    return name.startsWith(module) && names.contains(name.substring(module.length()));
  }

  /** An empty dictionary, or one with the pairs that Python 2 gives its constructor. */
  private static Object dictionary(Object[] arguments, ReadBudget budget) {
    PickleDictionary dictionary = new PickleDictionary(budget);
    if (arguments.length == 0) {
      return dictionary;
    }
    if (arguments[0] instanceof PickleDictionary other) {
      budget.allocate(PickleScan.OBJECT_BYTES * (long) other.entries().size());
      dictionary.putAll(other);
      return dictionary;
    }
    List<?> pairs = argument(arguments, 0, List.class);
    budget.allocate(PickleScan.OBJECT_BYTES * (long) pairs.size());
    for (Object pair : pairs) {
      budget.step(1);
      if (pair instanceof List<?> list && list.size() == 2) {
        dictionary.put(list.get(0), list.get(1));
      } else if (pair instanceof Object[] tuple && tuple.length == 2) {
        dictionary.put(tuple[0], tuple[1]);
      } else {
        throw TensorUnpickler.damaged("a dictionary is made of something else than pairs", null);
      }
    }
    return dictionary;
  }

  /** (storage, offset, shape, strides, requires_grad, hooks, metadata), or the first four. */
  private static Object tensor(Object[] arguments) {
    @Nullable Object metadata = arguments.length > 6 ? arguments[6] : null;
    boolean negated = false;
    String oddity = "";
    if (metadata instanceof PickleDictionary flags) {
      Map<String, @Nullable Object> entries = flags.entries();
      negated = Boolean.TRUE.equals(entries.get("neg"));
      boolean known =
          !flags.hasOtherKeys()
              && entries.keySet().stream().allMatch("neg"::equals)
              && entries.values().stream().allMatch(Boolean.class::isInstance);
      if (!known) {
        oddity =
            "has the metadata %s, which may change its values"
                .formatted(entries.keySet().stream().limit(3).map(Names::shorten).toList());
      }
    } else if (metadata != null || arguments.length > 7) {
      oddity = "has metadata of an unknown kind, which may change its values";
    }
    return new PickledTensor(
        argument(arguments, 0, StoredTensor.Storage.class),
        argument(arguments, 1, Object.class),
        Arrays.asList(argument(arguments, 2, Object[].class)),
        Arrays.asList(argument(arguments, 3, Object[].class)),
        negated,
        oddity);
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
