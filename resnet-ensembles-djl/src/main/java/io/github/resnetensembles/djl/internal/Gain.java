package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.spi.Arguments;
import java.util.Arrays;
import java.util.List;

/** The factor of one side of a step: one for the batch, or one for each image. */
final class Gain {
  /** How a script has it. */
  enum Form {
    /** The side is not computed. */
    ABSENT,
    /** The side is taken as it is. */
    ONE,
    /** One number for the batch. */
    NUMBER,
    /** An array that multiplies by broadcasting, such as (N, 1, 1, 1). */
    ARRAY;

    /** {@return the form of a factor that is one number, which is the given one but for 0 and 1} */
    static Form of(double gain, Form otherwise) {
      return gain == 0 ? ABSENT : gain == 1 ? ONE : otherwise;
    }

    /** Declares the factor, if it is an argument; returns its name. */
    String declare(ScriptText text, String name) {
      return switch (this) {
        case ABSENT, ONE -> "";
        case NUMBER -> text.argument(name, ScriptType.NUMBER);
        case ARRAY -> text.argument(name);
      };
    }

    /** The value times the factor. */
    Value scaled(ScriptText text, Value value, String name) {
      return this == ONE ? value : value.scaled(text, name);
    }
  }

  private final Form form;
  private final double[] values;

  private Gain(Form form, double[] values) {
    this.form = form;
    this.values = values;
  }

  static Gain of(String side, int block, double[] gains, int images) {
    Arguments.checkGains(side, block, gains, images);
    double first = gains[0];
    if (Arrays.stream(gains).allMatch(gain -> gain == first)) {
      return new Gain(Form.of(first, Form.NUMBER), new double[] {first});
    }
    return new Gain(Form.ARRAY, gains.clone());
  }

  Form form() {
    return form;
  }

  /** {@return the factors as an array (N, 1, 1, 1) or (1, 1, 1, 1)} */
  NDArray array(Tensors tensors) {
    return tensors.of(values, values.length, 1, 1, 1);
  }

  /** Adds the script's argument, if it has one. */
  void addTo(List<Argument> arguments, Tensors tensors) {
    switch (form) {
      case ABSENT, ONE -> {}
      case NUMBER -> arguments.add(Argument.of(values[0]));
      case ARRAY -> arguments.add(Argument.of(array(tensors)));
    }
  }
}
