package io.github.resnetensembles.examples.cli;

import com.google.common.collect.Sets;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.FolderOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.images.Interpolation;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a folder of JPEG and PNG files is read. */
final class FolderFlags {
  /** Where the number of classes comes from. */
  enum Classes {
    /** The images are for a network that tells so many apart. */
    OF_NETWORK,
    /** A network is made for the images. */
    OF_IMAGES
  }

  private static final String TRAINING = "train";

  /** Names of the folder with the other images, the first that is there. */
  private static final List<String> TESTS = List.of("test", "val", "validation", "valid");

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The labels of the images in a folder: lines of name and label, or labels alone in the"
              + " order of the names. Without it, --data has a folder for each class.")
  @Nullable Path labels;

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description =
          "The network's classes in order, one a line: a name, or the name of a folder, a blank and"
              + " what people call it. For NumPy's arrays only their number counts.")
  @Nullable Path classes;

  @Option(
      names = "--resize",
      paramLabel = "N",
      description =
          "What the short side of an image becomes (default: 8/7 of the network's input size, 256"
              + " for 224; up to 64 that size itself).")
  @Nullable Integer resize;

  @Option(
      names = "--crop",
      paramLabel = "N",
      description =
          "The side of the square that is cut from the middle (default: the network's input size)."
              + " The network then takes images of this size.")
  @Nullable Integer crop;

  @Option(
      names = "--interpolation",
      paramLabel = "bilinear|bicubic",
      converter = InterpolationConverter.class,
      description = "How images are resized, as Pillow does it (default: bilinear).")
  @Nullable Interpolation interpolation;

  @Option(
      names = "--skip-damaged",
      description =
          "Damaged image files are skipped: they keep their record numbers and are counted in"
              + " \"skipped\", outside of the total.")
  boolean skipDamaged;

  /** The flags that were given, for a command line that does the same. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    add(flags, "--labels", labels == null ? null : labels.toAbsolutePath().normalize());
    add(flags, "--classes", classes == null ? null : classes.toAbsolutePath().normalize());
    add(flags, "--resize", resize);
    add(flags, "--crop", crop);
    add(
        flags,
        "--interpolation",
        interpolation == null ? null : interpolation.name().toLowerCase(Locale.ROOT));
    if (skipDamaged) {
      flags.add("--skip-damaged");
    }
    return flags;
  }

  private static void add(List<String> flags, String name, @Nullable Object value) {
    if (value != null) {
      flags.addAll(List.of(name, value.toString()));
    }
  }

  /** Whether a file holds NumPy's arrays. */
  static boolean isArray(Path file) {
    return String.valueOf(file.getFileName()).matches("(?i).*\\.np[yz]");
  }

  /** Images in an array, with the labels in another, or all in one archive. */
  ImageSet arrays(Path images, Split split) {
    boolean archive = images.toString().toLowerCase(Locale.ROOT).endsWith("z");
    Path given = labels;
    boolean more = resize != null || crop != null || interpolation != null || skipDamaged;
    if (archive == (given != null) || more) {
      throw new InvalidInputException(
          "--data %s %s, and no other flag of folders but --classes"
              .formatted(images, archive ? "has its labels inside" : "needs --labels FILE.npy"));
    }
    ImageSet read =
        UnusableFileException.beforeWork(
            () -> given == null ? ImageSets.open(images, split) : ImageSets.arrays(images, given));
    if (classes == null) {
      return read;
    }
    long count = InputFiles.lines(classes).stream().filter(line -> !line.isBlank()).count();
    return read.amongClasses(Math.toIntExact(count));
  }

  /** Refuses flags that say something of labels, or of a folder where there is none. */
  void checkUnlabelled(Path data) {
    if (labels != null || classes != null) {
      throw new InvalidInputException(
          "--unlabelled says that there are no labels: it does not go with "
              + (labels != null ? "--labels" : "--classes"));
    }
    if (!Files.isDirectory(data) && !flags().isEmpty()) {
      throw new InvalidInputException(
          "%s is for a folder of images, and --data %s is none".formatted(flags().get(0), data));
    }
  }

  /** Whether a directory is meant as a folder of images, and not as one of a data set's files. */
  boolean mean(Path directory) {
    if (!Files.isDirectory(directory)) {
      if (!flags().isEmpty()) {
        throw new InvalidInputException(
            "%s is for a folder of images, and --data %s is none"
                .formatted(flags().get(0), directory));
      }
      return false;
    }
    return !flags().isEmpty() || UnusableFileException.beforeWork(() -> holdsImages(directory));
  }

  /**
   * The folder with a split's images: where a directory has one for each split and no others, the
   * one named so, else the directory itself.
   */
  Path ofSplit(Path directory, Split split) {
    if (labels != null) {
      return directory;
    }
    Set<String> folders = UnusableFileException.beforeWork(() -> folders(directory));
    Optional<String> test = TESTS.stream().filter(folders::contains).findFirst();
    boolean splits =
        test.isPresent()
            && folders.contains(TRAINING)
            && Sets.difference(folders, Set.copyOf(TESTS)).equals(Set.of(TRAINING));
    if (splits) {
      return directory.resolve(split == Split.TRAIN ? TRAINING : test.get());
    }
    if (split == Split.TRAIN) {
      throw new InvalidInputException(
          "%s has no training images: it needs the folders %s and %s, each with a folder for each class"
              .formatted(directory, TRAINING, String.join(" or ", TESTS.subList(0, 2))));
    }
    return directory;
  }

  /** Whether a folder of images has training images beside others. */
  boolean hasTraining(Path directory) {
    return mean(directory)
        && UnusableFileException.beforeWork(() -> folders(directory)).contains(TRAINING)
        && !ofSplit(directory, Split.TEST).equals(directory);
  }

  /**
   * Refuses two folders whose classes are not the same: labels would mean one thing here and
   * another there.
   */
  void requireSameClasses(Path some, Path others) {
    if (classes != null) {
      return;
    }
    Set<String> here = UnusableFileException.beforeWork(() -> folders(some));
    Set<String> there = UnusableFileException.beforeWork(() -> folders(others));
    Set<String> different = new TreeSet<>(Sets.symmetricDifference(here, there));
    if (!different.isEmpty()) {
      throw new InvalidInputException(
          "%s and %s have other classes, such as '%s', and so other labels; name all by --classes FILE"
              .formatted(some, others, different.iterator().next()));
    }
  }

  private static Set<String> folders(Path directory) {
    return children(directory).stream()
        .filter(Files::isDirectory)
        .map(FolderFlags::name)
        .filter(name -> !name.startsWith("."))
        .collect(Collectors.toSet());
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    } catch (IOException e) {
      throw FileAccessException.reading(directory, e);
    }
  }

  private static boolean holdsImages(Path directory) {
    List<Path> children = children(directory);
    return children.stream().noneMatch(FolderFlags::isDataSet)
        && children.stream().anyMatch(FolderFlags::isImageOrFolder);
  }

  private static boolean isDataSet(Path file) {
    String name = name(file);
    return Files.isRegularFile(file)
        && name.matches(
            ".*\\.bin|.*ubyte(\\.gz)?|batches\\.meta|data_batch.*|test_batch|train|test|meta");
  }

  private static boolean isImageOrFolder(Path file) {
    return Files.isDirectory(file)
        ? !name(file).startsWith(".")
        : name(file).matches("(?i).*\\.(jpe?g|png)");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** A network that takes images of the size that they are cut to. */
  Weights fitted(Weights weights) {
    Architecture architecture = weights.architecture();
    InputSpec input = architecture.input();
    if (crop == null || (input.height() == crop && input.width() == crop)) {
      return weights;
    }
    return weights.withImageSize(crop);
  }

  /** Images without labels for a network: a folder of them, or NumPy's arrays. */
  ImageSet openUnlabelled(Path data, Split split, Architecture architecture) {
    int count = architecture.head().classes();
    FolderOptions.Builder options = options(architecture).unlabelled(true).classCount(count);
    return UnusableFileException.beforeWork(
        () ->
            Files.isDirectory(data)
                ? ImageSets.folder(data, options.build())
                : ImageSets.unlabelledArrays(data, split, count));
  }

  /** Opens a folder for a network. */
  ImageSet open(Path folder, Architecture architecture, Classes wanted) {
    FolderOptions.Builder options = options(architecture);
    if (labels != null) {
      options = options.labels(labels);
    }
    if (classes != null) {
      options = options.classes(classes);
    } else if (wanted == Classes.OF_NETWORK) {
      options = options.classCount(architecture.head().classes());
    }
    FolderOptions chosen = options.build();
    return UnusableFileException.beforeWork(() -> ImageSets.folder(folder, chosen));
  }

  /** How images are made ready for a network. */
  private FolderOptions.Builder options(Architecture architecture) {
    InputSpec input = architecture.input();
    int height = crop == null ? input.height() : crop;
    int width = crop == null ? input.width() : crop;
    FolderOptions.Builder options =
        FolderOptions.of(new FeatureShape(input.channels(), height, width)).toBuilder()
            .skipDamaged(skipDamaged);
    if (resize != null) {
      options = options.resize(OptionalInt.of(resize));
    }
    if (interpolation != null) {
      options = options.interpolation(interpolation);
    }
    return options;
  }
}
