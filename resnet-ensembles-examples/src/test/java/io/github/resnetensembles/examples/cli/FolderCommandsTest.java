package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of image files, wherever images are taken. */
class FolderCommandsTest {
  private static final List<String> CLASSES = List.of("bird", "cat", "dog");
  private static final String REFERENCE = " --backend reference --quiet";

  @TempDir Path folder;

  @BeforeEach
  void writeImages() throws IOException {
    writeSplit("data/train", 6);
    writeSplit("data/val", 4);
    writeSplit("single", 4);
    writeSplit("other", 4);
    Files.move(folder.resolve("other/dog"), folder.resolve("other/emu"));
  }

  /** Classes differ in their colour. */
  private void writeSplit(String split, int images) throws IOException {
    Random random = new Random(images);
    for (int c = 0; c < CLASSES.size(); c++) {
      Path directory = folder.resolve(split).resolve(CLASSES.get(c));
      Files.createDirectories(directory);
      for (int i = 0; i < images; i++) {
        BufferedImage image = new BufferedImage(40, 36, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 36; y++) {
          for (int x = 0; x < 40; x++) {
            image.setRGB(x, y, (0xc0 << (8 * c)) | (random.nextInt() & 0x1f1f1f));
          }
        }
        ImageIO.write(image, "png", directory.resolve(i + ".png").toFile());
      }
    }
  }

  private CommandRun run(String words) {
    return CommandRun.words(words.replace("{}", folder.toString()));
  }

  private CommandRun good(String words) {
    CommandRun run = run(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private JsonObject json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(file))).getAsJsonObject();
  }

  @Test
  void training() throws IOException {
    good(
        "train --arch resnet-8 --data {}/data --epochs 2 --batch 6 --out {}/out --json {}/run.json"
            + REFERENCE);
    good(
        "train --arch resnet-8 --data {}/data/train --test {}/single --crop 24 --epochs 1 --batch 6"
            + " --out {}/small"
            + REFERENCE);

    Weights trained = Weights.of(folder.resolve("out/weights.safetensors"));
    assertThat(trained.architecture().head().classes()).isEqualTo(3);
    assertThat(trained.architecture().input().height()).isEqualTo(32);
    assertThat(json("run.json").getAsJsonArray("epochs")).hasSize(2);
    Architecture small = Weights.of(folder.resolve("small/weights.safetensors")).architecture();
    assertThat(small.input().height()).isEqualTo(24);

    good(
        "train --weights {}/out/weights.safetensors --data {}/data --epochs 1 --batch 6 --out"
            + " {}/further"
            + REFERENCE);
    good(
        "predict --weights {}/out/weights.safetensors --data {}/data --json {}/test.json"
            + REFERENCE);
    good(
        "predict --weights {}/out/weights.safetensors --data {}/data --split train --json"
            + " {}/train.json"
            + REFERENCE);
    assertThat(json("test.json").get("total").getAsInt()).isEqualTo(12);
    assertThat(json("train.json").get("total").getAsInt()).isEqualTo(18);
  }

  @Test
  void reports() throws IOException {
    Architecture network = Architecture.resnet(8).toBuilder().classes(3).build();
    Weights.initialised(network, 1).save(folder.resolve("net.safetensors"));

    good(
        "report --weights {}/net.safetensors --data {}/data --sections delete-one,recalibration"
            + " --out {}/report"
            + REFERENCE);
    CommandRun single =
        good(
            "report --weights {}/net.safetensors --data {}/single --sections delete-one,recalibration"
                + " --out {}/single-report"
                + REFERENCE);

    String page = Files.readString(folder.resolve("report/report.json"));
    assertThat(page).contains("--data " + folder.resolve("data"));
    assertThat(folder.resolve("report/parts"))
        .isDirectoryContaining(file -> file.getFileName().toString().contains("recalibr"));
    assertThat(single.err())
        .contains("Section recalibration is left out: there are no training images");
  }

  @Test
  void references() throws IOException {
    Architecture network = Architecture.resnet(8).toBuilder().classes(3).build();
    Weights.initialised(network, 1).save(folder.resolve("net.safetensors"));

    good(
        "lesion --weights {}/net.safetensors --data {}/data --replace-mean 2 --reference {}/single"
            + " --json {}/mean.json"
            + REFERENCE);

    assertThat(json("mean.json").getAsJsonArray("rows")).hasSize(1);
  }

  /** Labels in arrays are numbers, of which some may not occur. */
  @Test
  void arraysOfSomeClasses() throws IOException {
    writeArrays();
    Files.writeString(folder.resolve("ten.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");

    String predict = "predict --arch resnet-8 --data {}/images.npy --labels {}/labels.npy";
    assertThat(run(predict + REFERENCE).err())
        .contains("has 2 classes but resnet-8 tells 10 apart");
    good(predict + " --classes {}/ten.txt --json {}/some.json" + REFERENCE);
    assertThat(json("some.json").get("total").getAsInt()).isEqualTo(2);
    assertThat(run(predict + " --classes {}/ten.txt --crop 32" + REFERENCE).err())
        .contains("needs --labels FILE.npy, and no other flag of folders but --classes");
    Files.writeString(folder.resolve("one.txt"), "a\n");
    assertThat(run(predict + " --classes {}/one.txt" + REFERENCE).err())
        .contains("has 2 classes, which cannot be some of 1");
  }

  /** Two images of the classes 0 and 1. */
  private void writeArrays() throws IOException {
    Files.write(folder.resolve("images.npy"), array("|u1", "(2, 3, 32, 32)", 2 * 3 * 32 * 32));
    byte[] labels = array("|u1", "(2,)", 2);
    labels[labels.length - 1] = 1;
    Files.write(folder.resolve("labels.npy"), labels);
  }

  /** NumPy's format 1.0, of zeros. */
  private static byte[] array(String type, String shape, int bytes) {
    String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
    int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
    ByteBuffer file = ByteBuffer.allocate(10 + length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY".getBytes(US_ASCII)).put((byte) 1).put((byte) 0);
    file.putShort((short) length).put(header.getBytes(US_ASCII));
    while (file.position() < 10 + length - 1) {
      file.put((byte) ' ');
    }
    file.put((byte) '\n');
    return file.array();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train --arch resnet-8 --data {}/single --out {}/x | has no training images: it needs the folders train and test or val
          train --arch resnet-8 --data {}/data/train --test {}/other --out {}/x | have other classes, such as 'dog', and so other labels; name all by --classes FILE
          train --arch resnet-8 --data {}/data --test builtin --out {}/x | have to be both folders of images, or neither
          train --arch resnet-8 --data builtin --test {}/single --out {}/x | have to be both folders of images, or neither
          train --arch resnet-8 --data {}/data --labels {}/labels.txt --out {}/x | --labels has the labels of one folder, and training needs two
          train --arch resnet-8 --data builtin --crop 24 --out {}/x | --crop is for a folder of images, and the built-in ones are none
          train --weights pretrained:preresnet-20 --data {}/data --out {}/x | classes
          predict --arch resnet-8 --data {}/single --split train | has no training images
          report --train --arch resnet-8 --data {}/single --out {}/x | has no training images
          report --train --arch resnet-8 --data {}/data --split train --out {}/x | --split is for a network that is there
          report --train --model {} --out {}/x | --train trains networks, and --model brings one
          report --model {} --out {}/x | no images: give --data
          report --model {} --weights {}/a --data {}/single --out {}/x | --model stands in place of --weights and --arch
          report --model {}/data --data {}/single --out {}/x | model.json
          """)
  void badInputIsOneLine(String words, String message) {
    CommandRun run = run(words);

    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(message);
    assertThat(run.out()).isEmpty();
  }
}
