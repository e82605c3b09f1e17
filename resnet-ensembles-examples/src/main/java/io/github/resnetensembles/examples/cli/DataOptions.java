package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.network.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOptions {
  /** The word for the library's own images. */
  static final String BUILT_IN = "builtin";

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR|builtin",
      description =
          "Images: CIFAR-10, CIFAR-100 or MNIST files, a directory of them, a folder of JPEG and PNG"
              + " files with a folder for each class (or such folders named train and val or test), or"
              + " 'builtin' for the library's own.")
  @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "train|test",
      defaultValue = "test",
      description = "Which images of a directory or of 'builtin' (default: test).")
  Split split = Split.TEST;

  @Option(names = "--limit", paramLabel = "N", description = "The first N records only.")
  @Nullable Integer limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leaves out the first N records.")
  int offset;

  @Option(
      names = "--dataset",
      paramLabel = "cifar10|imagenet",
      converter = DatasetConverter.class,
      description =
          "Says which published data set the images are of, so that published numbers stand beside"
              + " them. CIFAR-10's own files are recognised by their labels.")
  @Nullable KnownDataset dataset;

  @Option(
      names = "--shuffle",
      description =
          "Takes the records in an order drawn from --seed, so that --limit takes some of all"
              + " classes.")
  boolean shuffle;

  @Mixin final FolderFlags folder = new FolderFlags();

  /** Images that are found, but for how a network wants them. */
  interface Found {
    /** The chosen records. */
    ImageSet forNetwork(Architecture architecture, long seed);
  }

  /** Finds the images; what depends on no network is opened at once. */
  Found find() {
    check();
    Function<Architecture, ImageSet> found =
        find(Objects.requireNonNull(data), split, folder, FolderFlags.Classes.OF_NETWORK);
    return (architecture, seed) -> chosen(found.apply(architecture), seed);
  }

  /**
   * Finds all images of a split, for a network to be named; what depends on none is opened at once.
   */
  static Function<Architecture, ImageSet> find(
      String data, Split split, FolderFlags folder, FolderFlags.Classes classes) {
    if (data.equals(BUILT_IN)) {
      if (!folder.flags().isEmpty()) {
        throw new InvalidInputException(
            folder.flags().get(0) + " is for a folder of images, and the built-in ones are none");
      }
      ImageSet builtIn = ImageSets.builtIn(split);
      return architecture -> builtIn;
    }
    Path file = Path.of(data);
    if (FolderFlags.isArray(file)) {
      ImageSet arrays = folder.arrays(file, split);
      return architecture -> arrays;
    }
    if (folder.mean(file)) {
      Path chosen = folder.ofSplit(file, split);
      return architecture -> folder.open(chosen, architecture, classes);
    }
    ImageSet opened = UnusableFileException.beforeWork(() -> ImageSets.open(file, split));
    return architecture -> opened;
  }

  /** Finds images without labels: a folder of them, or NumPy's arrays. */
  Found findUnlabelled() {
    check();
    Path file = file();
    if (dataset != null) {
      throw new InvalidInputException(
          "--dataset says which published images these are, and those have labels: leave out"
              + " --unlabelled");
    }
    if (file == null || !(Files.isDirectory(file) || FolderFlags.isArray(file))) {
      throw new InvalidInputException(
          "--unlabelled is for a folder of images and for NumPy's arrays (.npy, .npz), and --data %s"
                  .formatted(data)
              + " is none; leave it out");
    }
    folder.checkUnlabelled(file);
    return (architecture, seed) -> chosen(folder.openUnlabelled(file, split, architecture), seed);
  }

  /** Images that lesions take outputs of; folders are read in the same way as these. */
  ImageSet reference(String reference, Architecture architecture) {
    boolean directory = !reference.equals(BUILT_IN) && Files.isDirectory(Path.of(reference));
    return find(
            reference,
            Split.TEST,
            directory ? folder : new FolderFlags(),
            FolderFlags.Classes.OF_NETWORK)
        .apply(architecture);
  }

  /** Refuses numbers that cannot be, and no data. */
  void check() {
    if (data == null) {
      throw new InvalidInputException("no images: give --data FILE, DIR or 'builtin'");
    }
    if (limit != null && limit < 1) {
      throw new InvalidInputException("--limit must be at least 1, got " + limit);
    }
    if (offset < 0) {
      throw new InvalidInputException("--offset must be at least 0, got " + offset);
    }
  }

  /** The records of all that the flags choose. */
  ImageSet chosen(ImageSet opened, long seed) {
    ImageSet known = dataset == null ? opened : opened.knownAs(dataset);
    ImageSet all = shuffle ? ImageSets.shuffled(known, seed) : known;
    if (offset >= all.size()) {
      throw new InvalidInputException(
          "--offset " + offset + " leaves no image: " + all.name() + " has " + all.size());
    }
    int rest = all.size() - offset;
    return offset == 0 && limit == null
        ? all
        : all.range(offset, limit == null ? rest : Math.min(limit, rest));
  }

  /** The file or directory, unless the images are built in. */
  @Nullable Path file() {
    return data == null || data.equals(BUILT_IN) ? null : Path.of(data);
  }

  /** The flags that choose the same records, but for the limit, from any folder. */
  List<String> flags() {
    Path file = file();
    List<String> flags = new ArrayList<>(List.of("--data"));
    flags.add(file == null ? BUILT_IN : file.toAbsolutePath().normalize().toString());
    if (split != Split.TEST) {
      flags.addAll(List.of("--split", split.name().toLowerCase(Locale.ROOT)));
    }
    if (dataset != null) {
      flags.addAll(List.of("--dataset", DatasetConverter.word(dataset)));
    }
    if (offset != 0) {
      flags.addAll(List.of("--offset", String.valueOf(offset)));
    }
    if (shuffle) {
      flags.add("--shuffle");
    }
    flags.addAll(folder.flags());
    return flags;
  }
}
