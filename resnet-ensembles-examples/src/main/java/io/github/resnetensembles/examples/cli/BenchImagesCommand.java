package io.github.resnetensembles.examples.cli;

import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench images}: reads images as an evaluation does, without a network. */
@Command(
    name = "images",
    description = {
      "Reads images as an evaluation does, without a network, and fails if the heap in use grows"
          + " with their number.",
      "'bench beside' times it beside another program."
    },
    sortOptions = false)
final class BenchImagesCommand implements Callable<Integer> {
  private static final int READINGS = 10;

  /** What is read ahead, now more and now less, and what is being decoded. */
  private static final double ALLOWED_MEGABYTES = 200;

  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--arch",
      paramLabel = "NAME|FILE.json",
      defaultValue = "imagenet-resnet-18",
      description = "Whose input the images are made (default: imagenet-resnet-18).")
  private ArchitectureName architecture = new ArchitectureName.Preset("");

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images read at once (default: 32).")
  private int batch;

  BenchImagesCommand() {}

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new InvalidInputException("--batch must be at least 1, got " + batch);
    }
    ImageSet images = data.find().forNetwork(architecture.architecture(), 0);
    double settled = 0;
    double most = 0;
    int reading = 0;
    for (int from = 0; from < images.size(); from += batch) {
      int count = Math.min(batch, images.size() - from);
      int read = from + images.batch(from, count).size();
      if ((long) read * READINGS / images.size() > reading) {
        reading = (int) ((long) read * READINGS / images.size());
        double used = heapMegabytes();
        if (reading <= READINGS / 5) {
          settled = Math.max(settled, used);
        } else {
          most = Math.max(most, used);
        }
        say("%8d images: %7.0f MB", read, used);
      }
    }
    say("growth after the first fifth: %.0f MB", most - settled);
    if (most > settled + ALLOWED_MEGABYTES) {
      throw new RunFailedException(
          NumberText.format("memory is not flat: %.0f MB after %.0f MB", most, settled));
    }
    return ExitCodes.DONE;
  }

  /** What the collection left: readers go on meanwhile, and make what nobody holds for long. */
  private static double heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .map(MemoryPoolMXBean::getCollectionUsage)
            .filter(Objects::nonNull)
            .mapToLong(MemoryUsage::getUsed)
            .sum()
        / 1e6;
  }

  @FormatMethod
  private void say(String format, Object... values) {
    common.out().println(NumberText.format(format, values));
  }
}
