package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import io.github.resnetensembles.internal.io.Interrupts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which images a folder holds, in the order of their sorted paths, and their labels: all that is
 * kept of an image.
 *
 * <p>The hash is the SHA-256 of these bytes in UTF-8: the line {@code "resnet-ensembles folder v1
 * <preprocessing> <classes>"}, and for each image its path below the folder, its label and its size
 * in bytes, each ended by a zero byte.
 */
final class FolderListing {
  private static final Interrupts INTERRUPTS = Interrupts.during("a folder was listed");
  private static final Set<String> READ = Set.of("jpg", "jpeg", "png");

  /** What torchvision reads, and this library does not. */
  private static final Set<String> OTHERS =
      Set.of("ppm", "bmp", "pgm", "tif", "tiff", "webp", "gif", "avif", "heic", "jxl", "jp2");

  /** What the parts of a data set are called. */
  private static final Set<String> SPLITS =
      Set.of("train", "val", "valid", "validation", "test", "training", "testing");

  /** Of code points, as Python sorts. */
  private static final Comparator<String> ORDER =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  private static final int DEEPEST = 32;

  private final Path folder;
  private final List<String> names = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private int[] labels = {};
  private int classes;
  private String sha256 = "";

  private FolderListing(Path folder) {
    this.folder = folder;
  }

  /**
   * Lists a folder.
   *
   * @throws InvalidImagesException if it holds no images, or not as the settings say
   * @throws FileAccessException if it cannot be read
   * @throws io.github.resnetensembles.RunInterruptedException if the thread is interrupted
   */
  static FolderListing of(Path folder, FolderSettings settings) {
    Preprocessing preprocessing = settings.preprocessing();
    FolderListing listing = new FolderListing(folder);
    if (settings.unlabelled()) {
      checkUnlabelled(folder, settings);
    }
    @Nullable ClassNames classes = settings.classes().map(ClassNames::read).orElse(null);
    if (settings.unlabelled()) {
      listing.readAll(settings);
    } else if (settings.labels().isPresent()) {
      listing.readLabels(settings.labels().get(), classes, settings.classCount());
    } else {
      listing.readClassFolders(classes, settings.classCount());
    }
    if (listing.classes < 2) {
      throw new InvalidImagesException(
          DataFiles.show(folder) + " holds one class; images have at least 2 classes");
    }
    listing.sha256 = listing.hash(preprocessing);
    // No more than the names is kept.
    listing.sizes.clear();
    return listing;
  }

  private static void checkUnlabelled(Path folder, FolderSettings settings) {
    if (settings.labels().isPresent() || settings.classes().isPresent()) {
      throw new InvalidInputException(
          "images without labels have no file of labels or of classes, but %s is named for %s"
              .formatted(
                  DataFiles.show(settings.labels().or(settings::classes).orElseThrow()),
                  DataFiles.show(folder)));
    }
    if (settings.classCount().isEmpty()) {
      throw new InvalidInputException(
          "images without labels do not tell how many classes there are: say it"
              + " (FolderOptions.classCount)");
    }
  }

  private void readAll(FolderSettings settings) {
    add(folder, "");
    if (names.isEmpty()) {
      throw noImages(folder, "");
    }
    labels = new int[names.size()];
    Arrays.fill(labels, ImageBatch.UNLABELLED);
    classes = settings.classCount().orElseThrow();
  }

  private void readLabels(Path file, @Nullable ClassNames names, OptionalInt count) {
    add(folder, "");
    if (this.names.isEmpty()) {
      throw noImages(folder, "");
    }
    LabelFile.Labels read = new LabelFile(file, names, count).labels(this.names);
    labels = read.labels().stream().mapToInt(label -> label).toArray();
    classes = read.classes();
  }

  private void readClassFolders(@Nullable ClassNames given, OptionalInt count) {
    List<Entry> children = children(folder);
    List<String> folders =
        children.stream().filter(Entry::directory).map(Entry::name).sorted(ORDER).toList();
    if (folders.isEmpty()) {
      throw noImages(
          folder,
          children.stream().anyMatch(child -> READ.contains(ending(child.name)))
              ? "; it has no class folders: give their labels (--labels FILE, FolderOptions.labels)"
              : "");
    }
    if (SPLITS.containsAll(folders)) {
      throw new InvalidImagesException(
          "%s holds the parts %s of a data set, which are no classes; name the folder of one of them"
              .formatted(DataFiles.show(folder), String.join(", ", folders)));
    }
    ClassNames known = given == null ? ClassNames.of(DataFiles.show(folder), folders) : given;
    List<Integer> found = new ArrayList<>();
    for (String name : folders) {
      int label = number(known, name);
      add(folder.resolve(name), name + "/");
      if (names.size() == found.size()) {
        throw noImages(folder.resolve(name), "; remove the folder, or fill it");
      }
      while (found.size() < names.size()) {
        found.add(label);
      }
    }
    labels = found.stream().mapToInt(label -> label).toArray();
    classes = given == null ? folders.size() : given.size();
    if (given == null && count.isPresent() && count.getAsInt() != classes) {
      throw new InvalidImagesException(
          ("%s has %s class folders, but there are %s classes; say which of them the folders are"
                  + " (--classes FILE, FolderOptions.classes: one name a line, in the network's"
                  + " order)")
              .formatted(DataFiles.show(folder), classes, count.getAsInt()));
    }
  }

  private int number(ClassNames known, String name) {
    return known
        .number(name)
        .orElseThrow(
            () ->
                new InvalidImagesException(
                    "%s has the class folder %s, which %s does not name; add it or remove it"
                        .formatted(DataFiles.show(folder), Names.shorten(name), known.source())));
  }

  private InvalidImagesException noImages(Path where, String remedy) {
    return new InvalidImagesException(
        "%s holds no images (.jpg, .jpeg, .png)%s".formatted(DataFiles.show(where), remedy));
  }

  /** Adds the images of a directory and of those below it, sorted by their paths. */
  private void add(Path directory, String prefix) {
    List<Entry> found = new ArrayList<>();
    collect(directory, prefix, 0, found);
    found.sort(Comparator.comparing(Entry::name, ORDER));
    for (Entry image : found) {
      names.add(image.name);
      sizes.add(image.size);
    }
  }

  private static void collect(Path directory, String prefix, int depth, List<Entry> images) {
    if (depth > DEEPEST) {
      throw new InvalidImagesException(
          "%s lies more than %s folders deep; is there a link to a folder around it?"
              .formatted(DataFiles.show(directory), DEEPEST));
    }
    for (Entry child : children(directory)) {
      String ending = ending(child.name);
      if (child.directory) {
        collect(directory.resolve(child.name), prefix + child.name + "/", depth + 1, images);
      } else if (OTHERS.contains(ending)) {
        throw new InvalidImagesException(
            "%s is no JPEG or PNG file, and no other formats are read; convert it or move it away"
                .formatted(DataFiles.show(directory.resolve(child.name))));
      } else if (READ.contains(ending)) {
        images.add(new Entry(prefix + child.name, false, child.size));
      }
    }
  }

  private record Entry(String name, boolean directory, long size) {}

  /** What a directory holds, but for what is hidden. */
  private static List<Entry> children(Path directory) {
    List<Path> all = DataFiles.read(directory, () -> Unreadable.list(directory));
    List<Entry> children = new ArrayList<>();
    for (Path path : all) {
      INTERRUPTS.check();
      String name = String.valueOf(path.getFileName());
      if (!name.startsWith(".")) {
        BasicFileAttributes attributes =
            DataFiles.read(path, () -> Files.readAttributes(path, BasicFileAttributes.class));
        children.add(new Entry(name, attributes.isDirectory(), attributes.size()));
      }
    }
    return children;
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private String hash(Preprocessing preprocessing) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(
        "resnet-ensembles folder v1 %s %s\n".formatted(preprocessing.identity(), classes), UTF_8);
    for (int i = 0; i < labels.length; i++) {
      INTERRUPTS.check(i);
      hasher.putString("%s\0%s\0%s\0".formatted(names.get(i), labels[i], sizes.get(i)), UTF_8);
    }
    return hasher.hash().toString();
  }

  String name() {
    return DataFiles.name(folder);
  }

  int size() {
    return labels.length;
  }

  int classes() {
    return classes;
  }

  String sha256() {
    return sha256;
  }

  boolean hasLabels() {
    return labels[0] != ImageBatch.UNLABELLED;
  }

  int label(int record) {
    return labels[record];
  }

  Path file(int record) {
    return folder.resolve(names.get(record));
  }
}
