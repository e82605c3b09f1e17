package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.images.Interpolation;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words for interpolations. */
final class InterpolationConverter implements ITypeConverter<Interpolation> {
  InterpolationConverter() {}

  @Override
  public Interpolation convert(String text) {
    return switch (text) {
      case "bilinear" -> Interpolation.BILINEAR;
      case "bicubic" -> Interpolation.BICUBIC;
      default ->
          throw new TypeConversionException("must be bilinear or bicubic, got '" + text + "'");
    };
  }
}
