package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.weights.PickleGlobals.Placeholder;
import io.github.resnetensembles.weights.PickleGlobals.StorageClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.EmptyStackException;
import java.util.List;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * Razorvine's unpickler, restricted: every opcode that looks up, calls or changes an object is done
 * here, from {@link PickleGlobals} alone, so the library's own constructors (a registry that the
 * whole process shares) and its calls by reflection are never reached. {@link PickleScan} has
 * bounded the bytes before, and the memory of the objects.
 */
final class TensorUnpickler extends Unpickler {
  /** Finds the storage that a tensor refers to. */
  interface Storages {
    StoredTensor.Storage find(ElementType type, String key, long count);
  }

  private final Storages storages;
  private final ReadBudget budget;

  private TensorUnpickler(Storages storages, ReadBudget budget) {
    this.storages = storages;
    this.budget = budget;
  }

  /** Unpickles one scanned object: tensors, texts, numbers, lists, tuples and dictionaries. */
  static @Nullable Object load(
      byte[] data, int from, int to, Storages storages, ReadBudget budget) {
    TensorUnpickler unpickler = new TensorUnpickler(storages, budget);
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
    budget.step(1);
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
      case Opcodes.EMPTY_DICT -> stack.add(new PickleDictionary(budget));
      case Opcodes.REDUCE -> {
        Object[] arguments = (Object[]) stack.pop();
        Object called = stack.pop();
        stack.add(
            called == Placeholder.INSTANCE
                ? called
                : ((PickleGlobals.Function) called).call(arguments, budget));
      }
      case Opcodes.NEWOBJ -> instance(1);
      case Opcodes.NEWOBJ_EX -> instance(2);
      case Opcodes.EMPTY_SET -> stack.add(Placeholder.INSTANCE);
      case Opcodes.FROZENSET -> {
        stack.pop_all_since_marker();
        stack.add(Placeholder.INSTANCE);
      }
      case Opcodes.SHORT_BINBYTES -> bytes(1);
      case Opcodes.BINBYTES -> bytes(4);
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> bytes(8);
      case Opcodes.BUILD -> build();
      case Opcodes.APPEND -> {
        Object item = stack.pop();
        append(Collections.singletonList(item));
      }
      case Opcodes.APPENDS -> append(stack.pop_all_since_marker());
      case Opcodes.ADDITEMS -> {
        stack.pop_all_since_marker();
        Placeholder unused = PickleGlobals.argument(stack.peek(), Placeholder.class);
      }
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

  /** An object of a class that is known to be harmless, whatever it is made of. */
  private void instance(int arguments) {
    for (int i = 0; i < arguments; i++) {
      stack.pop();
    }
    stack.add(PickleGlobals.argument(stack.pop(), Placeholder.class));
  }

  private void bytes(int lengthBytes) throws IOException {
    long length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length |= (long) PickleUtils.readbyte(input) << (8 * i);
    }
    input.skipNBytes(length);
    stack.add(Placeholder.INSTANCE);
  }

  /**
   * A state that is set afterwards. That of a dictionary (its {@code _metadata}) has no values in
   * it; a tensor's would replace them.
   */
  private void build() {
    stack.pop();
    Object object = stack.peek();
    if (!(object instanceof PickleDictionary || object == Placeholder.INSTANCE)) {
      throw damaged("a state is set where neither a dictionary nor a harmless object is", null);
    }
  }

  @SuppressWarnings("unchecked") // Lists on this stack are razorvine's, of Object.
  private void append(List<Object> items) {
    Object target = stack.peek();
    if (target != Placeholder.INSTANCE) {
      ((List<Object>) target).addAll(items);
    }
  }

  private void put(Object key, Object value) {
    Object target = stack.peek();
    if (target != Placeholder.INSTANCE) {
      ((PickleDictionary) target).put(key, value);
    }
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
