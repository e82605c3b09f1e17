package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Networks among the resources: a catalogue here, each one's weights in its own artifact. */
final class PretrainedResources {
  private static final String FOLDER = "io/github/resnetensembles/pretrained/";
  private static final String CATALOGUE = FOLDER + "networks.json";
  private static final int MAX_BYTES = 1 << 26;

  /** Unless told it is 512 bytes. */
  private static final int READ_AT_ONCE = 1 << 16;

  private PretrainedResources() {}

  static List<PretrainedNetwork> catalogue() {
    try {
      String json =
          Resources.toString(PretrainedResources.class.getResource("/" + CATALOGUE), UTF_8);
      return JsonNode.parse(json, CATALOGUE).list(node -> node.as(PretrainedNetwork.class));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static PretrainedNetwork named(String name) {
    List<PretrainedNetwork> all = catalogue();
    return all.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "there is no pretrained network '%s'; there are %s"
                        .formatted(
                            Names.shorten(name),
                            all.stream()
                                .map(PretrainedNetwork::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Where the weights are; another artifact may be known to another class loader than this one. */
  static Optional<URL> find(PretrainedNetwork network) {
    return find(network, ".safetensors.gz");
  }

  private static Optional<URL> find(PretrainedNetwork network, String ending) {
    String resource = FOLDER + network.name() + ending;
    return Stream.of(
            Thread.currentThread().getContextClassLoader(),
            PretrainedResources.class.getClassLoader())
        .flatMap(Stream::ofNullable)
        .flatMap(loader -> Stream.ofNullable(loader.getResource(resource)))
        .findFirst();
  }

  static Weights load(String name) {
    PretrainedNetwork network = named(name);
    FileContent content = FileContent.of(read(found(network, ".safetensors.gz")));
    if (!content.sha256().equals(network.sha256())) {
      throw new InvalidWeightsException(
          ("the weights of the pretrained network %s have the SHA-256 %s where %s is due: take"
                  + " artifacts of one version")
              .formatted(name, content.sha256(), network.sha256()));
    }
    return FileLoader.of(Path.of(name))
        .assemble(
            SafetensorsFile.parse(content.bytes()),
            content,
            new ReadBudget(content.bytes().length),
            "pretrained:" + name);
  }

  static String training(PretrainedNetwork network) {
    try {
      return Resources.toString(found(network, ".training.json"), UTF_8);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static URL found(PretrainedNetwork network, String ending) {
    return find(network, ending)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    ("the pretrained network %s is in the artifact %s, which is not on the class"
                            + " path: add it, or take one of %s")
                        .formatted(network.name(), network.artifact(), availableNames())));
  }

  private static UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("a resource of the library's own cannot be read", e);
  }

  private static String availableNames() {
    return catalogue().stream()
        .filter(PretrainedNetwork::available)
        .map(PretrainedNetwork::name)
        .collect(Collectors.joining(", "));
  }

  private static byte[] read(URL resource) {
    try (InputStream in = new GZIPInputStream(resource.openStream(), READ_AT_ONCE)) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
