package io.github.resnetensembles.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.report.ReportBuilder.Entry;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what networks are called that were given no label. */
final class Labels {
  private static final int SHOWN_HASH_DIGITS = 8;
  private static final int LONGEST_LESION = 150;

  /** Labels that were given, by the network they were given to. */
  private final Map<String, String> given = new HashMap<>();

  private final SetMultimap<String, String> weightsByName = HashMultimap.create();

  private Labels(List<Entry> entries) {
    for (Entry entry : entries) {
      Provenance provenance = entry.result().provenance();
      weightsByName.put(provenance.architecture().name(), provenance.weightsSha256());
      entry.label().ifPresent(label -> given.putIfAbsent(key(entry.result()), label));
    }
  }

  static Labels of(List<Entry> entries) {
    return new Labels(entries);
  }

  /** What an entry's network is called. */
  String label(Entry entry) {
    if (entry.label().isPresent()) {
      return entry.label().get();
    }
    String key = key(entry.result());
    return given.containsKey(key) ? given.getOrDefault(key, key) : found(entry.result());
  }

  private String found(Result result) {
    Provenance provenance = result.provenance();
    String name = provenance.architecture().name();
    Lesion base = ResultKind.base(result);
    return name
        + (weightsByName.get(name).size() == 1
            ? ""
            : " ("
                + provenance
                    .weightsSha256()
                    .substring(0, Math.min(SHOWN_HASH_DIGITS, provenance.weightsSha256().length()))
                + ")")
        + (base instanceof Lesion.Intact ? "" : " with " + brief(base.toString()));
  }

  /** Two long lesions may begin alike, and labels tell networks apart. */
  private static String brief(String lesion) {
    return lesion.length() <= LONGEST_LESION
        ? lesion
        : "%s (%s)"
            .formatted(
                Names.shorten(lesion),
                Hashing.sha256()
                    .hashString(lesion, UTF_8)
                    .toString()
                    .substring(0, SHOWN_HASH_DIGITS));
  }

  /** What makes a network: its weights, and the damage that it is studied with. */
  private static String key(Result result) {
    return result.provenance().weightsSha256() + " " + ResultKind.base(result);
  }
}
