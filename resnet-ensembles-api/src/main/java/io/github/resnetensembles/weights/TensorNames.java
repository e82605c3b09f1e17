package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns the tensor names in use into the library's own. */
final class TensorNames {
  static final int MAX_LENGTH = 256;
  private static final String WRAPPER = "module.";

  /** What wrappers put before all names, in any order. */
  private static final List<String> PREFIXES =
      List.of("_orig_mod.", "model.", "net.", "backbone.", "encoder.", WRAPPER);

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

  static Recognised recognise(Map<String, TensorFile.Entry> file, RenameRules rules) {
    List<Renaming> renamings = rules.rules().stream().map(Renaming::of).toList();
    Map<String, TensorFile.Entry> renamed = new LinkedHashMap<>();
    file.forEach(
        (name, tensor) -> {
          ReadBudget.look();
          if (name.length() > MAX_LENGTH) {
            throw new InvalidWeightsException(
                "the tensor name '%s' has %s characters; at most %s are read"
                    .formatted(Names.shorten(name), name.length(), MAX_LENGTH));
          }
          String stripped = name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name;
          if (!stripped.endsWith(COUNTER)) {
            String kept = rename(stripped, renamings);
            if (kept != null) {
              putOnce(renamed, name, kept, tensor);
            }
          }
        });
    Map<String, StoredTensor> bare = tensors(withoutSharedPrefixes(renamed));
    Reparametrised.check(bare.keySet());
    boolean own = !bare.isEmpty() && bare.keySet().stream().allMatch(n -> OWN.matcher(n).matches());
    return own ? new Recognised(bare, List.of()) : translate(bare);
  }

  private static <T> void putOnce(Map<String, T> map, String from, String name, T tensor) {
    if (map.put(name, tensor) != null) {
      throw new InvalidWeightsException(
          ("two tensors, '%s' the second, are named '%s' once renamed; check the rename" + " rules")
              .formatted(Names.shorten(from), Names.shorten(name)));
    }
  }

  private static @Nullable String rename(String name, List<Renaming> rules) {
    String renamed = name;
    for (Renaming rule : rules) {
      String next = rule.apply(renamed);
      if (next == null) {
        return null;
      }
      if (next.length() > MAX_LENGTH) {
        throw new InvalidWeightsException(
            "the rename rules make '" + Names.shorten(name) + "' longer than " + MAX_LENGTH);
      }
      renamed = next;
    }
    return renamed;
  }

  private static <T> Map<String, T> withoutSharedPrefixes(Map<String, T> named) {
    Map<String, T> bare = named;
    Optional<String> shared = sharedPrefix(bare);
    while (shared.isPresent()) {
      int length = shared.get().length();
      Map<String, T> shorter = new LinkedHashMap<>();
      bare.forEach((name, value) -> shorter.put(name.substring(length), value));
      bare = shorter;
      shared = sharedPrefix(bare);
    }
    return bare;
  }

  private static Optional<String> sharedPrefix(Map<String, ?> named) {
    return PREFIXES.stream()
        .filter(p -> !named.isEmpty() && named.keySet().stream().allMatch(n -> n.startsWith(p)))
        .findFirst();
  }

  private static Map<String, StoredTensor> tensors(Map<String, TensorFile.Entry> entries) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    entries.forEach((name, entry) -> tensors.put(name, entry.tensor(name)));
    return tensors;
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
          ("%s tensor names are not recognised: %s; known are conv1, bn1,"
                  + " layerS.I.convJ/bnJ, shortcut/downsample.0/.1, bn, linear/fc and the"
                  + " library's own; map the others with rename rules, or drop them with rules"
                  + " that have nothing after the arrow")
              .formatted(strangers.size(), list(strangers, 5)));
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
        ("the file has tensors of %s but none of %s: it is incomplete, or the rename"
                + " rules miscount")
            .formatted(present, missing));
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
}
