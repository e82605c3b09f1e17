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
          DataFiles.show(imageFile)
              + " holds "
              + images.count()
              + " images but "
              + DataFiles.show(labelFile)
              + " "
              + labels.count()
              + " labels; give files of the same split");
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
            "record "
                + i
                + " of "
                + DataFiles.show(file)
                + " has the label "
                + labels[i]
                + ", must be 0 to "
                + (CLASSES - 1)
                + "; the file is damaged or not MNIST");
      }
    }
    return labels;
  }
}
