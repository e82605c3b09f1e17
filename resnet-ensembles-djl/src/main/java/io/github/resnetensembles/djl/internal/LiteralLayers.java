package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedLinear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Layers with the network's own parameters, nothing folded, as the engine itself differentiates
 * them: what gradients of parameters, and BatchNorm with the statistics of its batch, need.
 */
final class LiteralLayers {
  private LiteralLayers() {}

  /**
   * A convolution.
   *
   * @param weight (out, in / groups, k, k)
   * @param bias (out), or null
   * @param format the 16 bits that its input, its output and their cotangents have; empty for the
   *     precision of its parameters, which their gradients have in any case
   */
  record LiteralConvolution(
      PlacedLayer placed, NDArray weight, @Nullable NDArray bias, Optional<NarrowFormat> format)
      implements DerivableLayer {
    private Layer.Convolution layer() {
      return (Layer.Convolution) placed.layer();
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      boolean seen = layer().stride() > 1 && layer().pointwise();
      String pixels = seen ? text.let(Layers.seen(x.name(), layer().stride())) : x.name();
      saved.add(pixels);
      String added = bias == null ? Layers.NONE : narrowed(text, text.weight(bias));
      return Value.own(Layers.convolveSeen(text, pixels, layer(), kernel(text), added));
    }

    private Layers.Weight kernel(ScriptText text) {
      return new Layers.Weight(weight, narrowed(text, text.weight(weight)));
    }

    private String narrowed(ScriptText text, String value) {
      return format.map(to -> text.let(to.narrowed(value))).orElse(value);
    }

    private String widened(ScriptText text, String value) {
      return format.isEmpty() ? value : text.let(NarrowFormat.widened(value));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return atInput(text, cotangent.name(), kernel(text));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      String above = cotangent.name();
      Layers.Weight kernel = kernel(text);
      gradients.put(placed.tensor("weight"), atWeight(text, above, saved.get(0), kernel));
      if (bias != null) {
        String sums = text.let("torch.sum(" + above + ", [0, 2, 3], False, dtype=None)");
        gradients.put(placed.tensor("bias"), widened(text, sums));
      }
      return atInput(text, above, kernel);
    }

    /** The engine's own gradient at the input is wrong for some shapes on some processors. */
    private Value atInput(ScriptText text, String cotangent, Layers.Weight kernel) {
      return Value.own(Layers.transposed(text, cotangent, layer(), kernel, placed.input()));
    }

    /**
     * Where the kernel is larger than the image, in single precision: of 16 bits oneDNN leaves the
     * gradients of taps that see padding alone unwritten.
     */
    private String atWeight(
        ScriptText text, String cotangent, String pixels, Layers.Weight kernel) {
      int reach = layer().dilation() * (layer().kernel() - 1) + 1;
      boolean unwritten = Math.min(placed.input().height(), placed.input().width()) < reach;
      return unwritten
          ? inParts(
              text, widened(text, cotangent), widened(text, pixels), Layers.Weight.of(text, weight))
          : widened(text, inParts(text, cotangent, pixels, kernel));
    }

    private String inParts(ScriptText text, String cotangent, String pixels, Layers.Weight kernel) {
      List<Layers.Channels> parts = Layers.safeParts(layer(), weight);
      if (parts.size() == 1) {
        return atWeight(text, cotangent, pixels, kernel.value());
      }
      List<String> gradients = new ArrayList<>();
      for (Layers.Channels part : parts) {
        String above = text.let(part.of(cotangent, 1));
        String own = text.let(part.of(kernel.value(), 0));
        gradients.add(atWeight(text, above, pixels, own));
      }
      return text.let("torch.cat([" + String.join(", ", gradients) + "], 0)");
    }

    private String atWeight(ScriptText text, String cotangent, String pixels, String kernel) {
      return text.let(
              3,
              "torch.convolution_backward(%s, %s, %s, None, %s, %s, %s, False, [0, 0], %s, [False, True, False])"
                  .formatted(
                      cotangent,
                      pixels,
                      kernel,
                      Layers.pair(layer().pointwise() ? 1 : layer().stride()),
                      Layers.pair(layer().padding()),
                      Layers.pair(layer().dilation()),
                      layer().groups()))
          .get(1);
    }
  }

  /**
   * BatchNorm.
   *
   * @param statistics what it normalises with
   * @param ofPixels whether it normalises images, (N, C, H, W), and not rows, (N, C)
   */
  record LiteralNorm(Norm norm, NormStatistics statistics, boolean ofPixels)
      implements DerivableLayer {
    /** Neighbouring pixels whose statistics are taken apart, where their number divides. */
    private static final int GROUPS = 8;

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      boolean grouped = statistics.ofBatch() && ofPixels && !norm.weight().getDevice().isGpu();
      return grouped ? grouped(text, x, saved) : ofEngine(text, x, saved);
    }

    private Value ofEngine(ScriptText text, Value x, List<String> saved) {
      List<String> all =
          text.let(
              3,
              "torch.native_batch_norm(%s, %s, %s, %s, %s, %s, %s)"
                  .formatted(
                      x.name(),
                      text.weight(norm.weight()),
                      text.weight(norm.bias()),
                      statistics.runningIn(text, norm),
                      statistics.ofBatch() ? "True" : "False",
                      statistics.momentum(),
                      norm.epsilon()));
      saved.add(all.get(1));
      saved.add(all.get(2));
      return Value.own(all.get(0));
    }

    /**
     * On a processor the engine adds all pixels of a channel up one by one, in single precision.
     * Seen as an image with {@link #GROUPS} times as many channels, each has so many fewer of them:
     * that is more than ten times as exact, and faster. The parts' statistics are then put together
     * (Chan, Golub and LeVeque 1983).
     */
    private Value grouped(ScriptText text, Value x, List<String> saved) {
      String pixels =
          text.let("torch.mul(torch.size(%s, 2), torch.size(%s, 3))".formatted(x.name(), x.name()));
      String groups = text.let("1");
      text.under(
          "if torch.eq(torch.remainder(%s, %s), 0):".formatted(pixels, GROUPS),
          () -> text.statement(groups + " = " + GROUPS));
      String rows =
          "torch.reshape(torch.permute(%s, [0, 2, 3, 1]), [torch.size(%s, 0), -1, 1, torch.mul(%s, torch.size(%s, 1))])"
              .formatted(x.name(), x.name(), groups, x.name());
      List<String> parts =
          text.let(
              2,
              "torch.batch_norm_update_stats(torch.permute(%s, [0, 3, 1, 2]), None, None, 0.)"
                  .formatted(rows));
      String means = text.let("torch.reshape(%s, [%s, -1])".formatted(parts.get(0), groups));
      String mean = text.let("torch.mean(" + means + ", [0], False, dtype=None)");
      String variances =
          "torch.add(torch.reshape(%s, [%s, -1]), torch.square(torch.sub(%s, %s)))"
              .formatted(parts.get(1), groups, means, mean);
      String variance = text.let("torch.mean(" + variances + ", [0], False, dtype=None)");
      if (statistics.updates()) {
        update(text, text.weight(norm.mean()), mean, String.valueOf(statistics.momentum()));
        String count =
            text.let("torch.div(torch.numel(%s), torch.numel(%s))".formatted(x.name(), mean));
        String unbiased =
            "torch.mul(%s, torch.div(%s, torch.sub(%s, 1)))"
                .formatted(statistics.momentum(), count, count);
        update(text, text.weight(norm.variance()), variance, unbiased);
      }
      List<String> all =
          text.let(
              3,
              "torch.native_batch_norm(%s, %s, %s, %s, %s, False, 0., %s)"
                  .formatted(
                      x.name(),
                      text.weight(norm.weight()),
                      text.weight(norm.bias()),
                      mean,
                      variance,
                      norm.epsilon()));
      saved.add(mean);
      saved.add(text.let("torch.rsqrt(torch.add(%s, %s))".formatted(variance, norm.epsilon())));
      return Value.own(all.get(0));
    }

    private void update(ScriptText text, String running, String ofBatch, String share) {
      text.statement(
          "torch.add_(torch.mul_(%s, %s), %s, alpha=%s)"
              .formatted(running, 1 - statistics.momentum(), ofBatch, share));
    }

    @Override
    public int savedCount() {
      return 3;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(backward(text, cotangent, saved, false).get(0));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      List<String> all = backward(text, cotangent, saved, true);
      gradients.put(norm.name() + ".weight", all.get(1));
      gradients.put(norm.name() + ".bias", all.get(2));
      return Value.own(all.get(0));
    }

    private List<String> backward(
        ScriptText text, Value cotangent, List<String> saved, boolean parameters) {
      String mask = parameters ? "True" : "False";
      return text.let(
          3,
          "torch.native_batch_norm_backward(%s, %s, %s, %s, %s, %s, %s, %s, [True, %s, %s])"
              .formatted(
                  cotangent.name(),
                  saved.get(0),
                  text.weight(norm.weight()),
                  statistics.ofBatch() ? "None, None" : statistics.runningIn(text, norm),
                  saved.get(1),
                  saved.get(2),
                  statistics.ofBatch() ? "True" : "False",
                  norm.epsilon(),
                  mask,
                  mask));
    }
  }

  /**
   * Dropout in training.
   *
   * @param factors the name of the script's argument, (N, C, H, W)
   * @param rows whether what it multiplies is one row for each image, (N, C)
   */
  record LiteralDropout(String factors, boolean rows) implements DerivableLayer {
    @Override
    public List<String> arguments() {
      return List.of(factors);
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String shaped = rows ? "torch.flatten(" + factors + ", 1, -1)" : Layers.channelsLast(factors);
      String each = text.let(shaped);
      saved.add(each);
      return x.scaled(text, each);
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return cotangent.scaled(text, saved.get(0));
    }
  }

  /** A linear layer, written as one that has BatchNorm folded in is. */
  record LiteralLinear(String name, FoldedLinear layer) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      return layer.forward(text, x, saved);
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return layer.pullBack(text, cotangent, saved);
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      String rows = "torch.t(" + cotangent.name() + ")";
      gradients.put(name + ".weight", text.let("torch.matmul(" + rows + ", " + saved.get(0) + ")"));
      gradients.put(
          name + ".bias", text.let("torch.sum(" + cotangent.name() + ", [0], False, dtype=None)"));
      return pullBack(text, cotangent, saved);
    }
  }
}
