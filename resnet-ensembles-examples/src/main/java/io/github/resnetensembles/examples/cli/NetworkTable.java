package io.github.resnetensembles.examples.cli;

import com.google.common.base.CaseFormat;
import com.google.common.base.Joiner;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A network part by part, for people and as JSON and CSV: layers, shapes, cost.
 *
 * @param network what it is
 * @param weights its tensors, if it has any
 * @param parts stem, blocks and head, in order
 */
record NetworkTable(Architecture network, Optional<Weights> weights, List<Part> parts) {
  private static final int BYTES = Float.BYTES;

  /** A list of layers. */
  record Section(String name, List<PlacedLayer> layers) {
    Section {
      layers = List.copyOf(layers);
    }

    /** The layers for people, such as {@code branch conv1 3x3, relu}. */
    private String text() {
      String text = layers.stream().map(NetworkTable::text).collect(Collectors.joining(", "));
      return name.isEmpty() ? text : name + " " + (text.isEmpty() ? "identity" : text);
    }
  }

  /**
   * Stem, block or head.
   *
   * @param name for people
   * @param block its description, if it is one
   * @param input the shape that it takes
   * @param output the shape that it gives
   */
  record Part(
      String name,
      Optional<Block> block,
      FeatureShape input,
      FeatureShape output,
      List<Section> sections) {
    Part {
      sections = List.copyOf(sections);
    }

    private List<PlacedLayer> layers() {
      return sections.stream().flatMap(section -> section.layers().stream()).toList();
    }

    /** Trainable values. */
    long parameters() {
      return layers().stream().mapToLong(NetworkTable::parametersOf).sum();
    }

    long multiplyAccumulates() {
      return layers().stream().mapToLong(PlacedLayer::multiplyAccumulates).sum();
    }

    /** What its layers give for one image, in float32. */
    long activationBytes() {
      return layers().stream().mapToLong(layer -> bytes(layer.output())).sum();
    }

    String text() {
      if (layers().isEmpty()) {
        return "run as it is";
      }
      return sections.stream()
          .filter(section -> !section.name().equals("lead") || !section.layers().isEmpty())
          .filter(section -> !section.name().equals("post") || !section.layers().isEmpty())
          .map(Section::text)
          .collect(Collectors.joining("; "));
    }
  }

  NetworkTable {
    parts = List.copyOf(parts);
  }

  static NetworkTable of(Architecture network, Optional<Weights> weights) {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part(
            "stem",
            Optional.empty(),
            network.input().paddedShape(),
            network.stemOutput(),
            List.of(new Section("", network.stemLayers()))));
    network.blocks().forEach(block -> parts.add(part(block)));
    parts.add(
        new Part(
            "head",
            Optional.empty(),
            network.finalOutput(),
            new FeatureShape(network.head().classes(), 1, 1),
            List.of(new Section("", network.headLayers()))));
    return new NetworkTable(network, weights, parts);
  }

  private static Part part(Block block) {
    return new Part(
        "block " + block.number(),
        Optional.of(block),
        block.input(),
        block.output(),
        List.of(
            new Section("lead", block.layers().lead()),
            new Section("branch", block.layers().branch()),
            new Section("skip", block.layers().skip()),
            new Section("post", block.layers().post())));
  }

  private static long parametersOf(PlacedLayer layer) {
    return layer.parameters().stream()
        .filter(tensor -> tensor.role().trainable())
        .mapToLong(ParameterSpec::count)
        .sum();
  }

  private static long bytes(FeatureShape shape) {
    return (long) BYTES * shape.size();
  }

  private static String kind(Layer layer) {
    return CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_HYPHEN, layer.getClass().getSimpleName());
  }

  private static String text(PlacedLayer placed) {
    Layer layer = placed.layer();
    if (layer instanceof Layer.Convolution convolution) {
      return "%s %sx%s%s%s%s"
          .formatted(
              convolution.name(),
              convolution.kernel(),
              convolution.kernel(),
              convolution.stride() == 1 ? "" : "/" + convolution.stride(),
              convolution.groups() == 1 ? "" : " groups " + convolution.groups(),
              convolution.dilation() == 1 ? "" : " dilation " + convolution.dilation());
    }
    if (layer instanceof Layer.ActivationFunction activation) {
      return activation.function().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return layer.name().isEmpty() ? kind(layer) : layer.name() + " " + kind(layer);
  }

  private long total(ToLongFunction<Part> value) {
    return parts.stream().mapToLong(value).sum();
  }

  void print(PrintWriter out) {
    InputSpec input = network.input();
    out.println("network: " + network.name());
    weights.ifPresent(
        known ->
            out.println(
                "weights: %s%s, SHA-256 of the values %s"
                    .formatted(
                        known.source(), known.trained() ? "" : " (untrained)", known.sha256())));
    out.println(
        "input: %s, mean %s, std %s".formatted(input.paddedShape(), input.mean(), input.std()));
    out.println("assumed: " + assumedText());
    out.println(
        "blocks: %s, stages: %s%s"
            .formatted(
                network.size(),
                network.stages().size(),
                network.plain() ? ", without skip connections" : ""));
    out.println(
        NumberText.format(
            "%-9s  %-18s  %11s  %14s  %11s  %s",
            "part", "output", "parameters", "multiply-adds", "bytes", "layers"));
    for (Part part : parts) {
      out.println(row(part.name(), part.output().toString(), part, part.text()));
    }
    out.println(
        NumberText.format(
            "%-9s  %-18s  %11d  %14d  %11d",
            "all",
            "",
            total(Part::parameters),
            total(Part::multiplyAccumulates),
            total(Part::activationBytes)));
  }

  private static String row(String name, String output, Part part, String layers) {
    return NumberText.format(
        "%-9s  %-18s  %11d  %14d  %11d  %s",
        name,
        output,
        part.parameters(),
        part.multiplyAccumulates(),
        part.activationBytes(),
        layers);
  }

  private Map<String, String> assumed() {
    return weights.map(Weights::assumed).orElse(Map.of());
  }

  private String assumedText() {
    return assumed().isEmpty()
        ? "nothing"
        : Joiner.on(' ').withKeyValueSeparator('=').join(assumed());
  }

  String json() {
    JsonObject json = new JsonObject();
    json.addProperty("name", network.name());
    weights.ifPresent(
        known -> {
          json.addProperty("source", known.source());
          json.addProperty("weightsSha256", known.sha256());
          known.fileSha256().ifPresent(hash -> json.addProperty("fileSha256", hash));
          json.addProperty("trained", known.trained());
        });
    JsonObject assumed = new JsonObject();
    assumed().forEach(assumed::addProperty);
    json.add("assumed", assumed);
    addCost(
        json,
        total(Part::parameters),
        total(Part::multiplyAccumulates),
        total(Part::activationBytes));
    JsonArray all = new JsonArray();
    parts.forEach(part -> all.add(tree(part)));
    json.add("parts", all);
    json.add("architecture", JsonParser.parseString(network.toJson()));
    JsonObject provenance = new JsonObject();
    provenance.addProperty("libraryVersion", VersionProvider.version());
    json.add("provenance", provenance);
    return json + "\n";
  }

  private static JsonObject tree(Part part) {
    JsonObject json = new JsonObject();
    json.addProperty("part", part.name());
    part.block()
        .ifPresent(
            block -> {
              json.addProperty("block", block.number());
              json.addProperty("stage", block.stage());
              json.addProperty("transition", block.transition());
            });
    json.add("input", tree(part.input()));
    json.add("output", tree(part.output()));
    addCost(json, part.parameters(), part.multiplyAccumulates(), part.activationBytes());
    JsonArray layers = new JsonArray();
    for (Section section : part.sections()) {
      for (PlacedLayer layer : section.layers()) {
        JsonObject tree = new JsonObject();
        if (!section.name().isEmpty()) {
          tree.addProperty("in", section.name());
        }
        tree.addProperty("name", layer.name());
        tree.addProperty("kind", kind(layer.layer()));
        tree.add("output", tree(layer.output()));
        addCost(tree, parametersOf(layer), layer.multiplyAccumulates(), bytes(layer.output()));
        layers.add(tree);
      }
    }
    json.add("layers", layers);
    return json;
  }

  private static void addCost(
      JsonObject json, long parameters, long multiplyAccumulates, long activationBytes) {
    json.addProperty("parameters", parameters);
    json.addProperty("multiplyAccumulates", multiplyAccumulates);
    json.addProperty("activationBytes", activationBytes);
  }

  private static JsonArray tree(FeatureShape shape) {
    JsonArray sizes = new JsonArray();
    sizes.add(shape.channels());
    sizes.add(shape.height());
    sizes.add(shape.width());
    return sizes;
  }

  String csv() {
    StringBuilder csv =
        new StringBuilder(
            "part,block,stage,transition,channels,height,width,parameters,multiplyAccumulates,"
                + "activationBytes\n");
    for (Part part : parts) {
      csv.append(
          Joiner.on(',')
              .join(
                  part.name(),
                  part.block().map(block -> String.valueOf(block.number())).orElse(""),
                  part.block().map(block -> String.valueOf(block.stage())).orElse(""),
                  part.block().map(block -> String.valueOf(block.transition())).orElse(""),
                  part.output().channels(),
                  part.output().height(),
                  part.output().width(),
                  part.parameters(),
                  part.multiplyAccumulates(),
                  part.activationBytes()));
      csv.append('\n');
    }
    return csv.toString();
  }
}
