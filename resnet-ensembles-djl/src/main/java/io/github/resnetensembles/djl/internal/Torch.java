package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The only class that touches {@code ai.djl.pytorch}, which is public but promises no
 * compatibility.
 */
final class Torch {
  private Torch() {}

  /**
   * Sets the calling thread up for inference: gradients are on in every thread but the one that
   * loaded the engine, and a thread's first engine call would otherwise use every processor.
   *
   * @return whether gradients were on
   */
  static boolean enterInference(int threads) {
    boolean gradients = JniUtils.isGradMode();
    if (gradients) {
      JniUtils.setGradMode(false);
    }
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
    return gradients;
  }

  static void leaveInference(boolean gradients) {
    if (gradients) {
      JniUtils.setGradMode(true);
    }
  }

  /** Does work whose history the engine records. */
  static <T> T withGradients(Supplier<T> work) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Compiles a TorchScript archive. Loaded without DJL's Model, which would free the module from
   * its finalizer and leave a directory of temporary files behind.
   */
  static Script compile(NDManager manager, byte[] archive) {
    try {
      return new Script(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), true, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads a TorchScript module, to be run by {@link #run} alone. It stays in eval mode, and its
   * parameters take gradients as they did when it was saved.
   *
   * @param manager owns it and its parameters
   * @param archive read to its end
   * @throws IOException if the archive cannot be read
   */
  static Block load(NDManager manager, InputStream archive) throws IOException {
    PtSymbolBlock module = JniUtils.loadModule((PtNDManager) manager, archive, true, false);
    JniUtils.enableInferenceMode(module);
    module.getDirectParameters().values().forEach(p -> Tensors.closedOnce(p.getArray()));
    return module;
  }

  /**
   * Runs a loaded module. DJL's own call of a block decides by one flag whether there is a history
   * and whether dropout and BatchNorm train; here the thread decides about the history, and nothing
   * trains.
   */
  static NDList run(Block module, NDList inputs) {
    boolean noInferenceTensors = true;
    return IValueUtils.forward((PtSymbolBlock) module, inputs, noInferenceTensors);
  }

  /** {@return whether a block of the user's is a TorchScript module} */
  static boolean isModule(Block block) {
    return block instanceof PtSymbolBlock;
  }

  /** Writes a TorchScript module with its parameters, buffers, constants and code. */
  static void write(Block module, OutputStream target) {
    JniUtils.writeModule((PtSymbolBlock) module, target, false);
  }

  /** An input of a script. */
  static final class Argument {
    private final Supplier<IValue> value;

    private Argument(Supplier<IValue> value) {
      this.value = value;
    }

    static Argument of(NDArray array) {
      return new Argument(() -> IValue.from((PtNDArray) array));
    }

    static Argument of(double number) {
      return new Argument(() -> IValue.from(number));
    }

    static Argument of(double... numbers) {
      return new Argument(() -> IValue.listFrom(numbers));
    }

    static Argument of(long... integers) {
      return new Argument(() -> IValue.listFrom(integers));
    }

    static Argument of(List<NDArray> arrays) {
      return new Argument(
          () -> IValue.listFrom(arrays.stream().map(a -> (PtNDArray) a).toArray(PtNDArray[]::new)));
    }
  }

  /** A compiled module, run without gradients. Safe for use by several threads. */
  static final class Script implements AutoCloseable {
    private final PtSymbolBlock module;

    private Script(PtSymbolBlock module) {
      this.module = module;
    }

    /**
     * Runs a script that gives one array.
     *
     * @param manager of the result
     * @param inputs in the order of the script's parameters
     * @return the result, which may share memory with an input
     */
    NDArray run(NDManager manager, List<Argument> inputs) {
      return run(inputs, result -> result.toTensor((PtNDManager) manager));
    }

    /**
     * Runs a script that gives a list of arrays.
     *
     * @param manager of the results
     * @param inputs in the order of the script's parameters
     * @return the results, which may share memory with inputs and with each other
     */
    List<NDArray> runList(NDManager manager, List<Argument> inputs) {
      return run(inputs, result -> List.of(result.toTensorArray((PtNDManager) manager)));
    }

    private <T> T run(List<Argument> inputs, Function<IValue, T> reader) {
      List<IValue> values = new ArrayList<>(inputs.size());
      try {
        inputs.forEach(input -> values.add(input.value.get()));
        try (IValue result = module.forward(values.toArray(new IValue[0]))) {
          return reader.apply(result);
        }
      } finally {
        values.forEach(IValue::close);
      }
    }

    @Override
    public void close() {
      module.close();
    }
  }
}
