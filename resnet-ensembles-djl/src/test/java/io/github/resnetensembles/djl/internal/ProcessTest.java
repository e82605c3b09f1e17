package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.djl.DjlRuntime;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.HeadPass;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What concerns a whole process, tried in one of its own. */
@Tag("slow")
class ProcessTest {
  @TempDir Path cache;

  @Test
  void aMissingNativeLibraryIsNamedWithItsArtifact() throws Exception {
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch-native"))
            .collect(Collectors.joining(File.pathSeparator));
    String output = run(path, MissingLibrary.class);
    assertThat(output)
        .contains("name djl")
        .containsPattern(
            "backend djl cannot load PyTorch's native library \\(.+\\); add the Maven artifact"
                + " ai\\.djl\\.pytorch:pytorch-native-cpu:[0-9.]+ with the classifier [a-z]+-[a-z0-9_]+"
                + " to the class path");
  }

  @ParameterizedTest
  @CsvSource({
    "PYTORCH_VERSION, 1.2.3, PYTORCH_VERSION asks for 1.2.3",
    "DJL_DEFAULT_ENGINE, MXNet, DJL_DEFAULT_ENGINE is MXNet",
    "ENGINE_CACHE_DIR, /dev/null, the cache folder /dev/null cannot be written"
  })
  void whatAVariableBreaksIsNamed(String variable, String value, String expected) throws Exception {
    Map<String, String> environment = new HashMap<>(Map.of("ENGINE_CACHE_DIR", cache.toString()));
    environment.put(variable, value);
    String output = run(System.getProperty("java.class.path"), MissingLibrary.class, environment);
    assertThat(output).contains(expected).doesNotContain("Maven artifact");
  }

  @Test
  void exitDuringACallIsOrderly() throws Exception {
    String output = run(System.getProperty("java.class.path"), ExitDuringCalls.class);
    assertThat(output).contains("leaving").contains("exit 0").doesNotContain("SIGSEGV");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theAllocatorCanBeTunedBeforeTheEngineStarts() throws Exception {
    String output = run(System.getProperty("java.class.path"), Tuned.class);
    assertThat(output).contains("tuned true").contains("logits 20").contains("exit 0");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void waitingIsTunedUnlessTheUserHasSetIt() throws Exception {
    String classPath = System.getProperty("java.class.path");
    assertThat(run(classPath, Waiting.class)).contains("waiting true, 1000 spins");
    assertThat(run(classPath, Waiting.class, Map.of("OMP_WAIT_POLICY", "PASSIVE")))
        .contains("waiting false, null spins");
  }

  /** Between steps, nothing of a step's arrays is in use. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void trainingGivesBackWhatItsStepsLeave() throws Exception {
    String classPath = System.getProperty("java.class.path");
    String output = run(classPath, Trained.class);
    Matcher sizes = Pattern.compile("MB (\\d+) then (\\d+)").matcher(output);
    assertThat(sizes.find()).as(output).isTrue();
    int afterThree = Integer.parseInt(sizes.group(1));
    int afterFour = Integer.parseInt(sizes.group(2));
    assertThat(afterThree - afterFour).as("MB given back by the fourth step").isGreaterThan(30);
  }

  private String run(String classPath, Class<?> main) throws IOException, InterruptedException {
    return run(
        classPath,
        main,
        main == MissingLibrary.class ? Map.of("ENGINE_CACHE_DIR", cache.toString()) : Map.of());
  }

  private String run(String classPath, Class<?> main, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dai.djl.offline=true");
    command.addAll(List.of("-cp", classPath, main.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(cache.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output + "\nexit " + process.waitFor();
  }

  /** Asks for an engine that is not there. */
  static final class MissingLibrary {
    private MissingLibrary() {}

    public static void main(String[] args) {
      DjlBackend backend = new DjlBackend();
      System.out.println("name " + backend.name());
      try {
        System.out.println(backend.engine());
      } catch (BackendUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Leaves while other threads compute. */
  static final class ExitDuringCalls {
    private ExitDuringCalls() {}

    public static void main(String[] args) throws InterruptedException {
      Network network = SampleNetworks.open(SampleNetworks.named("resnet-8"), Precision.FLOAT32, 1);
      float[] pixels = SampleNetworks.pixels(network.architecture(), 64, 3);
      for (int i = 0; i < 3; i++) {
        Thread thread = new Thread(() -> compute(network, pixels));
        thread.setDaemon(true);
        thread.start();
      }
      Thread.sleep(1000);
      System.out.println("leaving");
      System.exit(0);
    }

    private static void compute(Network network, float[] pixels) {
      try {
        while (StepParityTest.stepwise(network, pixels, 64).length > 0) {
          Thread.onSpinWait();
        }
      } catch (RunInterruptedException e) {
        // Ended by the exit.
      }
    }
  }

  /** Says what the C library's environment has then. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] args) {
      boolean tuned = DjlRuntime.tuneWaiting();
      Function getenv = NativeLibrary.getProcess().getFunction("getenv");
      System.out.println(
          "waiting %s, %s spins"
              .formatted(tuned, getenv.invokeString(new Object[] {"GOMP_SPINCOUNT"}, false)));
    }
  }

  /** Tunes, then computes. */
  static final class Tuned {
    private Tuned() {}

    public static void main(String[] args) {
      System.out.println("tuned " + DjlRuntime.tuneAllocator());
      try (Network network =
          SampleNetworks.open(SampleNetworks.named("resnet-8"), Precision.FLOAT32)) {
        float[] pixels = SampleNetworks.pixels(network.architecture(), 2, 3);
        System.out.println("logits " + StepParityTest.stepwise(network, pixels, 2).length);
      }
    }
  }

  /** Trains some steps in a tuned process, and says how large it is after two of them. */
  static final class Trained {
    private static final int IMAGES = 64;

    private Trained() {}

    public static void main(String[] args) throws IOException {
      boolean unused = DjlRuntime.tuneAllocator();
      Architecture architecture = Architecture.of("resnet-8");
      try (TrainingNetwork network =
          new DjlBackend()
              .training(
                  Weights.initialised(architecture, 1),
                  new TrainingOptions(ModelOptions.defaults(), BatchNormMode.TRAIN, 0.1))) {
        step(network);
        step(network);
        step(network);
        long afterThree = residentMegabytes();
        step(network);
        System.out.println("MB %s then %s".formatted(afterThree, residentMegabytes()));
      }
    }

    private static void step(TrainingNetwork network) {
      Architecture architecture = network.architecture();
      float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 3);
      List<StepPass> passes = new ArrayList<>();
      try (StemPass stem = network.stem(pixels, IMAGES)) {
        Activation y = stem.output();
        for (Wiring.Step step : Wiring.intact(architecture).steps()) {
          StepPass pass = network.step(step.block(), new double[] {1}, new double[] {1}, y);
          passes.add(pass);
          y = pass.output();
        }
        try (HeadPass head = network.head(y, new int[IMAGES], 0)) {
          Activation cotangent = head.backward();
          for (int i = passes.size() - 1; i >= 0; i--) {
            Activation next = passes.get(i).backward(cotangent);
            passes.get(i).close();
            cotangent.close();
            cotangent = next;
          }
          stem.backward(cotangent);
          cotangent.close();
        }
      }
      network.apply(new ParameterUpdate(Optimizer.nesterov(0.9, 1e-4), 0.1));
    }

    private static long residentMegabytes() throws IOException {
      String pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
      return Long.parseLong(pages) / 256;
    }
  }
}
