package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

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

  /** A compiled module, run without gradients. Safe for use by several threads. */
  static final class Script implements AutoCloseable {
    private final PtSymbolBlock module;

    private Script(PtSymbolBlock module) {
      this.module = module;
    }

    /**
     * Runs the script.
     *
     * @param manager of the result
     * @param inputs in the order of the script's parameters
     * @return the result, which may share memory with an input
     */
    NDArray run(NDManager manager, NDArray... inputs) {
      IValue[] values = new IValue[inputs.length];
      try {
        for (int i = 0; i < inputs.length; i++) {
          values[i] = IValue.from((PtNDArray) inputs[i]);
        }
        try (IValue result = module.forward(values)) {
          return result.toTensor((PtNDManager) manager);
        }
      } finally {
        for (IValue value : values) {
          if (value != null) {
            value.close();
          }
        }
      }
    }

    @Override
    public void close() {
      module.close();
    }
  }
}
