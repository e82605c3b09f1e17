package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RenameRules;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the tensor names in use into the library's own. */
final class TensorNames {
  static final int MAX_LENGTH = 256;
  private static final int MAX_STEPS = 1_000_000;
  private static final String WRAPPER = "module.";
  private static final String COUNTER = "num_batches_tracked";

  private static final Pattern OWN = Pattern.compile("(stem|blocks\\.[0-9]{1,5}|head)\\..+");
  private static final Pattern BLOCK = Pattern.compile("layer([0-9]{1,4})\\.([0-9]{1,5})\\.(.+)");
  private static final Pattern LAYER = Pattern.compile("(conv|bn)[0-9]{1,2}\\.[a-z_]+");
  private static final Pattern SHORTCUT =
      Pattern.compile("(?:shortcut|downsample)\\.([01])\\.([a-z_]+)");
  private static final Pattern OUTSIDE = Pattern.compile("(conv1|bn1|bn|linear|fc)\\.([a-z_]+)");

  /**
   * A recognised file.
   *
   * @param tensors by the library's names
   * @param firstOfStage the numbers of the blocks that begin a stage; empty where the names do not
   *     tell
   */
  record Recognised(Map<String, StoredTensor> tensors, List<Integer> firstOfStage) {}

  private TensorNames() {}

  /** Lists the first few and counts the rest. */
  static String list(List<String> items, int most) {
    return items.stream().limit(most).collect(Collectors.joining("; "))
        + (items.size() > most ? "; and " + (items.size() - most) + " more" : "");
  }

  static Recognised recognise(Map<String, StoredTensor> file, RenameRules rules) {
    Map<String, StoredTensor> renamed = new LinkedHashMap<>();
    file.forEach(
        (name, tensor) -> {
          if (name.length() > MAX_LENGTH) {
            throw new InvalidWeightsException(
                "the tensor name '"
                    + Names.shorten(name)
                    + "' has "
                    + name.length()
                    + " characters; at most "
                    + MAX_LENGTH
                    + " are read");
          }
          String stripped = strip(name);
          if (!stripped.endsWith(COUNTER)) {
            putOnce(renamed, name, rename(stripped, rules), tensor);
          }
        });
    boolean own =
        !renamed.isEmpty() && renamed.keySet().stream().allMatch(n -> OWN.matcher(n).matches());
    return own ? new Recognised(renamed, List.of()) : translate(renamed);
  }

  private static String strip(String name) {
    return name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name;
  }

  private static void putOnce(
      Map<String, StoredTensor> map, String from, String name, StoredTensor tensor) {
    if (map.put(name, tensor) != null) {
      throw new InvalidWeightsException(
          "two tensors, '"
              + Names.shorten(from)
              + "' the second, are named '"
              + Names.shorten(name)
              + "' once renamed; check the rename rules");
    }
  }

  private static String rename(String name, RenameRules rules) {
    String renamed = name;
    for (RenameRules.Rule rule : rules.rules()) {
      try {
        renamed =
            rule.pattern()
                .matcher(new Metered(renamed, new AtomicInteger(MAX_STEPS)))
                .replaceAll(rule.replacement());
      } catch (IndexOutOfBoundsException | IllegalArgumentException | StackOverflowError e) {
        throw new InvalidWeightsException(
            "the rename rule '"
                + Names.shorten(rule.pattern() + " -> " + rule.replacement())
                + "' fails on '"
                + Names.shorten(name)
                + "': "
                + e.getMessage(),
            e);
      }
      if (renamed.length() > MAX_LENGTH) {
        throw new InvalidWeightsException(
            "the rename rules make '" + Names.shorten(name) + "' longer than " + MAX_LENGTH);
      }
    }
    return strip(renamed);
  }

  private static Recognised translate(Map<String, StoredTensor> renamed) {
    SortedMap<Integer, SortedMap<Integer, Integer>> stages = new TreeMap<>();
    for (String name : renamed.keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        stages
            .computeIfAbsent(Integer.valueOf(block.group(1)), stage -> new TreeMap<>())
            .put(Integer.valueOf(block.group(2)), 0);
      }
    }
    List<Integer> firstOfStage = number(stages);

    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<String> strangers = new ArrayList<>();
    renamed.forEach(
        (name, tensor) -> {
          String own = ownName(name, stages);
          if (own.isEmpty()) {
            strangers.add("'" + Names.shorten(name) + "'");
          } else {
            putOnce(tensors, name, own, tensor);
          }
        });
    if (!strangers.isEmpty()) {
      throw new InvalidWeightsException(
          strangers.size()
              + " tensor names are not recognised: "
              + list(strangers, 5)
              + "; known are conv1, bn1, layerS.I.convJ/bnJ, shortcut/downsample.0/.1, bn,"
              + " linear/fc and the library's own; map the others with rename rules");
    }
    return new Recognised(tensors, firstOfStage);
  }

  /** Numbers the blocks from 1 through all stages, and finds gaps. */
  private static List<Integer> number(SortedMap<Integer, SortedMap<Integer, Integer>> stages) {
    List<Integer> firstOfStage = new ArrayList<>();
    int number = 1;
    int stage = 1;
    for (Map.Entry<Integer, SortedMap<Integer, Integer>> entry : stages.entrySet()) {
      if (entry.getKey() != stage) {
        throw missing("layer" + stage, "layer" + entry.getKey());
      }
      firstOfStage.add(number);
      int place = 0;
      for (Map.Entry<Integer, Integer> block : entry.getValue().entrySet()) {
        if (block.getKey() != place) {
          throw missing("layer" + stage + "." + place, "layer" + stage + "." + block.getKey());
        }
        block.setValue(number++);
        place++;
      }
      stage++;
    }
    return firstOfStage;
  }

  private static InvalidWeightsException missing(String missing, String present) {
    return new InvalidWeightsException(
        "the file has tensors of "
            + present
            + " but none of "
            + missing
            + ": it is incomplete, or the rename rules miscount");
  }

  private static String ownName(
      String name, SortedMap<Integer, SortedMap<Integer, Integer>> stages) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      SortedMap<Integer, Integer> stage = stages.get(Integer.valueOf(block.group(1)));
      Integer number = stage == null ? null : stage.get(Integer.valueOf(block.group(2)));
      String layer = block.group(3);
      Matcher shortcut = SHORTCUT.matcher(layer);
      if (LAYER.matcher(layer).matches()) {
        return "blocks." + number + "." + layer;
      }
      if (shortcut.matches()) {
        String part = shortcut.group(1).equals("0") ? "conv" : "bn";
        return "blocks." + number + ".shortcut." + part + "." + shortcut.group(2);
      }
      return "";
    }
    Matcher outside = OUTSIDE.matcher(name);
    if (!outside.matches()) {
      return "";
    }
    return switch (outside.group(1)) {
          case "conv1" -> "stem.conv.";
          case "bn1" -> "stem.bn.";
          case "bn" -> "head.bn.";
          default -> "head.linear.";
        }
        + outside.group(2);
  }

  /** A text that a regular expression may look at only so often: some would never come back. */
  private record Metered(String text, AtomicInteger stepsLeft) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (stepsLeft.decrementAndGet() < 0) {
        throw new IllegalArgumentException(
            "it takes more than " + MAX_STEPS + " steps; simplify the expression");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Metered(text.substring(start, end), stepsLeft);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
