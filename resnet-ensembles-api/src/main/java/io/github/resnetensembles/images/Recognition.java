package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.FileKind;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells the format of a file, and finds the files of a directory. */
final class Recognition {
  private static final Pattern CIFAR_10_TRAIN = Pattern.compile("data_batch_[0-9]+\\.bin");
  private static final Pattern IDX_NAME =
      Pattern.compile("(.*)(images|labels)([-.])idx[13]-ubyte(\\.gz)?");

  /** Records whose labels tell CIFAR-10 and CIFAR-100 apart. */
  private static final int SAMPLES = 1000;

  private Recognition() {}

  static RecordSource open(Path path, ImageSets.Split split) {
    return Files.isDirectory(path) ? openDirectory(path, split) : openFile(path, split);
  }

  private static RecordSource openDirectory(Path directory, ImageSets.Split split) {
    boolean test = split == ImageSets.Split.TEST;
    String name = DataFiles.name(directory);
    String prefix = test ? "t10k-" : "train-";
    List<Path> cifar10 = test ? existing(directory, "test_batch.bin") : trainingBatches(directory);
    List<Path> cifar100 = existing(directory, test ? "test.bin" : "train.bin");
    List<Path> images = idxFiles(directory.resolve("any"), prefix, "images", 3);
    List<Path> labels = idxFiles(directory.resolve("any"), prefix, "labels", 1);
    List<String> found = new ArrayList<>();
    Stream.of(cifar10, cifar100, images)
        .filter(files -> !files.isEmpty())
        .forEach(files -> found.add(DataFiles.name(files.get(0))));
    if (found.size() > 1) {
      throw new InvalidImagesException(
          "%s holds more than one data set (%s); name the file instead of the directory"
              .formatted(DataFiles.show(directory), String.join(", ", found)));
    }
    if (!cifar10.isEmpty()) {
      return CifarFiles.open(name, CifarFormat.CIFAR_10, cifar10);
    }
    if (!cifar100.isEmpty()) {
      return CifarFiles.open(name, CifarFormat.CIFAR_100, cifar100);
    }
    if (!images.isEmpty() && !labels.isEmpty()) {
      return MnistFiles.open(name, images.get(0), labels.get(0));
    }
    if (isPythonVersion(directory)) {
      throw new InvalidImagesException(
          ("%s holds CIFAR's Python version; get the binary version"
                  + " (cifar-10-binary.tar.gz, cifar-100-binary.tar.gz)")
              .formatted(DataFiles.show(directory)));
    }
    throw new InvalidImagesException(
        ("no %s images in %s: looked for %s (CIFAR-10), %s (CIFAR-100),"
                + " %simages-idx3-ubyte[.gz] with %slabels-idx1-ubyte[.gz] (MNIST); folders of JPEG and PNG"
                + " files are opened by ImageSets.folder")
            .formatted(
                test ? "test" : "training",
                DataFiles.show(directory),
                test ? "test_batch.bin" : "data_batch_1.bin and so on",
                test ? "test.bin" : "train.bin",
                prefix,
                prefix));
  }

  private static boolean isPythonVersion(Path directory) {
    return Stream.of("batches.meta", "data_batch_1", "test_batch", "train", "test", "meta")
        .map(directory::resolve)
        .filter(DataFiles::isRegular)
        .anyMatch(file -> otherKind(file).contains("CIFAR"));
  }

  /** What a file is that holds no images in a format that is read; empty where that is unknown. */
  private static String otherKind(Path file) {
    byte[] start =
        DataFiles.read(
            file,
            () -> {
              try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(FileKind.BYTES);
              }
            });
    return FileKind.describe(start).orElse("");
  }

  private static List<Path> existing(Path directory, String name) {
    Path file = directory.resolve(name);
    return DataFiles.isRegular(file) ? List.of(file) : List.of();
  }

  private static List<Path> trainingBatches(Path directory) {
    return DataFiles.read(
        directory,
        () ->
            Unreadable.list(directory).stream()
                .filter(file -> CIFAR_10_TRAIN.matcher(DataFiles.name(file)).matches())
                .sorted(
                    Comparator.comparingInt((Path file) -> DataFiles.name(file).length())
                        .thenComparing(DataFiles::name))
                .toList());
  }

  /** The files with the customary names in the directory of another, which need not exist. */
  private static List<Path> idxFiles(Path sibling, String prefix, String kind, int dimensions) {
    return Stream.of("-idx", ".idx")
        .flatMap(dash -> Stream.of("-ubyte", "-ubyte.gz").map(end -> dash + dimensions + end))
        .map(end -> sibling.resolveSibling(prefix + kind + end))
        .filter(DataFiles::isRegular)
        .toList();
  }

  private static RecordSource openFile(Path file, ImageSets.Split split) {
    long size = DataFiles.size(file);
    if (ArrayFiles.isArchive(file)) {
      return ArrayFiles.openArchive(file, split);
    }
    boolean cifar10 = size > 0 && size % CifarFormat.CIFAR_10.recordLength() == 0;
    boolean cifar100 = size > 0 && size % CifarFormat.CIFAR_100.recordLength() == 0;
    int dimensions = IdxFile.sniff(file);
    boolean idx = dimensions == IdxFile.IMAGE_DIMENSIONS || dimensions == IdxFile.LABEL_DIMENSIONS;
    if (idx && (!(cifar10 || cifar100) || IDX_NAME.matcher(DataFiles.name(file)).matches())) {
      return openIdx(file, dimensions);
    }
    if (cifar10 && cifar100) {
      return CifarFiles.open(DataFiles.name(file), tellApart(file, size), List.of(file));
    }
    if (cifar10 || cifar100) {
      CifarFormat format = cifar10 ? CifarFormat.CIFAR_10 : CifarFormat.CIFAR_100;
      LabelCheck check = LabelCheck.of(file, format, size);
      if (!check.plausible()) {
        String kind = otherKind(file);
        throw new InvalidImagesException(
            DataFiles.show(file)
                + (kind.isEmpty() ? "" : ": " + kind + "; it")
                + " has the size of "
                + format.title
                + " records but not their labels: record "
                + check.firstFault
                + " has "
                + check.fault);
      }
      return CifarFiles.open(DataFiles.name(file), format, List.of(file));
    }
    String kind = otherKind(file);
    throw new InvalidImagesException(
        ("%sthe format of %s (%s bytes) is not known: looked for records of %s bytes"
                + " (CIFAR-10) or %s bytes (CIFAR-100), and for the header of an idx file of"
                + " unsigned bytes, raw or gzip (MNIST)")
            .formatted(
                kind.isEmpty() ? "" : DataFiles.show(file) + ": " + kind + "; ",
                DataFiles.show(file),
                size,
                CifarFormat.CIFAR_10.recordLength(),
                CifarFormat.CIFAR_100.recordLength()));
  }

  private static RecordSource openIdx(Path file, int dimensions) {
    String name = DataFiles.name(file);
    var matcher = IDX_NAME.matcher(name);
    boolean given = dimensions == IdxFile.IMAGE_DIMENSIONS;
    String other = given ? "labels" : "images";
    int otherDimensions = given ? IdxFile.LABEL_DIMENSIONS : IdxFile.IMAGE_DIMENSIONS;
    if (!matcher.matches() || !matcher.group(2).equals(given ? "images" : "labels")) {
      throw new InvalidImagesException(
          ("%s is an idx file of %s, but its name does not tell that of its %s: it"
                  + " should end in %s[.gz]; rename both files or open them with"
                  + " ImageSets.mnist(images, labels)")
              .formatted(
                  DataFiles.show(file),
                  given ? "images" : "labels",
                  other,
                  given ? "images-idx3-ubyte" : "labels-idx1-ubyte"));
    }
    List<Path> others;
    try {
      others = idxFiles(file, matcher.group(1), other, otherDimensions);
    } catch (InvalidPathException e) {
      throw new InvalidImagesException(
          "cannot look for the " + other + " of " + DataFiles.show(file) + FileNames.remark(name),
          e);
    }
    if (others.isEmpty()) {
      throw new InvalidImagesException(
          "%s needs its %s: looked for %s%s-idx%s-ubyte[.gz] beside it"
              .formatted(DataFiles.show(file), other, matcher.group(1), other, otherDimensions));
    }
    return given
        ? MnistFiles.open(name, file, others.get(0))
        : MnistFiles.open(name, others.get(0), file);
  }

  private static CifarFormat tellApart(Path file, long size) {
    boolean like10 = LabelCheck.of(file, CifarFormat.CIFAR_10, size).plausible();
    boolean like100 = LabelCheck.of(file, CifarFormat.CIFAR_100, size).plausible();
    if (like10 != like100) {
      return like10 ? CifarFormat.CIFAR_10 : CifarFormat.CIFAR_100;
    }
    String name = DataFiles.name(file).toLowerCase(Locale.ROOT);
    boolean named100 =
        name.equals("train.bin") || name.equals("test.bin") || name.matches(".*cifar.?100.*");
    boolean named10 = name.contains("batch") || name.matches(".*cifar.?10([^0].*)?");
    if (named10 == named100) {
      throw new InvalidImagesException(
          ("%s (%s bytes) could be CIFAR-10 or CIFAR-100; open it with ImageSets.cifar10"
                  + " or ImageSets.cifar100")
              .formatted(DataFiles.show(file), size));
    }
    return named10 ? CifarFormat.CIFAR_10 : CifarFormat.CIFAR_100;
  }

  /** Whether most labels of a file are in range, were it of this format. */
  private record LabelCheck(int samples, int faults, long firstFault, String fault) {
    static LabelCheck of(Path file, CifarFormat format, long size) {
      return DataFiles.read(
          file,
          () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
              return of(file, channel, format, size / format.recordLength());
            }
          });
    }

    private static LabelCheck of(Path file, FileChannel channel, CifarFormat format, long records)
        throws IOException {
      int samples = (int) Math.min(SAMPLES, records);
      int faults = 0;
      long firstFault = -1;
      String firstText = "";
      ByteBuffer labels = ByteBuffer.allocate(format.labelBytes);
      for (int i = 0; i < samples; i++) {
        long record = records * i / samples;
        labels.clear();
        while (labels.hasRemaining()) {
          long position = record * format.recordLength() + labels.position();
          if (channel.read(labels, position) < 0) {
            throw new InvalidImagesException(
                "%s changed while it was read: it now ends before byte %s; open it again"
                    .formatted(DataFiles.show(file), position));
          }
        }
        String fault = format.labelFault(labels.array(), 0);
        if (!fault.isEmpty()) {
          faults++;
          if (firstFault < 0) {
            firstFault = record;
            firstText = fault;
          }
        }
      }
      return new LabelCheck(samples, faults, firstFault, firstText);
    }

    boolean plausible() {
      return faults * 2 < samples;
    }
  }
}
