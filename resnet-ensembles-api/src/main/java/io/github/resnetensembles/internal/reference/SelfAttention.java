package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention among the pixels of an image.
 *
 * @param qkv laid out (3·channels, channels)
 * @param qkvBias (3·channels), or null
 * @param proj laid out (channels, channels)
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SelfAttention(
    String name, int heads, double[] qkv, double @Nullable [] qkvBias, double[] proj, double[] bias)
    implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    List<Image> images = new ArrayList<>();
    Features output = Features.zeros(input.images(), input.shape());
    for (int n = 0; n < input.images(); n++) {
      Image image = new Image(rows(input, n));
      images.add(image);
      put(output, n, image.output());
    }
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          for (int n = 0; n < input.images(); n++) {
            put(result, n, images.get(n).atProjections(rows(v, n)).times(weight()));
          }
          return result;
        },
        (v, gradient) -> {
          for (int n = 0; n < input.images(); n++) {
            images.get(n).addGradient(rows(v, n), gradient);
          }
        });
  }

  private int channels() {
    return bias.length;
  }

  private Matrix weight() {
    return new Matrix(3 * channels(), channels(), qkv);
  }

  /** One row of channels for each pixel of an image. */
  private static Matrix rows(Features features, int image) {
    int plane = features.shape().height() * features.shape().width();
    int first = image * features.shape().size();
    return Matrix.of(
        plane,
        features.shape().channels(),
        (pixel, channel) -> features.values()[first + channel * plane + pixel]);
  }

  private static void put(Features features, int image, Matrix rows) {
    int first = image * features.shape().size();
    for (int pixel = 0; pixel < rows.rows(); pixel++) {
      for (int channel = 0; channel < rows.columns(); channel++) {
        features.values()[first + channel * rows.rows() + pixel] = rows.at(pixel, channel);
      }
    }
  }

  /** One image, run forward. */
  private final class Image {
    private final Matrix x;
    private final Matrix projections;
    private final List<Matrix> shares = new ArrayList<>();
    private final Matrix seen;

    private Image(Matrix x) {
      this.x = x;
      Matrix product = x.times(weight().transposed());
      this.projections =
          Matrix.of(
              product.rows(),
              product.columns(),
              (row, column) -> product.at(row, column) + (qkvBias == null ? 0 : qkvBias[column]));
      this.seen = Matrix.of(x.rows(), channels(), (row, column) -> 0);
      for (int head = 0; head < heads; head++) {
        Matrix share = query(head).times(key(head).transposed()).times(factor()).softmax();
        shares.add(share);
        seen.put(head * width(), share.times(value(head)));
      }
    }

    private int width() {
      return channels() / heads;
    }

    private double factor() {
      return 1 / Math.sqrt(width());
    }

    private Matrix query(int head) {
      return projections.columns(head * width(), width());
    }

    private Matrix key(int head) {
      return projections.columns(channels() + head * width(), width());
    }

    private Matrix value(int head) {
      return projections.columns(2 * channels() + head * width(), width());
    }

    private Matrix projection() {
      return new Matrix(channels(), channels(), proj);
    }

    Matrix output() {
      Matrix product = seen.times(projection().transposed());
      return Matrix.of(
          product.rows(),
          product.columns(),
          (row, column) -> product.at(row, column) + bias[column]);
    }

    /** The cotangent at Q, K and V side by side. */
    Matrix atProjections(Matrix cotangent) {
      Matrix atSeen = cotangent.times(projection());
      Matrix result = Matrix.of(x.rows(), 3 * channels(), (row, column) -> 0);
      for (int head = 0; head < heads; head++) {
        Matrix own = atSeen.columns(head * width(), width());
        Matrix share = shares.get(head);
        Matrix scores =
            share.softmaxPulledBack(own.times(value(head).transposed())).times(factor());
        result.put(head * width(), scores.times(key(head)));
        result.put(channels() + head * width(), scores.transposed().times(query(head)));
        result.put(2 * channels() + head * width(), share.transposed().times(own));
      }
      return result;
    }

    void addGradient(Matrix cotangent, ParameterGradient gradient) {
      Matrix atProjections = atProjections(cotangent);
      atProjections.transposed().times(x).addTo(gradient.of(name + ".qkv.weight"));
      if (qkvBias != null) {
        atProjections.addColumnsTo(gradient.of(name + ".qkv.bias"));
      }
      cotangent.transposed().times(seen).addTo(gradient.of(name + ".proj.weight"));
      cotangent.addColumnsTo(gradient.of(name + ".proj.bias"));
    }
  }
}
