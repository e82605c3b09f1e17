package io.github.resnetensembles.images;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.nio.file.Path;

/** An idx image file and its label file, unpacked into memory. */
final class MnistFiles {
  private static final int CLASSES = 10;

  private MnistFiles() {}

  static RecordSource open(String name, Path imageFile, Path labelFile) {
    IdxFile images = IdxFile.open(imageFile, IdxFile.IMAGE_DIMENSIONS);
    IdxFile labels = IdxFile.open(labelFile, IdxFile.LABEL_DIMENSIONS);
    if (images.count() != labels.count()) {
      throw new InvalidImagesException(
          "%s holds %s images but %s %s labels; give files of the same split"
              .formatted(
                  DataFiles.show(imageFile),
                  images.count(),
                  DataFiles.show(labelFile),
                  labels.count()));
    }
    Hasher hasher = Hashing.sha256().newHasher();
    ImageHash.putBytes(hasher, images.fileBytes());
    ImageHash.putBytes(hasher, labels.fileBytes());
    String sha256 = hasher.hash().toString();
    return new HeldImages(
        name,
        new FeatureShape(1, images.dimension(1), images.dimension(2)),
        HeldImages.Pixels.of(images.values()),
        checkedLabels(labelFile, labels.values()),
        CLASSES,
        () -> sha256);
  }

  private static int[] checkedLabels(Path file, byte[] bytes) {
    int[] labels = new int[bytes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = bytes[i] & 0xff;
      if (labels[i] >= CLASSES) {
        throw new InvalidImagesException(
            ("record %s of %s has the label %s, must be 0 to %s; the file is damaged or"
                    + " not MNIST")
                .formatted(i, DataFiles.show(file), labels[i], CLASSES - 1));
      }
    }
    return labels;
  }
}
