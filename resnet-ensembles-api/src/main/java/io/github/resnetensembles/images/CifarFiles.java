package io.github.resnetensembles.images;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CIFAR-10 or CIFAR-100 binary files, one after the other. Each read opens the files that it needs
 * and closes them again, so nothing has to be closed by the user.
 */
final class CifarFiles implements RecordSource {
  private static final FeatureShape SHAPE = new FeatureShape(3, 32, 32);

  /** Bounds the buffer of a read, whatever the batch. */
  private static final int RECORDS_AT_ONCE = 64;

  private static final int HASHED_AT_ONCE = 1 << 20;

  private record Part(Path file, int first, int records, long bytes) {
    int end() {
      return first + records;
    }
  }

  private final String name;
  private final CifarFormat format;
  private final List<Part> parts;
  private final Supplier<String> sha256 = Suppliers.memoize(this::hash);

  private final Supplier<Optional<KnownDataset>> dataset = Suppliers.memoize(this::recognised);

  private CifarFiles(String name, CifarFormat format, List<Part> parts) {
    this.name = name;
    this.format = format;
    this.parts = parts;
  }

  static CifarFiles open(String name, CifarFormat format, List<Path> files) {
    if (files.isEmpty()) {
      throw new InvalidImagesException(
          "no " + format.title + " file was given, at least one is needed");
    }
    List<Part> parts = new ArrayList<>();
    long first = 0;
    for (Path file : files) {
      long bytes = DataFiles.size(file);
      if (bytes == 0 || bytes % format.recordLength() != 0) {
        throw new InvalidImagesException(
            ("%s is not a %s binary file: its size of %s bytes is not a whole, positive"
                    + " number of records of %s bytes")
                .formatted(DataFiles.show(file), format.title, bytes, format.recordLength()));
      }
      long records = bytes / format.recordLength();
      if (first + records > Integer.MAX_VALUE) {
        throw new InvalidImagesException(
            ("%s brings the number of records to %s, a set holds at most %s; open fewer" + " files")
                .formatted(DataFiles.show(file), first + records, Integer.MAX_VALUE));
      }
      parts.add(new Part(file, (int) first, (int) records, bytes));
      first += records;
    }
    return new CifarFiles(name, format, List.copyOf(parts));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return parts.get(parts.size() - 1).end();
  }

  @Override
  public int classes() {
    return format.classes;
  }

  @Override
  public FeatureShape shape() {
    return SHAPE;
  }

  @Override
  public String sha256() {
    return sha256.get();
  }

  @Override
  public Optional<KnownDataset> dataset() {
    return dataset.get();
  }

  private Optional<KnownDataset> recognised() {
    if (format != CifarFormat.CIFAR_10
        || parts.stream().anyMatch(part -> part.records != KnownLabels.FILE_RECORDS)) {
      return Optional.empty();
    }
    List<byte[]> labels = new ArrayList<>();
    for (Part part : parts) {
      labels.add(
          DataFiles.read(
              part.file,
              () -> {
                try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.READ)) {
                  return labels(part, channel);
                }
              }));
    }
    return KnownLabels.recognise(labels);
  }

  private byte[] labels(Part part, FileChannel channel) throws IOException {
    byte[] labels = new byte[part.records];
    int length = format.recordLength();
    byte[] bytes = new byte[RECORDS_AT_ONCE * length];
    for (int done = 0; done < part.records; done += RECORDS_AT_ONCE) {
      int now = Math.min(part.records - done, RECORDS_AT_ONCE);
      readFully(part, channel, ByteBuffer.wrap(bytes, 0, now * length), (long) done * length);
      for (int i = 0; i < now; i++) {
        labels[done + i] = bytes[i * length];
      }
    }
    return labels;
  }

  @Override
  public void read(int from, int count, float[] pixels, int[] labels, int at) {
    for (Part part : parts) {
      int first = Math.max(from, part.first);
      int end = Math.min(from + count, part.end());
      if (first < end) {
        readPart(part, first - part.first, end - first, pixels, labels, at + first - from);
      }
    }
  }

  private void readPart(Part part, int record, int count, float[] pixels, int[] labels, int at) {
    int length = format.recordLength();
    byte[] bytes = new byte[Math.min(count, RECORDS_AT_ONCE) * length];
    DataFiles.<Boolean>read(
        part.file,
        () -> {
          try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.READ)) {
            for (int done = 0; done < count; done += RECORDS_AT_ONCE) {
              int now = Math.min(count - done, RECORDS_AT_ONCE);
              ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, now * length);
              readFully(part, channel, buffer, (long) (record + done) * length);
              decode(part, bytes, record + done, now, pixels, labels, at + done);
            }
          }
          return true;
        });
  }

  private static void readFully(Part part, FileChannel channel, ByteBuffer buffer, long from)
      throws IOException {
    long bytes = channel.size();
    if (bytes != part.bytes) {
      throw changed(part, bytes);
    }
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw changed(part, channel.size());
      }
    }
  }

  private static InvalidImagesException changed(Part part, long bytes) {
    return new InvalidImagesException(
        "%s changed while in use: it had %s bytes and now has %s; open it again"
            .formatted(DataFiles.show(part.file), part.bytes, bytes));
  }

  private void decode(
      Part part, byte[] bytes, int record, int count, float[] pixels, int[] labels, int at) {
    for (int i = 0; i < count; i++) {
      int start = i * format.recordLength();
      String fault = format.labelFault(bytes, start);
      if (!fault.isEmpty()) {
        throw new InvalidImagesException(
            "record %s of %s has %s; the file is damaged or not %s"
                .formatted(record + i, DataFiles.show(part.file), fault, format.title));
      }
      labels[at + i] = bytes[start + format.labelBytes - 1] & 0xff;
      Scaling.toFloats(
          bytes,
          start + format.labelBytes,
          pixels,
          (at + i) * CifarFormat.PIXELS,
          CifarFormat.PIXELS);
    }
  }

  private String hash() {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Part part : parts) {
      DataFiles.<Boolean>readUnlessInterrupted(
          part.file,
          ImageHash.INTERRUPTS,
          () -> {
            hash(part, hasher);
            return true;
          });
    }
    return hasher.hash().toString();
  }

  private static void hash(Part part, Hasher hasher) throws IOException {
    byte[] bytes = new byte[HASHED_AT_ONCE];
    try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.READ)) {
      for (long done = 0; done < part.bytes; done += HASHED_AT_ONCE) {
        int now = (int) Math.min(part.bytes - done, HASHED_AT_ONCE);
        readFully(part, channel, ByteBuffer.wrap(bytes, 0, now), done);
        hasher.putBytes(bytes, 0, now);
      }
    }
  }
}
