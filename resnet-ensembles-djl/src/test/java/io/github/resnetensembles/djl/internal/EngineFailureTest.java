package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What DJL throws in each case, as seen, and the remedy for it. */
class EngineFailureTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new EngineException(
                "Failed to extract PyTorch native library",
                new IOException("No space left on device")),
            "(No space left on device); the disk of the cache folder "),
        Arguments.of(
            new EngineException(
                "Failed to extract PyTorch native library",
                new FileSystemException("/cache/pytorch", null, "Read-only file system")),
            "(/cache/pytorch: Read-only file system); the cache folder "),
        Arguments.of(
            new IllegalStateException(
                "Failed to extract", new AccessDeniedException("/cache/pytorch")),
            "(/cache/pytorch: access denied); the cache folder "),
        Arguments.of(
            new IllegalStateException("Failed to extract", new IOException("File too large")),
            "(File too large); files of some 400 MB cannot be written to the cache folder "),
        Arguments.of(
            new IllegalStateException("Failed to extract", new IOException("Disk quota exceeded")),
            "(Disk quota exceeded); the disk of the cache folder "),
        Arguments.of(
            new EngineException("Deep learning engine not found: PyTorch"),
            "; add the Maven artifact ai.djl.pytorch:pytorch-engine to the class path"),
        Arguments.of(
            new NoClassDefFoundError("org/slf4j/LoggerFactory"),
            "(missing class org.slf4j.LoggerFactory); add the Maven artifact org.slf4j:slf4j-api to"
                + " the class path"),
        Arguments.of(
            new NoClassDefFoundError("ai/djl/engine/Engine"),
            "(missing class ai.djl.engine.Engine); add the Maven artifact ai.djl:api to the class"
                + " path"),
        Arguments.of(
            new EngineException(
                "Failed to load PyTorch native library",
                new UnsatisfiedLinkError("libtorch_cpu.so: failed to map segment")),
            "the process is not given enough memory for it: raise the limit (ulimit -v"),
        Arguments.of(
            new ExceptionInInitializerError(new EngineException("Unknown default engine: MXNet")),
            "(Unknown default engine: MXNet); DJL_DEFAULT_ENGINE is "),
        Arguments.of(
            new EngineException(
                "Failed to save pytorch index file", new IOException("Offline mode is enabled.")),
            "(Offline mode is enabled.); add the Maven artifact"
                + " ai.djl.pytorch:pytorch-native-cpu:"),
        Arguments.of(
            new EngineException(
                "Cannot download jni files: x", new IOException("Offline mode is enabled.")),
            "add the Maven artifact ai.djl.pytorch:pytorch-jni of PyTorch "));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachCauseHasItsRemedy(Throwable failure, String expected) {
    assertThat(EngineFailure.describe(failure))
        .startsWith("backend djl cannot load PyTorch's native library (")
        .contains(expected)
        .hasLineCount(1);
  }

  @Test
  void whatFailsInAScriptIsSaidByItsLastLine() {
    EngineException failure =
        new EngineException(
            """
            The following operation failed in the TorchScript interpreter.
            Traceback of TorchScript (most recent call last):
                v0 = torch.contiguous(x, memory_format=2)
                     ~~~~~~~~~~~~~~~~ <--- HERE
            RuntimeError: DefaultCPUAllocator: can't allocate memory
            """);
    assertThat(TorchEngine.firstLine(failure))
        .isEqualTo("DefaultCPUAllocator: can't allocate memory");
    assertThat(Gate.describe("resnet-20", failure))
        .isEqualTo(
            "PyTorch failed in network resnet-20: DefaultCPUAllocator: can't allocate memory; take"
                + " smaller batches, or give the process more memory");
  }
}
