package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention among the pixels of an image.
 *
 * @param qkv (3·channels, channels)
 * @param qkvBias (3·channels), or null
 * @param proj (channels, channels)
 */
record SelfAttention(
    PlacedLayer placed, NDArray qkv, @Nullable NDArray qkvBias, NDArray proj, NDArray bias)
    implements DerivableLayer {
  static SelfAttention of(PlacedLayer placed, Function<String, NDArray> arrays) {
    Layer.SelfAttention layer = (Layer.SelfAttention) placed.layer();
    return new SelfAttention(
        placed,
        arrays.apply(placed.tensor("qkv.weight")),
        layer.bias() ? arrays.apply(placed.tensor("qkv.bias")) : null,
        arrays.apply(placed.tensor("proj.weight")),
        arrays.apply(placed.tensor("proj.bias")));
  }

  private int heads() {
    return ((Layer.SelfAttention) placed.layer()).heads();
  }

  private int channels() {
    return placed.input().channels();
  }

  private int tokens() {
    return placed.input().height() * placed.input().width();
  }

  private int width() {
    return channels() / heads();
  }

  private String factor() {
    return String.valueOf(1 / Math.sqrt(width()));
  }

  /** One row of channels for each pixel: (N, T, D). */
  private String rows(ScriptText text, String x) {
    return text.let(
        "torch.reshape(torch.movedim(%s, 1, -1), [-1, %s, %s])".formatted(x, tokens(), channels()));
  }

  private Value image(ScriptText text, String rows) {
    return Value.own(
        text.let(
            "torch.movedim(torch.reshape(%s, [-1, %s, %s, %s]), -1, 1)"
                .formatted(rows, placed.input().height(), placed.input().width(), channels())));
  }

  /** The heads' channels apart: (N, T, D) to (N, heads, T, width). */
  private String apart(ScriptText text, String rows) {
    return text.let(
        "torch.transpose(torch.reshape(%s, [-1, %s, %s, %s]), 1, 2)"
            .formatted(rows, tokens(), heads(), width()));
  }

  /** The transpose of {@link #apart}. */
  private String together(ScriptText text, String heads) {
    return text.let(
        "torch.reshape(torch.transpose(%s, 1, 2), [-1, %s, %s])"
            .formatted(heads, tokens(), channels()));
  }

  private static String turned(String matrices) {
    return "torch.transpose(" + matrices + ", -2, -1)";
  }

  private static String product(ScriptText text, String left, String right) {
    return text.let("torch.matmul(" + left + ", " + right + ")");
  }

  @Override
  public Value forward(ScriptText text, Value x, List<String> saved) {
    String rows = rows(text, x.name());
    String projections =
        text.let(
            "torch.linear(%s, %s, %s)"
                .formatted(
                    rows, text.weight(qkv), qkvBias == null ? "None" : text.weight(qkvBias)));
    String parts =
        text.let(
            "torch.permute(torch.reshape(%s, [-1, %s, 3, %s, %s]), [2, 0, 3, 1, 4])"
                .formatted(projections, tokens(), heads(), width()));
    String query = text.let("torch.select(" + parts + ", 0, 0)");
    String key = text.let("torch.select(" + parts + ", 0, 1)");
    String value = text.let("torch.select(" + parts + ", 0, 2)");
    String scaled = "torch.mul(" + query + ", " + factor() + ")";
    String shares =
        text.let("torch.softmax(torch.matmul(%s, %s), -1, None)".formatted(scaled, turned(key)));
    String seen = together(text, product(text, shares, value));
    saved.addAll(List.of(rows, query, key, value, shares, seen));
    return image(
        text,
        text.let("torch.linear(%s, %s, %s)".formatted(seen, text.weight(proj), text.weight(bias))));
  }

  @Override
  public int savedCount() {
    return 6;
  }

  /** The cotangent at Q, K and V side by side: (N, T, 3·D). */
  private String atProjections(ScriptText text, String cotangent, List<String> saved) {
    String query = saved.get(1);
    String key = saved.get(2);
    String value = saved.get(3);
    String shares = saved.get(4);
    String atSeen = apart(text, product(text, cotangent, text.weight(proj)));
    String atShares =
        text.let("torch.mul(torch.matmul(%s, %s), %s)".formatted(atSeen, turned(value), shares));
    String sums = "torch.sum(" + atShares + ", [-1], True, dtype=None)";
    String scores =
        text.let(
            "torch.mul(torch.sub(%s, torch.mul(%s, %s)), %s)"
                .formatted(atShares, shares, sums, factor()));
    String all =
        text.let(
            "torch.stack([torch.matmul(%s, %s), torch.matmul(%s, %s), torch.matmul(%s, %s)], 0)"
                .formatted(scores, key, turned(scores), query, turned(shares), atSeen));
    return text.let(
        "torch.reshape(torch.permute(%s, [1, 3, 0, 2, 4]), [-1, %s, %s])"
            .formatted(all, tokens(), 3 * channels()));
  }

  @Override
  public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
    String atProjections = atProjections(text, rows(text, cotangent.name()), saved);
    return image(text, product(text, atProjections, text.weight(qkv)));
  }

  @Override
  public Value pullBack(
      ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
    String rows = rows(text, cotangent.name());
    String atProjections = atProjections(text, rows, saved);
    add(text, gradients, "qkv", atProjections, saved.get(0), qkvBias != null);
    add(text, gradients, "proj", rows, saved.get(5), true);
    return image(text, product(text, atProjections, text.weight(qkv)));
  }

  private void add(
      ScriptText text,
      Map<String, String> gradients,
      String part,
      String cotangent,
      String rows,
      boolean hasBias) {
    String flat = text.let("torch.flatten(" + cotangent + ", 0, 1)");
    gradients.put(
        placed.tensor(part + ".weight"),
        product(text, "torch.t(" + flat + ")", "torch.flatten(" + rows + ", 0, 1)"));
    if (hasBias) {
      gradients.put(
          placed.tensor(part + ".bias"),
          text.let("torch.sum(" + flat + ", [0], False, dtype=None)"));
    }
  }
}
