package io.github.resnetensembles.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.report.PublishedNetwork.Activation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers in published.json, from percent to rates. */
final class PublishedNumbers {
  private static final String RESOURCE = "/io/github/resnetensembles/published.json";
  private static final int CIFAR_IMAGES = 10_000;
  private static final int IMAGENET_IMAGES = 50_000;

  private PublishedNumbers() {}

  private static JsonNode read() {
    try {
      return JsonNode.parse(
          Resources.toString(Resources.getResource(PublishedNumbers.class, RESOURCE), UTF_8),
          "published.json");
    } catch (IOException e) {
      throw new UncheckedIOException("the library's own published.json cannot be read", e);
    }
  }

  static List<PublishedNetwork> networks() {
    JsonNode numbers = read();
    List<PublishedNetwork> networks = new ArrayList<>();
    JsonNode cifar = numbers.get("cifar10_single_deletion");
    for (int depth : new int[] {20, 32, 44, 56, 110}) {
      networks.add(
          cifar("pre-activation ResNet-" + depth, depth, Activation.PRE, cifar.get("pre" + depth)));
    }
    for (int depth : new int[] {20, 32, 56, 110}) {
      networks.add(
          cifar(
              "ResNet-" + depth + " trained with stochastic depth",
              depth,
              Activation.POST,
              cifar.get("sd" + depth)));
    }
    List<Double> vgg = rates(numbers.get("vgg15_single_deletion").get("error"));
    networks.add(
        new PublishedNetwork(
            "VGG-15",
            KnownDataset.CIFAR_10.title(),
            CIFAR_IMAGES,
            vgg.size(),
            Activation.PLAIN,
            Double.NaN,
            byNumber(vgg)));
    networks.add(
        imagenet(
            "pre-activation ResNet-200",
            66,
            Activation.PRE,
            numbers.get("imagenet_resnet200_single_deletion")));
    networks.add(
        imagenet(
            "ResNet-152", 50, Activation.POST, numbers.get("imagenet_resnet152_single_deletion")));
    return List.copyOf(networks);
  }

  private static PublishedNetwork cifar(
      String name, int depth, Activation activation, JsonNode node) {
    return new PublishedNetwork(
        name,
        KnownDataset.CIFAR_10.title(),
        CIFAR_IMAGES,
        (depth - 2) / 2,
        activation,
        node.get("baseline_error_notebook").number() / 100,
        byNumber(rates(node.get("error_by_deleted_block_1based"))));
  }

  private static PublishedNetwork imagenet(
      String name, int blocks, Activation activation, JsonNode node) {
    Map<Integer, Double> errors = new HashMap<>();
    for (int block = 1; block <= blocks; block++) {
      int number = block;
      node.get("error_by_block")
          .find(String.valueOf(block))
          .ifPresent(error -> errors.put(number, error.number() / 100));
    }
    return new PublishedNetwork(
        name,
        KnownDataset.IMAGENET.title(),
        IMAGENET_IMAGES,
        blocks,
        activation,
        node.get("baseline").number() / 100,
        errors);
  }

  private static List<Double> rates(JsonNode percents) {
    return percents.list(percent -> percent.number() / 100);
  }

  private static Map<Integer, Double> byNumber(List<Double> errors) {
    Map<Integer, Double> byNumber = new HashMap<>();
    for (int i = 0; i < errors.size(); i++) {
      byNumber.put(i + 1, errors.get(i));
    }
    return byNumber;
  }

  /** What was published of many random lesions with one k: rates. */
  record Draws(int draws, double lowerQuartile, double median, double upperQuartile) {}

  private static Draws read(JsonNode draws) {
    return new Draws(
        draws.get("n").integer(),
        draws.get("q25").number() / 100,
        draws.get("median").number() / 100,
        draws.get("q75").number() / 100);
  }

  /**
   * The published draws of a network.
   *
   * @param study the name of the study in published.json
   * @param k how many blocks or pairs
   */
  static Optional<Draws> draws(PublishedNetwork network, String study, int k) {
    return draws(network)
        .flatMap(studies -> studies.get(study).find(String.valueOf(k)))
        .map(PublishedNumbers::read);
  }

  /** The published reorderings of a network, by the middle of bins of Kendall's tau. */
  static SortedMap<Double, Draws> drawsByTau(PublishedNetwork network) {
    SortedMap<Double, Draws> draws = new TreeMap<>();
    draws(network)
        .map(studies -> studies.get("permute_by_tau_bin_floor"))
        .ifPresent(
            bins -> {
              for (int percent = 0; percent < 100; percent++) {
                double middle = (percent + 0.5) / 100;
                bins.find(Numbers.format("%.2f", percent / 100.0))
                    .ifPresent(bin -> draws.put(middle, read(bin)));
              }
            });
    return draws;
  }

  private static Optional<JsonNode> draws(PublishedNetwork network) {
    if (network.activation() != Activation.PRE) {
      return Optional.empty();
    }
    return switch (network.blocks()) {
      case 54 -> Optional.of(read().get("cifar10_pre110_large_scale"));
      case 66 -> Optional.of(read().get("imagenet_pre200_large_scale"));
      default -> Optional.empty();
    };
  }
}
