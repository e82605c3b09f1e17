package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Networks of inverted residuals, whose units are numbered whether they have a skip connection or
 * not: what the layers of a unit are follows from their order and their shapes. A unit without a
 * skip connection belongs to the lead of the next block, or to the head.
 */
final class InvertedNames {
  private static final Pattern LAYER = Pattern.compile("blocks\\.(\\d+)\\.(se|\\d+)\\.(.+)");

  private InvertedNames() {}

  /**
   * One unit.
   *
   * @param names of its numbered layers, such as {@code expand.conv.}
   * @param kernel the largest
   */
  private record Unit(Map<Integer, String> names, int inputs, int outputs, int kernel) {}

  /**
   * Finds blocks and what stands between them.
   *
   * @param numbered by {@code blocks.UNIT.LAYER.weight}, {@code blocks.UNIT.se.fc1.weight}, and the
   *     own names of stem and head
   * @param firstOfStage the numbers of the units that begin a stage; all of them where the names
   *     know no stages
   */
  static TensorNames.Recognised recognise(
      Map<String, StoredTensor> numbered,
      List<Integer> firstOfStage,
      NamingScheme scheme,
      Assumptions assumptions) {
    List<Unit> units = units(numbered);
    if (units.stream().noneMatch(unit -> unit.names().containsValue("expand.conv."))) {
      throw new InvalidWeightsException(
          "no unit widens before its depthwise convolution: such networks (MobileNet-V1, LCNet) have"
              + " no skip connections that tensors tell of; "
              + Tensors.PARTS);
    }
    List<Integer> stages =
        firstOfStage.size() == units.size() ? stagesByWidth(units) : firstOfStage;
    List<Integer> strides =
        assumptions.numbers(Assumption.STAGE_STRIDES, usualStrides(units, stages));
    List<String> places = places(units, stages, strides);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    numbered.forEach(
        (name, tensor) -> {
          Matcher matcher = LAYER.matcher(name);
          if (!matcher.matches()) {
            tensors.put(name, tensor);
            return;
          }
          int unit = Integer.parseInt(matcher.group(1)) - 1;
          String layer =
              matcher.group(2).equals("se")
                  ? "se."
                  : units
                      .get(unit)
                      .names()
                      .getOrDefault(Integer.valueOf(matcher.group(2)), matcher.group(2) + ".");
          tensors.put(places.get(unit) + layer + matcher.group(3), tensor);
        });
    return new TensorNames.Recognised(tensors, stages, scheme, Set.of());
  }

  private static List<Unit> units(Map<String, StoredTensor> numbered) {
    SortedMap<Integer, SortedMap<Integer, StoredTensor>> weights = new TreeMap<>();
    numbered.forEach(
        (name, tensor) -> {
          Matcher matcher = LAYER.matcher(name);
          if (matcher.matches() && !matcher.group(2).equals("se")) {
            SortedMap<Integer, StoredTensor> layers =
                weights.computeIfAbsent(
                    Integer.valueOf(matcher.group(1)), number -> new TreeMap<>());
            if (matcher.group(3).equals("weight")) {
              layers.put(Integer.valueOf(matcher.group(2)), tensor);
            }
          }
        });
    List<Unit> units = new ArrayList<>();
    weights.forEach((number, layers) -> units.add(unit(number, layers)));
    return units;
  }

  /** The depthwise convolution stands in the middle, or first where nothing widens before it. */
  private static Unit unit(int number, SortedMap<Integer, StoredTensor> layers) {
    List<Map.Entry<Integer, StoredTensor>> convolutions = new ArrayList<>();
    List<Integer> norms = new ArrayList<>();
    List<Map.Entry<Integer, StoredTensor>> depthwise = new ArrayList<>();
    for (Map.Entry<Integer, StoredTensor> layer : layers.entrySet()) {
      if (layer.getValue().shape().size() != 4) {
        norms.add(layer.getKey());
      } else if (depthwise(layer.getValue())) {
        depthwise.add(layer);
      } else {
        convolutions.add(layer);
      }
    }
    int pointwise = convolutions.size();
    boolean known = pointwise > 0 && pointwise <= 2 && depthwise.size() <= 1;
    if (!known || norms.size() != pointwise + depthwise.size()) {
      throw new InvalidWeightsException(
          ("unit %s has %s convolutions, %s of them depthwise, and %s norms: no inverted residual"
                  + " is made so%s")
              .formatted(
                  number,
                  pointwise + depthwise.size(),
                  depthwise.size(),
                  norms.size(),
                  Tensors.REMEDY));
    }
    convolutions.addAll(pointwise - 1, depthwise);
    List<String> roles =
        depthwise.isEmpty()
            ? List.of("expand.", "project.")
            : List.of("expand.", "depthwise.", "project.").subList(2 - pointwise, 3);
    Map<Integer, String> names = new LinkedHashMap<>();
    for (int i = 0; i < convolutions.size(); i++) {
      names.put(convolutions.get(i).getKey(), roles.get(i) + "conv.");
      names.put(norms.get(i), roles.get(i) + "bn.");
    }
    StoredTensor first = convolutions.get(0).getValue();
    StoredTensor last = convolutions.get(convolutions.size() - 1).getValue();
    Collection<Integer> kernels =
        convolutions.stream().map(layer -> layer.getValue().shape().get(2)).toList();
    return new Unit(
        names,
        first.shape().get(depthwise(first) ? 0 : 1),
        last.shape().get(0),
        Collections.max(kernels));
  }

  private static boolean depthwise(StoredTensor kernel) {
    return kernel.shape().get(1) == 1 && kernel.shape().get(0) > 1;
  }

  private static List<Integer> stagesByWidth(List<Unit> units) {
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      if (i == 0 || units.get(i).outputs() != units.get(i - 1).outputs()) {
        first.add(i + 1);
      }
    }
    return first;
  }

  /**
   * Those of MobileNets and EfficientNets, which have five stages (MobileNet-V3 small), six or
   * seven; some end with a stage of single pixels besides.
   */
  private static List<Integer> usualStrides(List<Unit> units, List<Integer> stages) {
    int last = stages.get(stages.size() - 1);
    boolean pixels = units.get(last - 1).kernel() == 1;
    int count = stages.size() - (pixels ? 1 : 0);
    List<Integer> strides = new ArrayList<>();
    if (count >= 5 && count <= 7) {
      strides.addAll(count == 5 ? List.of(2, 2, 2, 1, 2) : List.of(1, 2, 2, 2, 1, 2));
    }
    while (strides.size() < count) {
      strides.add(strides.isEmpty() || count == 7 ? 1 : 2);
    }
    if (pixels) {
      strides.add(1);
    }
    return strides;
  }

  /** What the names of each unit's layers begin with. */
  private static List<String> places(
      List<Unit> units, List<Integer> stages, List<Integer> strides) {
    List<String> places = new ArrayList<>();
    int block = 1;
    int waiting = 0;
    for (int i = 0; i < units.size(); i++) {
      int stage = stages.indexOf(i + 1);
      int stride = stage < 0 ? 1 : strides.get(stage);
      if (stride == 1 && units.get(i).inputs() == units.get(i).outputs()) {
        places.add("blocks." + block + ".");
        block++;
        waiting = 0;
      } else {
        waiting++;
        places.add("blocks.%s.down%s.".formatted(block, waiting));
      }
    }
    if (block == 1) {
      throw new InvalidWeightsException(
          "no unit keeps the shape of its input, so none has a skip connection" + Tensors.REMEDY);
    }
    for (int i = units.size() - waiting; i < units.size(); i++) {
      places.set(i, places.get(i).replace("blocks." + block + ".", "head."));
    }
    return places;
  }
}
