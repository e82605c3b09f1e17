package io.github.resnetensembles.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How tensors are called in some library: rules from its names to the library's own, as data. A
 * place in the network is written {@code @STAGE.INDEX:} or, where a layer of the original is two
 * blocks here, {@code @STAGE.INDEX.HALF:}; blocks are numbered in the order of these.
 *
 * @param name for messages
 * @param known the names that it has, for messages
 * @param family which networks are called so
 * @param epsilon of the norms, where networks of such names have another than is usual; else empty
 * @param rules the first that fits a whole name gives the own one. Names that end in {@code #0},
 *     {@code #1} … are parts of one tensor, joined along their first dimension
 */
record NamingScheme(String name, String known, Family family, String epsilon, List<Rule> rules) {
  /** Networks that are inferred in the same way. */
  enum Family {
    RESIDUAL,
    CONVNEXT,
    TRANSFORMER,
    /** Convolutions in a row, without skip connections. */
    PLAIN
  }

  /** A pattern and what becomes of names that it fits. */
  record Rule(Pattern pattern, String replacement) {
    static Rule of(String pattern, String replacement) {
      return new Rule(Pattern.compile(pattern), replacement);
    }
  }

  private static final String TENSOR = "\\.(weight|bias|running_mean|running_var)";

  static final NamingScheme RESIDUAL =
      residual(
          "torchvision's and timm's ResNets, and the usual CIFAR repositories",
          "conv1, bn1, layerS.I.convJ/bnJ, shortcut/downsample.0/.1, bn, linear/fc",
          List.of("conv1 > stem.conv", "bn1 > stem.bn", "bn > head.bn", "linear|fc > head.linear"));

  /** The stem's three convolutions are numbered with what stands between them. */
  private static final NamingScheme DEEP_STEM =
      residual(
          "ResNets with a stem of three convolutions",
          "conv1.0/1/3/4/6, bn1, layerS.I.convJ/bnJ, downsample.0/.1/.2, fc",
          List.of(
              "conv1\\.0 > stem.conv1",
              "conv1\\.1 > stem.bn1",
              "conv1\\.3 > stem.conv2",
              "conv1\\.4 > stem.bn2",
              "conv1\\.6 > stem.conv3",
              "bn1 > stem.bn3",
              "linear|fc > head.linear"));

  private static final NamingScheme WIDE =
      new NamingScheme(
          "Wide ResNets",
          "conv1, blockS.layer.I.convJ/bnJ/convShortcut, bn1, fc",
          Family.RESIDUAL,
          "",
          rules(
              List.of(
                  "block(\\d{1,5})\\.layer\\.(\\d{1,5})\\.((?:conv|bn)\\d) > @$1.$2:$3",
                  "block(\\d{1,5})\\.layer\\.(\\d{1,5})\\.(?:convShortcut|shortcut) > @$1.$2:shortcut.conv",
                  "conv1 > stem.conv",
                  "bn1 > head.bn",
                  "fc|linear > head.linear")));

  private static final NamingScheme HUGGING_FACE_RESIDUAL =
      new NamingScheme(
          "Hugging Face's ResNets",
          "embedder, encoder.stages.S.layers.I.layer.J.convolution, shortcut, classifier.1",
          Family.RESIDUAL,
          "",
          rules(
              List.of(
                  hugging("layer\\.0\\.convolution > conv1"),
                  hugging("layer\\.0\\.normalization > bn1"),
                  hugging("layer\\.1\\.convolution > conv2"),
                  hugging("layer\\.1\\.normalization > bn2"),
                  hugging("layer\\.2\\.convolution > conv3"),
                  hugging("layer\\.2\\.normalization > bn3"),
                  hugging("shortcut\\.convolution > shortcut.conv"),
                  hugging("shortcut\\.normalization > shortcut.bn"),
                  "(?:resnet\\.)?embedder\\.embedder\\.convolution > stem.conv",
                  "(?:resnet\\.)?embedder\\.embedder\\.normalization > stem.bn",
                  "classifier\\.1 > head.linear")));

  private static final NamingScheme CONVNEXT =
      new NamingScheme(
          "timm's ConvNeXt",
          "stem.0/1, stages.S.downsample.0/1, stages.S.blocks.I.conv_dw/norm/mlp/gamma, head",
          Family.CONVNEXT,
          "",
          rules(
              List.of(
                  "stages\\.(\\d{1,5})\\.downsample\\.0 > @$1.0:down.norm",
                  "stages\\.(\\d{1,5})\\.downsample\\.1 > @$1.0:down.conv",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.conv_dw > @$1.$2:conv",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.norm > @$1.$2:norm",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.mlp\\.(fc[12]) > @$1.$2:$3",
                  "=stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.gamma > @$1.$2:scale.weight",
                  "stem\\.0 > stem.conv",
                  "stem\\.1 > stem.norm",
                  "head\\.norm > head.norm",
                  "head\\.fc > head.linear")));

  private static final NamingScheme TORCHVISION_CONVNEXT =
      new NamingScheme(
          "torchvision's ConvNeXt",
          "features.N.I.block.0/2/3/5, features.N.0/1, layer_scale, classifier.0/2",
          Family.CONVNEXT,
          "",
          rules(
              List.of(
                      "features\\.0\\.0 > stem.conv",
                      "features\\.0\\.1 > stem.norm",
                      "features\\.([246])\\.0 > @$1.0:down.norm",
                      "features\\.([246])\\.1 > @$1.0:down.conv",
                      "features\\.(1)\\.(\\d{1,5})\\.block\\.0 > @0.$2:conv",
                      "features\\.(1)\\.(\\d{1,5})\\.block\\.2 > @0.$2:norm",
                      "features\\.(1)\\.(\\d{1,5})\\.block\\.3 > @0.$2:fc1",
                      "features\\.(1)\\.(\\d{1,5})\\.block\\.5 > @0.$2:fc2",
                      "=features\\.(1)\\.(\\d{1,5})\\.layer_scale > @0.$2:scale.weight",
                      convnextStage("3", "2"),
                      convnextStage("5", "4"),
                      convnextStage("7", "6"),
                      "classifier\\.0 > head.norm",
                      "classifier\\.2 > head.linear")
                  .stream()
                  .flatMap(text -> text.lines())
                  .toList()));

  private static final NamingScheme TRANSFORMER =
      new NamingScheme(
          "timm's vision transformers",
          "patch_embed.proj, cls_token, pos_embed, blocks.I.norm1/attn/norm2/mlp, norm, head",
          Family.TRANSFORMER,
          "",
          rules(
              List.of(
                  "patch_embed\\.proj > stem.patches",
                  "=cls_token > stem.class.weight",
                  "=pos_embed > stem.position.weight",
                  "blocks\\.(\\d{1,5})\\.norm1 > @0.$1.0:norm",
                  "blocks\\.(\\d{1,5})\\.attn\\.(qkv|proj) > @0.$1.0:attention.$2",
                  "=blocks\\.(\\d{1,5})\\.ls1\\.gamma > @0.$1.0:scale.weight",
                  "blocks\\.(\\d{1,5})\\.norm2 > @0.$1.1:norm",
                  "blocks\\.(\\d{1,5})\\.mlp\\.(fc[12]) > @0.$1.1:$2",
                  "=blocks\\.(\\d{1,5})\\.ls2\\.gamma > @0.$1.1:scale.weight",
                  "norm|fc_norm > head.norm",
                  "head > head.linear")));

  private static final NamingScheme TORCHVISION_TRANSFORMER =
      new NamingScheme(
          "torchvision's vision transformers",
          "conv_proj, class_token, encoder.layers.encoder_layer_I, encoder.ln, heads.head",
          Family.TRANSFORMER,
          "",
          rules(
              List.of(
                  "conv_proj > stem.patches",
                  "=class_token > stem.class.weight",
                  "=encoder\\.pos_embedding > stem.position.weight",
                  encoder("ln_1 > @0.$1.0:norm"),
                  "=encoder\\.layers\\.encoder_layer_(\\d{1,5})\\.self_attention\\.in_proj_(weight|bias)"
                      + " > @0.$1.0:attention.qkv.$2",
                  encoder("self_attention\\.out_proj > @0.$1.0:attention.proj"),
                  encoder("ln_2 > @0.$1.1:norm"),
                  encoder("mlp\\.(?:0|linear_1) > @0.$1.1:fc1"),
                  encoder("mlp\\.(?:3|linear_2) > @0.$1.1:fc2"),
                  "encoder\\.ln > head.norm",
                  "heads\\.head > head.linear")));

  private static final NamingScheme HUGGING_FACE_TRANSFORMER =
      new NamingScheme(
          "Hugging Face's vision transformers",
          "embeddings, encoder.layer.I.attention/intermediate/output/layernorm_before/_after,"
              + " layernorm, classifier",
          Family.TRANSFORMER,
          "1e-12",
          rules(
              List.of(
                  "(?:vit\\.)?embeddings\\.patch_embeddings\\.projection > stem.patches",
                  "=(?:vit\\.)?embeddings\\.cls_token > stem.class.weight",
                  "=(?:vit\\.)?embeddings\\.position_embeddings > stem.position.weight",
                  transformer("layernorm_before > @0.$1.0:norm"),
                  attention("query", 0),
                  attention("key", 1),
                  attention("value", 2),
                  transformer("attention\\.output\\.dense > @0.$1.0:attention.proj"),
                  transformer("layernorm_after > @0.$1.1:norm"),
                  transformer("intermediate\\.dense > @0.$1.1:fc1"),
                  transformer("output\\.dense > @0.$1.1:fc2"),
                  "(?:vit\\.)?layernorm > head.norm",
                  "classifier > head.linear")));

  static final NamingScheme PLAIN =
      new NamingScheme(
          "torchvision's AlexNet and VGG",
          "features.N, classifier.N",
          Family.PLAIN,
          "",
          rules(
              List.of(
                  "features\\.(\\d{1,5}) > features.$1",
                  "classifier\\.(\\d{1,5}) > classifier.$1",
                  "classifier > classifier.0")));

  /** All, the most usual first. */
  static final List<NamingScheme> ALL =
      List.of(
          RESIDUAL,
          DEEP_STEM,
          WIDE,
          HUGGING_FACE_RESIDUAL,
          CONVNEXT,
          TORCHVISION_CONVNEXT,
          TRANSFORMER,
          TORCHVISION_TRANSFORMER,
          HUGGING_FACE_TRANSFORMER,
          PLAIN);

  private static NamingScheme residual(String name, String known, List<String> outside) {
    List<String> texts = new ArrayList<>(outside);
    texts.addAll(
        List.of(
            "layer(\\d{1,4})\\.(\\d{1,5})\\.((?:conv|bn)\\d{1,2}) > @$1.$2:$3",
            "layer(\\d{1,4})\\.(\\d{1,5})\\.(?:shortcut|downsample)\\.(\\d) > @$1.$2:shortcut.$3",
            "layer(\\d{1,4})\\.(\\d{1,5})\\.se\\.(fc[12]) > @$1.$2:se.$3",
            "=layer(\\d{1,4})\\.(\\d{1,5})\\.(?:se|eca)\\.conv\\.weight > @$1.$2:eca.conv.weight"));
    return new NamingScheme(name, known, Family.RESIDUAL, "", rules(texts));
  }

  private static String hugging(String text) {
    String[] sides = text.split(" > ", -1);
    return "(?:resnet\\.)?encoder\\.stages\\.(\\d{1,5})\\.layers\\.(\\d{1,5})\\.%s > @$1.$2:%s"
        .formatted(sides[0], sides[1]);
  }

  private static String transformer(String text) {
    return "(?:vit\\.)?encoder\\.layer\\.(\\d{1,5})\\." + text;
  }

  /** A part of what other libraries keep as one tensor. */
  private static String attention(String part, int number) {
    return "="
        + transformer(
            "attention\\.attention\\.%s\\.(weight|bias) > @0.$1.0:attention.qkv.$2#%s"
                .formatted(part, number));
  }

  private static String encoder(String text) {
    return "encoder\\.layers\\.encoder_layer_(\\d{1,5})\\." + text;
  }

  /** The layers of a stage in torchvision's sequence, with the number of what comes before it. */
  private static String convnextStage(String sequence, String stage) {
    String start = "features\\.(" + sequence + ")\\.(\\d{1,5})\\.";
    String place = " > @" + stage + ".$2:";
    return String.join(
        "\n",
        start + "block\\.0" + place + "conv",
        start + "block\\.2" + place + "norm",
        start + "block\\.3" + place + "fc1",
        start + "block\\.5" + place + "fc2",
        "=" + start + "layer_scale" + place + "scale.weight");
  }

  /** Lines of a layer's name and its own one; after {@code =} of a whole tensor's. */
  private static List<Rule> rules(List<String> texts) {
    List<Rule> rules = new ArrayList<>();
    for (String text : texts) {
      String[] sides = text.split(" > ", -1);
      if (sides[0].startsWith("=")) {
        rules.add(Rule.of(sides[0].substring(1), sides[1]));
      } else {
        int group = groups(sides[0]) + 1;
        rules.add(Rule.of("(?:" + sides[0] + ")" + TENSOR, sides[1] + ".$" + group));
      }
    }
    return List.copyOf(rules);
  }

  private static int groups(String pattern) {
    return Pattern.compile(pattern).matcher("").groupCount();
  }

  /** {@return the own name, in which a block is written by its place; empty if no rule fits} */
  Optional<String> own(String tensor) {
    for (Rule rule : rules) {
      Matcher matcher = rule.pattern().matcher(tensor);
      if (matcher.matches()) {
        return Optional.of(matcher.replaceFirst(rule.replacement()));
      }
    }
    return Optional.empty();
  }

  /** {@return how many of the names it does not know} */
  long strangers(Map<String, ?> tensors) {
    return tensors.keySet().stream().filter(name -> own(name).isEmpty()).count();
  }
}
