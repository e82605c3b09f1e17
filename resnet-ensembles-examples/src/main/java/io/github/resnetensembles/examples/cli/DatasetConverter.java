package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.images.KnownDataset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words for published data sets. */
final class DatasetConverter implements ITypeConverter<KnownDataset> {
  DatasetConverter() {}

  static String word(KnownDataset dataset) {
    return switch (dataset) {
      case CIFAR_10 -> "cifar10";
      case IMAGENET -> "imagenet";
    };
  }

  @Override
  public KnownDataset convert(String text) {
    for (KnownDataset dataset : KnownDataset.values()) {
      if (word(dataset).equals(text)) {
        return dataset;
      }
    }
    throw new TypeConversionException("must be cifar10 or imagenet, got '" + text + "'");
  }
}
