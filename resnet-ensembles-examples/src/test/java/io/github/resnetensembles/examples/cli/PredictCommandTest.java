package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.report.Results;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code predict} tells of damaged networks, of single images, and of images without labels.
 */
class PredictCommandTest {
  private static final String NETWORK = " --arch resnet-8 --backend reference --quiet ";
  private static final String BUILT_IN = "--data builtin --limit 12" + NETWORK;

  @TempDir private Path folder;

  private static String done(String line) {
    CommandRun run = CommandRun.words(line.strip().replaceAll(" +", " "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private JsonObject json(String name) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(name), UTF_8)).getAsJsonObject();
  }

  @Test
  void aDamagedNetworkIsEvaluated() throws IOException {
    Path one = folder.resolve("one.json");
    Path rows = folder.resolve("rows.json");
    String lesion = " --delete 3 --scale 2=0.5";
    String said = done("predict " + BUILT_IN + lesion + " --logits 4 --json " + one);
    done("lesion " + BUILT_IN + lesion + " --json " + rows);
    done("predict " + BUILT_IN + " --logits 4 --json " + folder.resolve("intact.json"));

    Evaluation evaluation = (Evaluation) Results.read(one);
    LesionReport report = (LesionReport) Results.read(rows);
    assertThat(said).contains(evaluation.row().lesion() + "  error ");
    assertThat(evaluation.row().lesion()).isEqualTo(Lesion.delete(3).then(Lesion.scale(2, 0.5)));
    assertThat(evaluation.row().tallies()).isEqualTo(report.rows().get(0).tallies());
    assertThat(json("one.json").get("logits")).isNotEqualTo(json("intact.json").get("logits"));
  }

  @Test
  void branchesOfOtherImagesAreTakenFromTheReference() throws IOException {
    Path own = folder.resolve("own.json");
    Path rows = folder.resolve("rows.json");
    done("predict " + BUILT_IN + " --replace-mean 2 --logits 2 --json " + own);
    done("lesion " + BUILT_IN + " --replace-mean 2 --json " + rows);

    Evaluation evaluation = (Evaluation) Results.read(own);
    LesionReport report = (LesionReport) Results.read(rows);
    assertThat(evaluation.row().tallies()).isEqualTo(report.rows().get(0).tallies());
    assertThat(json("own.json").getAsJsonArray("logits")).hasSize(2);
  }

  @Test
  void lossAndMarginOfEachImage() throws IOException {
    Path json = folder.resolve("images.json");
    Path csv = folder.resolve("images.csv");
    done(
        "predict "
            + BUILT_IN
            + " --offset 3 --per-image --logits 12 --json "
            + json
            + " --csv "
            + csv);

    JsonObject result = json("images.json");
    JsonArray images = result.getAsJsonArray("images");
    assertThat(images).hasSize(12);
    double loss = 0;
    for (int i = 0; i < 12; i++) {
      JsonObject image = images.get(i).getAsJsonObject();
      assertThat(image.get("record").getAsInt()).isEqualTo(3 + i);
      assertThat(image.get("margin").getAsDouble() > 0)
          .isEqualTo(image.get("correct").getAsBoolean());
      loss += image.get("loss").getAsDouble() / 12;
    }
    assertThat(loss).isCloseTo(result.get("loss").getAsDouble(), within(1e-8));
    List<String> lines = Files.readAllLines(csv, UTF_8);
    assertThat(lines).hasSize(13);
    assertThat(lines.get(0)).isEqualTo("record,correct,loss,margin");
    assertThat(lines.get(1)).startsWith("3,");
    assertThat(Results.read(json)).isInstanceOf(Evaluation.class);
  }

  private void picture(Path file, int seed) throws IOException {
    BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 40 * 32; i++) {
      image.setRGB(i % 40, i / 40, random.nextInt(1 << 24));
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void imagesOfAFolderWithoutLabels() throws IOException {
    Path flat = folder.resolve("flat");
    Path classes = folder.resolve("classes");
    for (int i = 0; i < 10; i++) {
      picture(flat.resolve(i + ".png"), i);
      picture(classes.resolve(i + "/" + i + ".png"), i);
    }
    Path json = folder.resolve("flat.json");
    CommandRun run =
        CommandRun.words(
            "predict --unlabelled --logits 10 --batch 4 --json "
                + json
                + " --data "
                + flat
                + NETWORK.stripTrailing());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("data: flat", "intact  logits of 10 images");
    done(
        "predict --logits 10 --batch 4 --json "
            + folder.resolve("l.json")
            + " --data "
            + classes
            + NETWORK);

    JsonObject result = json("flat.json");
    assertThat(result.keySet())
        .containsExactly("schema", "kind", "lesion", "records", "logits", "provenance");
    assertThat(result.get("logits")).isEqualTo(json("l.json").get("logits"));
    assertThat(result.get("records").toString()).isEqualTo("[[0,10]]");
    CommandRun labels = CommandRun.words("predict --data " + flat + NETWORK.stripTrailing());
    assertThat(labels.exitCode()).isEqualTo(2);
    assertThat(labels.err()).contains("it has no class folders: give their labels");
  }

  @Test
  void arraysWithoutLabels() throws IOException {
    Path file = folder.resolve("a.npz");
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 32, 32, 3), }";
    header += " ".repeat(64 - (header.length() + 11) % 64) + "\n";
    npy.writeBytes("\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    npy.write(header.length());
    npy.write(0);
    npy.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    byte[] pixels = new byte[2 * 32 * 32 * 3];
    new Random(1).nextBytes(pixels);
    npy.writeBytes(pixels);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("test_images.npy"));
      zip.write(npy.toByteArray());
    }
    Path json = folder.resolve("j.json");
    done("predict --unlabelled --logits 2 --delete 1 --json " + json + " --data " + file + NETWORK);

    JsonObject result = json("j.json");
    assertThat(result.getAsJsonArray("logits")).hasSize(2);
    assertThat(result.get("lesion").getAsString()).isEqualTo("delete{1}");
    assertThat(CommandRun.words("predict --data " + file + NETWORK.stripTrailing()).err())
        .contains("has no array 'test_labels'");
  }
}
