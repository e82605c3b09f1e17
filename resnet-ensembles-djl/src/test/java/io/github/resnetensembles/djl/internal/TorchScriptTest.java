package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.spi.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks of TorchScript modules, against numbers that PyTorch computed: see make_parts.py among
 * the resources, which wrote both.
 */
class TorchScriptTest {
  private static final String PARTS = "/torchscript/parts/";
  private static final FeatureShape PIXELS = new FeatureShape(3, 8, 8);
  private static final ModelOptions CPU = new ModelOptions("cpu", Precision.FLOAT32, 1);

  private static final String MODEL =
      """
      {"input":{"channels":3,"size":8,"mean":[0,0,0],"std":[1,1,1]},"stem":"stem.pt",
       "blocks":[{"branch":"b1.pt"}],"head":"head.pt"}
      """;

  @TempDir private Path temporary;

  private static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TorchScriptTest.class.getResource(PARTS + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonObject golden(String name) {
    try {
      return JsonParser.parseString(Files.readString(folder(name + ".json"))).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[] doubles(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static ImageSet images(JsonObject golden) {
    double[] values = doubles(golden.get("pixels"));
    float[] pixels = new float[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) values[i];
    }
    int[] labels = Arrays.stream(doubles(golden.get("labels"))).mapToInt(v -> (int) v).toArray();
    return ImageSets.of(PIXELS, pixels, labels, 4);
  }

  private static ResidualModel open(Path folder) {
    return DjlModels.torchScript(folder).options(CPU).open();
  }

  private static double[] logits(ResidualModel model, ImageSet images) {
    return Arrays.stream(model.logits(images.batch(0, images.size())))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({"vit, vit, 1e-10", "efficient, efficient, 1e-10", "vit32, vit, 1e-5"})
  void logitsDeletionsAndGradientsAreThoseOfPyTorch(String name, String numbers, double limit) {
    JsonObject golden = golden(numbers);
    ImageSet images = images(golden);
    try (ResidualModel model = open(folder(name))) {
      assertThat(logits(model, images))
          .containsExactly(doubles(golden.get("logits")), within(limit));
      JsonArray deleted = golden.getAsJsonArray("deleted");
      assertThat(model.architecture().size()).isEqualTo(deleted.size());
      for (int i = 0; i < deleted.size(); i++) {
        ResidualModel damaged = model.withLesion(Lesion.delete(i + 1));
        assertThat(logits(damaged, images)).containsExactly(doubles(deleted.get(i)), within(limit));
      }
      PathGradients gradients =
          model.gradients().place(GradientPlace.STEM_OUTPUT).options(batches(3)).run(images);
      double full = golden.get("fullNorm").getAsDouble();
      assertThat(gradients.fullNorm()).isCloseTo(full, within(limit * full));
      assertThat(gradients.residual().orElseThrow()).isLessThan(limit);
      assertThat(
              gradients.lengths().stream()
                  .mapToDouble(length -> length.pathSumNorm().orElseThrow())
                  .toArray())
          .containsExactly(doubles(golden.get("lengthNorms")), within(limit * full));
      assertThat(model.verify(images.batch(0, 3)).failures()).isEmpty();
    }
  }

  private static RunOptions batches(int size) {
    return RunOptions.defaults().withBatchSize(size);
  }

  @Test
  void sampledGradientsAndPathsWork() {
    ImageSet images = images(golden("vit"));
    try (ResidualModel model = open(folder("vit"))) {
      assertThat(model.paths().count()).isEqualTo(16);
      PathGradients sampled = model.gradients().sampled(5).seed(1).options(batches(3)).run(images);
      assertThat(sampled.lengths()).allMatch(l -> l.meanPathNorm().orElseThrow() > 0);
    }
  }

  @Test
  void tokensAreFeaturesOfOneColumn() {
    try (Network network = DjlModels.torchScript(folder("vit")).options(CPU).network()) {
      assertThat(network.architecture().stemOutput()).isEqualTo(new FeatureShape(8, 5, 1));
      assertThat(network.architecture().name()).isEqualTo("vit");
      assertThat(network.info().precision()).isEqualTo(Precision.FLOAT64);
    }
  }

  /** DJL would switch a module to training mode for the sake of its history. */
  @Test
  void modulesStayInEvalModeWhateverTheyAreCalledWith() throws Exception {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        InputStream file = Files.newInputStream(folder("efficient").resolve("stem.pt"))) {
      Block module = Torch.load(manager, file);
      Block block = new ModuleBlock(module);
      byte[] before = written(module);
      NDArray x = manager.ones(new Shape(2, 3, 8, 8), ai.djl.ndarray.types.DataType.FLOAT64);
      ParameterStore store = new ParameterStore(manager, false);
      for (boolean training : new boolean[] {true, false, true}) {
        NDArray y = block.forward(store, new NDList(x), training).singletonOrThrow();
        assertThat(y.getShape()).isEqualTo(new Shape(2, 4, 8, 8));
      }
      assertThat(written(module)).isEqualTo(before);
    }
  }

  private static byte[] written(Block module) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Torch.write(module, bytes);
    return bytes.toByteArray();
  }

  /** Scripted modules were saved in training mode. */
  @Test
  void dropoutAndStatisticsAreThoseOfEvalMode() throws Exception {
    Path copy = copy("vit32");
    write(copy, "b1.pt", "torch.dropout(x, 0.5, self.training)");
    ImageSet images = images(golden("vit"));
    try (ResidualModel model = open(copy)) {
      double[] before = logits(model, images);
      var unused = model.gradients().options(batches(3)).run(images);
      assertThat(logits(model, images)).isEqualTo(before);
    }
  }

  @Test
  void theModulesLiveAsLongAsTheModel() throws Exception {
    ImageSet images = images(golden("vit"));
    try (ResidualModel model = open(folder("vit"))) {
      double[] before = logits(model, images);
      for (int i = 0; i < 10; i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertThat(logits(model, images)).isEqualTo(before);
    }
  }

  @Test
  void anyOtherByteIsAnotherNetwork() throws Exception {
    Path copy = copy("vit32");
    String before = hash(copy);
    assertThat(hash(folder("vit32"))).isEqualTo(before);
    Files.writeString(copy.resolve("model.json"), " ", java.nio.file.StandardOpenOption.APPEND);
    String spaced = hash(copy);
    assertThat(spaced).isNotEqualTo(before);
    Files.copy(
        copy.resolve("b3.pt"),
        copy.resolve("b1.pt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(hash(copy)).isNotEqualTo(spaced);
  }

  private static String hash(Path folder) {
    try (Network network = DjlModels.torchScript(folder).options(CPU).network()) {
      return network.info().weightsSha256();
    }
  }

  @Test
  void resultsOfOneFolderAreMerged() {
    ImageSet images = images(golden("vit"));
    try (ResidualModel one = open(folder("vit32"));
        ResidualModel two = open(folder("vit32"))) {
      LesionReport first = one.lesions().deleteEachBlock().run(images.range(0, 2));
      LesionReport second = two.lesions().deleteEachBlock().run(images.range(2, 1));
      assertThat(LesionReport.merge(first, second).baseline().total()).isEqualTo(3);
    }
  }

  private Path copy(String name) throws IOException {
    Path copy = Files.createDirectory(temporary.resolve(name));
    try (Stream<Path> files = Files.list(folder(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    return copy;
  }

  private static void write(Path folder, String file, String result) throws IOException {
    String source =
        String.join(
            "\n",
            "class M(Module):",
            "  __parameters__ = []",
            "  __buffers__ = []",
            "  training : bool",
            "  def forward(self: __torch__.M,",
            "    x: Tensor) -> Tensor:",
            "    return " + result,
            "");
    Files.write(folder.resolve(file), ScriptText.archive(source));
  }

  private Path small(String stem, String branch, String head) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("small"));
    Files.writeString(folder.resolve("model.json"), MODEL);
    write(folder, "stem.pt", stem);
    write(folder, "b1.pt", branch);
    write(folder, "head.pt", head);
    return folder;
  }

  private Path small() throws IOException {
    return small("x + 1.0", "torch.neg(x)", "torch.flatten(x, 1)");
  }

  private static void refused(Path folder, String message) {
    assertThatThrownBy(() -> DjlModels.torchScript(folder).options(CPU).network().close())
        .isInstanceOfAny(InvalidInputException.class, FileAccessException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
        .hasMessageContaining(message);
  }

  @Test
  void aSmallFolderOpens() throws Exception {
    DjlModels.torchScript(small()).options(CPU).network().close();
  }

  @Test
  void whatIsNoFolderOfModulesIsRefused() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    refused(file, "is no folder of TorchScript modules: name the folder that holds model.json");
    refused(temporary.resolve("missing"), "cannot read");
    refused(temporary, "has no model.json, which says what its modules are");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"head\":\"head.pt\"|\"head\":\"head.pt\",\"tail\":\"t.pt\"|tail",
        "\"size\":8|\"size\":0|an input is 1 to 4096 pixels high and wide",
        "\"mean\":[0,0,0]|\"mean\":[0]|mean and std need one value for each of the 3 channels",
        "[{\"branch\":\"b1.pt\"}]|[]|there are no blocks",
        "\"stem\":\"stem.pt\",|| has no field 'stem'",
        "\"stem.pt\"|\"../small/stem.pt\"|a part is a file in the folder itself",
        "\"stem.pt\"|\"/etc/passwd\"|a part is a file in the folder itself",
        "\"stem.pt\"|\"other.pt\"|as the stem, and there is no such file in the folder",
        "\"stem.pt\"|7|must be a text, got 7",
        "}}|}|is not JSON",
      })
  void wrongDescriptionsAreRefused(String from, String to, String message) throws Exception {
    Path folder = small();
    String text = from.equals("}}") ? "{\"input\":" : MODEL.replace(from, to == null ? "" : to);
    Files.writeString(folder.resolve("model.json"), text);
    refused(folder, message);
  }

  @Test
  void linksOutOfTheFolderAreRefused() throws Exception {
    Path folder = small();
    Path outside = temporary.resolve("outside.pt");
    Files.move(folder.resolve("b1.pt"), outside);
    Files.createSymbolicLink(folder.resolve("b1.pt"), outside);
    refused(folder, "as the branch of block 1: a part is a file in the folder itself");
  }

  @Test
  void whatIsNoModuleIsRefused() throws Exception {
    Path folder = small();
    Path branch = folder.resolve("b1.pt");
    byte[] whole = Files.readAllBytes(branch);
    Files.write(branch, new byte[0]);
    refused(folder, "is no TorchScript module: the file is empty");
    Files.writeString(branch, "weights");
    refused(folder, "is no TorchScript module: the file is no zip archive");
    Files.write(branch, Arrays.copyOf(whole, whole.length / 2));
    refused(folder, "the archive is cut off or damaged; export it again");
    archive(branch, "m/data.pkl", 10);
    refused(folder, "it is a zip archive without code; weights saved by torch.save");
    archive(branch, "m/code/__torch__.py", 65 << 20);
    refused(folder, "bytes of code from");
    archive(branch, "m/code/__torch__.py", 10);
    refused(folder, "cannot be loaded by PyTorch");
  }

  private static void archive(Path file, String entry, int zeros) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(new byte[zeros]);
      zip.closeEntry();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.conv2d(x, x)",
        "torch.slice(x, 1, 0, 2)",
        "torch.flatten(x, 1)",
        "torch.rand_like(x)",
        "torch.reshape(x, [1, 3, 8, 8])",
        "torch.sub(x, torch.mean(x))",
      })
  void branchesThatDoNotFitAreRefused(String branch) throws Exception {
    refused(small("x + 1.0", branch, "torch.flatten(x, 1)"), "the branch of block 1");
  }

  @Test
  void float32ModulesDoNotRunInFloat64() {
    assertThatThrownBy(
            () ->
                DjlModels.torchScript(folder("vit32"))
                    .options(CPU.withPrecision(Precision.FLOAT64))
                    .network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the modules of vit32 are float32 and run in that");
  }
}
