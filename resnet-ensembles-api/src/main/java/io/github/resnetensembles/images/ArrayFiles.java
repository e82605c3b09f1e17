package io.github.resnetensembles.images;

import com.google.common.base.Suppliers;
import com.google.common.primitives.ImmutableLongArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Images and labels in NumPy's arrays; MedMNIST's files among them. */
final class ArrayFiles {
  private static final String ENDING = ".npy";

  private ArrayFiles() {}

  /** As {@link ImageSets#arrays}. */
  static RecordSource open(Path images, Path labels) {
    NpyArray pixels = array(images);
    return source(DataFiles.name(images), pixels, array(labels), Optional.empty());
  }

  /** As {@link ImageSets#unlabelledArrays}. */
  static RecordSource openUnlabelled(Path file, ImageSets.Split split, int classes) {
    if (classes < 2) {
      throw new InvalidImagesException("images need at least 2 classes, got " + classes);
    }
    NpyArray images =
        isArchive(file)
            ? inArchive(file, zip -> entry(zip, file, prefix(zip, split) + "images"))
            : array(file);
    int[] labels = new int[count(images)];
    Arrays.fill(labels, ImageBatch.UNLABELLED);
    return source(DataFiles.name(file), images, labels, classes);
  }

  private static int count(NpyArray images) {
    long count = images.shape().length() == 0 ? 0 : images.shape().get(0);
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new InvalidImagesException(
          "%s has the shape %s; give at least one image".formatted(images, images.shape()));
    }
    return (int) count;
  }

  private static NpyArray array(Path file) {
    return DataFiles.read(
        file,
        () -> {
          Unreadable.requireRegular(file);
          try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return NpyArray.read(DataFiles.show(file), in);
          }
        });
  }

  /** Whether a file is an archive of arrays. */
  static boolean isArchive(Path file) {
    return DataFiles.read(
        file,
        () -> {
          try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith(ENDING));
          } catch (ZipException e) {
            return false;
          }
        });
  }

  /** The arrays {@code images} and {@code labels} of an archive, or those of a split. */
  static RecordSource openArchive(Path file, ImageSets.Split split) {
    return inArchive(
        file,
        zip -> {
          String prefix = prefix(zip, split);
          return source(
              DataFiles.name(file),
              entry(zip, file, prefix + "images"),
              entry(zip, file, prefix + "labels"),
              classes(zip, file));
        });
  }

  /** What is made of an open archive. */
  private interface OfArchive<T> {
    T of(ZipFile zip) throws IOException;
  }

  private static <T> T inArchive(Path file, OfArchive<T> made) {
    return DataFiles.read(
        file,
        () -> {
          try (ZipFile zip = new ZipFile(file.toFile())) {
            return made.of(zip);
          } catch (ZipException e) {
            throw new InvalidImagesException(
                "%s is damaged: %s".formatted(DataFiles.show(file), e.getMessage()), e);
          }
        });
  }

  private static String prefix(ZipFile zip, ImageSets.Split split) {
    if (zip.getEntry("images" + ENDING) != null) {
      return "";
    }
    return split == ImageSets.Split.TEST ? "test_" : "train_";
  }

  private static NpyArray entry(ZipFile zip, Path file, String name) throws IOException {
    @Nullable ZipEntry entry = zip.getEntry(name + ENDING);
    if (entry == null) {
      throw new InvalidImagesException(
          ("%s has no array '%s', but %s; name them images and labels, or test_images and"
                  + " test_labels as MedMNIST does")
              .formatted(
                  DataFiles.show(file),
                  name,
                  zip.stream().map(ZipEntry::getName).sorted().toList()));
    }
    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
      return NpyArray.read(DataFiles.show(file) + ", " + name, in);
    }
  }

  /** The splits of an archive have the same classes, whichever occur in each. */
  private static Optional<Integer> classes(ZipFile zip, Path file) throws IOException {
    long largest = -1;
    for (String name : List.of("train_labels", "val_labels", "test_labels")) {
      if (zip.getEntry(name + ENDING) != null) {
        long[] labels = entry(zip, file, name).column();
        largest = Math.max(largest, Arrays.stream(labels).max().orElse(-1));
      }
    }
    return largest < 0 || largest >= Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of((int) largest + 1);
  }

  private static RecordSource source(
      String name, NpyArray images, NpyArray labels, Optional<Integer> classes) {
    long[] given = labels.column();
    ImmutableLongArray shape = images.shape();
    if (!holdsImages(shape) || shape.get(0) != given.length) {
      throw new InvalidImagesException(
          ("%s has the shape %s and %s %s labels; give images as (N, H, W), (N, H, W, C) or (N, C,"
                  + " H, W), with a label for each")
              .formatted(images, shape, labels, given.length));
    }
    int[] checked = new int[given.length];
    for (int i = 0; i < given.length; i++) {
      if (given[i] < 0 || given[i] > Integer.MAX_VALUE - 1) {
        throw new InvalidImagesException(
            "%s gives record %s the label %s; labels are classes from 0"
                .formatted(labels, i, given[i]));
      }
      checked[i] = (int) given[i];
    }
    int count = Math.max(2, classes.orElse(Arrays.stream(checked).max().orElse(0) + 1));
    return source(name, images, MemoryImages.checkedLabels(checked, count), count);
  }

  private static boolean holdsImages(ImmutableLongArray shape) {
    return shape.length() == 3 || shape.length() == 4;
  }

  private static RecordSource source(String name, NpyArray images, int[] labels, int classes) {
    if (!holdsImages(images.shape())) {
      throw new InvalidImagesException(
          "%s has the shape %s; give images as (N, H, W), (N, H, W, C) or (N, C, H, W)"
              .formatted(images, images.shape()));
    }
    Planes planes = Planes.of(images);
    byte[] pixels = planes.pixels(images.unsignedBytes());
    return new HeldImages(
        name,
        planes.shape(),
        HeldImages.Pixels.of(pixels),
        labels,
        classes,
        Suppliers.memoize(
            () -> ImageHash.ofBytes(planes.shape(), labels, classes).pixels(pixels).sha256()));
  }

  /** Where the channels of an image are. */
  private record Planes(int images, FeatureShape shape, boolean channelsLast) {
    static Planes of(NpyArray array) {
      ImmutableLongArray shape = array.shape();
      if (shape.length() == 3) {
        return new Planes((int) shape.get(0), shape(1, shape.get(1), shape.get(2)), false);
      }
      boolean first = isChannels(shape.get(1));
      boolean last = isChannels(shape.get(3));
      if (first == last) {
        throw new InvalidImagesException(
            ("%s has the shape %s, which does not tell where the 1 or 3 channels are; give images"
                    + " as (N, H, W), (N, H, W, C) or (N, C, H, W)")
                .formatted(array, shape));
      }
      return new Planes(
          (int) shape.get(0),
          first
              ? shape(shape.get(1), shape.get(2), shape.get(3))
              : shape(shape.get(3), shape.get(1), shape.get(2)),
          last);
    }

    private static boolean isChannels(long count) {
      return count == 1 || count == 3;
    }

    private static FeatureShape shape(long channels, long height, long width) {
      return new FeatureShape((int) channels, (int) height, (int) width);
    }

    /** (N, C, H, W). */
    byte[] pixels(byte[] values) {
      if (!channelsLast || shape.channels() == 1) {
        return values;
      }
      byte[] result = new byte[values.length];
      int plane = shape.height() * shape.width();
      for (int i = 0; i < values.length; i++) {
        int channel = i % shape.channels();
        int pixel = i / shape.channels();
        int image = pixel / plane;
        result[(image * shape.channels() + channel) * plane + pixel % plane] = values[i];
      }
      return result;
    }
  }
}
