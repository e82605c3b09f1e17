package io.github.resnetensembles.run;

import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.result.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The code that gives results: the library's versions, and of a snapshot, which is another one with
 * every build, a hash of its classes.
 */
final class CodeVersion {
  private static final String PACKAGES = "io/github/resnetensembles";
  private static final String CLASS = ".class";

  /** Programs that use the library: they decide about no number. */
  private static final String EXAMPLES = PACKAGES + "/examples/";

  private static final String SNAPSHOT = "-SNAPSHOT";
  private static final Supplier<String> CLASSES = Suppliers.memoize(CodeVersion::hashOfClasses);

  private CodeVersion() {}

  static JsonElement of(Provenance provenance) {
    JsonArray code = new JsonArray();
    for (Provenance.Run run : provenance.runs()) {
      code.add(run.libraryVersion());
      if (run.libraryVersion().endsWith(SNAPSHOT)) {
        code.add(CLASSES.get());
      }
    }
    return code;
  }

  /**
   * Of all classes of this library that the class path has, wherever they lie, but for the
   * examples.
   */
  private static String hashOfClasses() {
    SortedMap<String, String> sums = new TreeMap<>();
    try {
      ClassLoader loader = CodeVersion.class.getClassLoader();
      for (URL place : Collections.list(loader.getResources(PACKAGES))) {
        if (place.openConnection() instanceof JarURLConnection jar) {
          ofJar(jar.getJarFile(), sums);
        } else {
          ofFolder(Path.of(uri(place)), sums);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read this library's own classes: " + FileNames.reason(e), e);
    }
    Hasher hasher = Hashing.sha256().newHasher();
    sums.forEach((name, sum) -> hasher.putString(name + " " + sum + "\n", StandardCharsets.UTF_8));
    return hasher.hash().toString();
  }

  private static URI uri(URL place) {
    try {
      return place.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The list of a jar's contents has a checksum of each. */
  private static void ofJar(JarFile jar, SortedMap<String, String> sums) {
    jar.stream()
        .filter(entry -> counts(entry.getName()))
        .forEach(
            entry ->
                sums.put(
                    entry.getName(), Long.toHexString(entry.getCrc()) + " " + entry.getSize()));
  }

  private static void ofFolder(Path folder, SortedMap<String, String> sums) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String name = PACKAGES + "/" + folder.relativize(file).toString().replace('\\', '/');
      if (!counts(name)) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(file);
      sums.put(
          name,
          Long.toHexString(Hashing.crc32().hashBytes(bytes).padToLong()) + " " + bytes.length);
    }
  }

  private static boolean counts(String name) {
    return name.startsWith(PACKAGES) && name.endsWith(CLASS) && !name.startsWith(EXAMPLES);
  }
}
