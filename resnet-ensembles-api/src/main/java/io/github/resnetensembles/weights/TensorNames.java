package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private static final Pattern NUMBERED_SHORTCUT =
      Pattern.compile("(blocks\\.[0-9]+\\.shortcut\\.)([0-9])\\.([a-z_]+)");

  /**
   * A recognised file.
   *
   * @param tensors by the library's names
   * @param firstOfStage the numbers of the blocks that begin a stage; empty where the names do not
   *     tell
   * @param scheme whose names the file has
   * @param pooled the blocks whose projection stands behind a pool; of plain networks those before
   *     a pool, 0 being the stem
   */
  record Recognised(
      Map<String, StoredTensor> tensors,
      List<Integer> firstOfStage,
      NamingScheme scheme,
      Set<Integer> pooled) {}

  /** What stands under a name of the file. */
  private record Named(String original, TensorFile.Entry entry) {}

  private TensorNames() {}

  /** Lists the first few and counts the rest. */
  static String list(List<String> items, int most) {
    return items.stream().limit(most).collect(Collectors.joining("; "))
        + (items.size() > most ? "; and " + (items.size() - most) + " more" : "");
  }

  /**
   * Gives tensors their own names.
   *
   * @param assumptions which are asked where a name depends on what tensors do not tell
   */
  static Recognised recognise(
      Map<String, TensorFile.Entry> file, RenameRules rules, Assumptions assumptions) {
    List<Renaming> renamings = rules.rules().stream().map(Renaming::of).toList();
    Map<String, Named> renamed = new LinkedHashMap<>();
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
              putOnce(renamed, name, kept, new Named(name, tensor));
            }
          }
        });
    Map<String, StoredTensor> bare = tensors(withoutSharedPrefixes(renamed));
    Reparametrised.check(bare.keySet());
    boolean own = !bare.isEmpty() && bare.keySet().stream().allMatch(n -> OWN.matcher(n).matches());
    return own
        ? new Recognised(bare, List.of(), NamingScheme.RESIDUAL, Set.of())
        : translate(bare, assumptions);
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

  private static Map<String, StoredTensor> tensors(Map<String, Named> entries) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    entries.forEach(
        (name, named) -> tensors.put(name, named.entry.tensor(name).from(named.original)));
    return tensors;
  }

  private static Recognised translate(Map<String, StoredTensor> renamed, Assumptions assumptions) {
    NamingScheme scheme =
        NamingScheme.ALL.stream()
            .min(Comparator.comparingLong(candidate -> candidate.strangers(renamed)))
            .orElseThrow();
    Map<String, String> places = new LinkedHashMap<>();
    List<String> strangers = new ArrayList<>();
    renamed
        .keySet()
        .forEach(
            name ->
                scheme
                    .own(name)
                    .ifPresentOrElse(
                        own -> places.put(name, own),
                        () -> strangers.add("'" + Names.shorten(name) + "'")));
    if (!strangers.isEmpty()) {
      throw new InvalidWeightsException(
          ("%s tensor names are not recognised: %s; the nearest names are those of %s (%s) and the"
                  + " library's own; map the others with rename rules, or drop them with rules"
                  + " that have nothing after the arrow; if the network needs what they are of, or is"
                  + " of another kind, %s")
              .formatted(
                  strangers.size(),
                  list(strangers, 5),
                  scheme.name(),
                  scheme.known(),
                  Tensors.PARTS));
    }
    assumptions.namesOf(scheme);
    if (scheme.family() == NamingScheme.Family.PLAIN) {
      Map<String, StoredTensor> numbered = new LinkedHashMap<>();
      places.forEach((name, own) -> putOnce(numbered, name, own, known(renamed, name)));
      return PlainNames.recognise(numbered, scheme);
    }
    BlockNumbers numbers = BlockNumbers.of(places);
    Map<String, StoredTensor> parts = new LinkedHashMap<>();
    places.forEach((name, own) -> putOnce(parts, name, numbers.name(own), known(renamed, name)));
    Map<String, StoredTensor> numbered = joined(parts);
    if (scheme.family() == NamingScheme.Family.INVERTED) {
      return InvertedNames.recognise(numbered, numbers.firstOfStage(), scheme, assumptions);
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Set<Integer> pooled = new TreeSet<>();
    numbered.forEach(
        (name, tensor) -> putOnce(tensors, name, shortcut(name, numbered, pooled), tensor));
    return new Recognised(tensors, numbers.firstOfStage(), scheme, pooled);
  }

  private static StoredTensor known(Map<String, StoredTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  /** Tensors whose parts have numbers after {@code #} are one. */
  private static Map<String, StoredTensor> joined(Map<String, StoredTensor> parts) {
    Map<String, StoredTensor> whole = new LinkedHashMap<>();
    parts.forEach(
        (name, tensor) -> {
          int end = name.indexOf('#');
          if (end < 0) {
            whole.put(name, tensor);
            return;
          }
          String own = name.substring(0, end);
          List<StoredTensor> all = new ArrayList<>();
          StoredTensor part = parts.get(own + "#0");
          while (part != null) {
            all.add(part);
            part = parts.get(own + "#" + all.size());
          }
          if (!all.isEmpty()) {
            whole.putIfAbsent(own, StoredTensor.joined(own, all));
          }
        });
    return whole;
  }

  /**
   * The layers of a shortcut are numbered in a sequence: the one with a kernel is the projection,
   * what follows is its norm, and what stands before it, a pool, has no tensors.
   */
  private static String shortcut(
      String name, Map<String, StoredTensor> numbered, Set<Integer> pooled) {
    Matcher matcher = NUMBERED_SHORTCUT.matcher(name);
    if (!matcher.matches()) {
      return name;
    }
    int layer = Integer.parseInt(matcher.group(2));
    int projection = 0;
    for (int i = 0; i <= layer; i++) {
      StoredTensor weight = numbered.get("%s%s.weight".formatted(matcher.group(1), i));
      if (weight != null && weight.shape().size() == 4) {
        projection = i;
      }
    }
    if (projection > 0) {
      pooled.add(Integer.valueOf(name.substring("blocks.".length(), name.indexOf(".shortcut"))));
    }
    return "%s%s.%s"
        .formatted(matcher.group(1), layer == projection ? "conv" : "bn", matcher.group(3));
  }
}
