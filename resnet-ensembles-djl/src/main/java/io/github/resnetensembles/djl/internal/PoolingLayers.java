package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;
import java.util.List;

/** Pooling other than max-pooling of windows and means of everything. */
final class PoolingLayers {
  private PoolingLayers() {}

  /** Average pooling. */
  record Average(Layer.AveragePool layer) implements DerivableLayer {
    private String settings() {
      return "%s, %s, %s, %s, %s, None"
          .formatted(
              Layers.pair(layer.kernel()),
              Layers.pair(layer.stride()),
              Layers.pair(layer.padding()),
              layer.roundUp() ? "True" : "False",
              layer.countPadding() ? "True" : "False");
    }

    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      return Value.own(text.let("torch.avg_pool2d(%s, %s)".formatted(x.name(), settings())));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(
          text.let(
              "torch.avg_pool2d_backward(%s, %s, %s)"
                  .formatted(cotangent.name(), saved.get(0), settings())));
    }
  }

  /** The maximum over all pixels: one row for each image. */
  record Maximum(FeatureShape input) implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String pixels = text.let("torch.flatten(" + x.name() + ", 2, -1)");
      List<String> both = text.let(2, "torch.max(" + pixels + ", 2, True)");
      saved.add(both.get(1));
      return Value.own(text.let("torch.squeeze(" + both.get(0) + ", 2)"));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      int plane = input.height() * input.width();
      String zeros =
          "torch.new_zeros(%s, [torch.size(%s, 0), %s, %s])"
              .formatted(cotangent.name(), cotangent.name(), input.channels(), plane);
      String column =
          "torch.reshape(%s, [-1, %s, 1])".formatted(cotangent.name(), input.channels());
      String pixels =
          text.let("torch.scatter(%s, 2, %s, %s)".formatted(zeros, saved.get(0), column));
      String shaped =
          "torch.reshape(%s, [-1, %s, %s, %s])"
              .formatted(pixels, input.channels(), input.height(), input.width());
      return Value.own(text.let(Layers.channelsLast(shaped)));
    }
  }

  /**
   * Blur pooling, as sums of shifted rows and of shifted columns.
   *
   * @param input the shape of the input
   */
  record Blur(Layer.BlurPool layer, FeatureShape input) implements DerivableLayer {
    private static final String PADDING = "[1, 1, 1, 1]";
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      String padded = text.let("torch.reflection_pad2d(" + x.name() + ", " + PADDING + ")");
      String sum = summed(text, summed(text, padded, ROWS), COLUMNS);
      return Value.own(text.let(Layers.channelsLast("torch.mul_(" + sum + ", " + 1.0 / 16 + ")")));
    }

    private String summed(ScriptText text, String x, int axis) {
      return text.let(
          "torch.add_(torch.add(%s, %s, alpha=2), %s)"
              .formatted(shifted(x, axis, 0), shifted(x, axis, 1), shifted(x, axis, 2)));
    }

    private String shifted(String x, int axis, int tap) {
      int stride = layer.stride();
      int last = (size(axis) - 1) / stride * stride;
      return "torch.slice(%s, %s, %s, %s, %s)".formatted(x, axis, tap, last + tap + 1, stride);
    }

    private int size(int axis) {
      return axis == ROWS ? input.height() : input.width();
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String scaled = text.let("torch.mul(" + cotangent.name() + ", " + 1.0 / 16 + ")");
      int rows = (input.height() - 1) / layer.stride() + 1;
      String columns = spread(text, scaled, rows, COLUMNS);
      String padded = spread(text, columns, input.height() + 2, ROWS);
      return Value.own(
          text.let(
              "torch.reflection_pad2d_backward(%s, %s, %s)"
                  .formatted(padded, saved.get(0), PADDING)));
    }

    /** The transpose of {@link #summed}. */
    private String spread(ScriptText text, String cotangent, int height, int axis) {
      String zeros =
          "torch.new_zeros(%s, [torch.size(%s, 0), %s, %s, %s])"
              .formatted(cotangent, cotangent, input.channels(), height, input.width() + 2);
      String spread = text.let(Layers.channelsLast(zeros));
      for (int tap = 0; tap < 3; tap++) {
        text.let(
            "torch.add_(%s, %s, alpha=%s)"
                .formatted(shifted(spread, axis, tap), cotangent, tap == 1 ? 2 : 1));
      }
      return spread;
    }
  }
}
