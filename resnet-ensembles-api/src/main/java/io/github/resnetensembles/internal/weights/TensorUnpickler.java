package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.weights.PickleGlobals.StorageClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.EmptyStackException;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * Razorvine's unpickler, restricted: every opcode that looks up, calls or changes an object is done
 * here, from {@link PickleGlobals} alone, so the library's own constructors (a registry that the
 * whole process shares) and its calls by reflection are never reached. {@link PickleScan} has
 * bounded the bytes before.
 */
final class TensorUnpickler extends Unpickler {
  /** Finds the storage that a tensor refers to. */
  interface Storages {
    StoredTensor.Storage find(ElementType type, String key, long count);
  }

  private final Storages storages;

  private TensorUnpickler(Storages storages) {
    this.storages = storages;
  }

  /** Scans, then unpickles one object: tensors, texts, numbers, lists, tuples and maps. */
  static @Nullable Object load(byte[] data, int from, int to, Storages storages) {
    TensorUnpickler unpickler = new TensorUnpickler(storages);
    try {
      return unpickler.load(new ByteArrayInputStream(data, from, to - from));
    } catch (IOException
        | PickleException
        | ClassCastException
        | EmptyStackException
        | IndexOutOfBoundsException
        | NumberFormatException
        | NullPointerException e) {
      throw damaged("its objects do not fit together", e);
    } finally {
      unpickler.close();
    }
  }

  static InvalidWeightsException damaged(String why, @Nullable Throwable cause) {
    String message =
        "the pickle is damaged: " + why.lines().findFirst().orElse("") + "; get the file again";
    return cause == null
        ? new InvalidWeightsException(message)
        : new InvalidWeightsException(message, cause);
  }

  @Override
  protected Object dispatch(short opcode) throws IOException {
    switch (opcode) {
      case Opcodes.GLOBAL -> {
        String module = PickleUtils.readline(input);
        stack.add(PickleGlobals.resolve(module + "." + PickleUtils.readline(input)));
      }
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        String module = (String) stack.pop();
        stack.add(PickleGlobals.resolve(module + "." + name));
      }
      case Opcodes.REDUCE -> {
        Object[] arguments = (Object[]) stack.pop();
        stack.add(((PickleGlobals.Function) stack.pop()).call(arguments));
      }
      // A state that is set afterwards (an OrderedDict's _metadata) has no values in it.
      case Opcodes.BUILD -> stack.pop();
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        put(key, value);
      }
      case Opcodes.SETITEMS -> {
        List<Object> items = stack.pop_all_since_marker();
        for (int i = 0; i + 1 < items.size(); i += 2) {
          put(items.get(i), items.get(i + 1));
        }
      }
      default -> {
        return super.dispatch(opcode);
      }
    }
    return NO_RETURN_VALUE;
  }

  @SuppressWarnings(
      "unchecked") // Maps on this stack are ours or razorvine's, from Object to Object.
  private void put(Object key, Object value) {
    ((Map<Object, Object>) stack.peek()).put(key(key), value);
  }

  /** A key whose hash is cheap: that of nested lists can take for ever. */
  static Object key(Object key) {
    if (key instanceof String || key instanceof Number || key instanceof Boolean) {
      return key;
    }
    throw damaged("a dictionary's key is neither text nor number", null);
  }

  /** ('storage', class, key, location, count, view): where a tensor's values are. */
  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = PickleGlobals.argument(id, Object[].class);
    if (parts.length < 5 || !"storage".equals(parts[0])) {
      throw damaged("a storage is described by " + parts.length + " parts", null);
    }
    if (parts.length > 5 && parts[5] != null) {
      throw new InvalidWeightsException(
          "the file has storages that are views of others (PyTorch before 0.4); load and save it"
              + " with a newer PyTorch");
    }
    return storages.find(
        PickleGlobals.argument(parts[1], StorageClass.class).type(),
        PickleGlobals.argument(parts[2], String.class),
        PickleGlobals.integer(parts[4]));
  }
}
