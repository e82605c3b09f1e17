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
 * @param usual what holds for networks of such names, where that is another than is usual elsewhere
 * @param rules the first that fits a whole name gives the own one. Names that end in {@code #0},
 *     {@code #1} … are parts of one tensor, joined along their first dimension
 */
record NamingScheme(
    String name, String known, Family family, Map<Assumption, String> usual, List<Rule> rules) {
  /** Networks that are inferred in the same way. */
  enum Family {
    RESIDUAL,
    CONVNEXT,
    TRANSFORMER,
    /** Mobile networks, whose blocks widen and narrow. */
    INVERTED,
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
          Map.of(),
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
          Map.of(),
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

  /** What is not told apart by numbers: whether a pool stands before a projection. */
  static final NamingScheme PRE_ACTIVATION =
      new NamingScheme(
          "timm's pre-activation ResNets",
          "stem.conv, stages.S.blocks.I.normJ/convJ, downsample.conv/norm, norm, head.fc",
          Family.RESIDUAL,
          Map.of(),
          rules(
              List.of(
                  "stem\\.(conv\\d?) > stem.$1",
                  "stem\\.norm(\\d?) > stem.bn$1",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.(conv\\d) > @$1.$2:$3",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.norm(\\d) > @$1.$2:bn$3",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.downsample\\.conv > @$1.$2:shortcut.conv",
                  "stages\\.(\\d{1,5})\\.blocks\\.(\\d{1,5})\\.downsample\\.norm > @$1.$2:shortcut.bn",
                  "norm > head.bn",
                  "head\\.fc > head.linear")));

  /** Radosavovic et al. 2020. */
  private static final Map<Assumption, String> REGNET =
      Map.of(
          Assumption.STEM_STRIDE, "2",
          Assumption.STEM_POOL, "none",
          Assumption.STAGE_STRIDES, "2x2x2x2");

  private static final NamingScheme REGNETS =
      new NamingScheme(
          "timm's RegNets",
          "stem.conv/bn, sS.bI.convJ.conv/bn, se.fc1/fc2, downsample.conv/bn, head.fc",
          Family.RESIDUAL,
          REGNET,
          rules(
              List.of(
                  "stem\\.(conv|bn) > stem.$1",
                  "s(\\d)\\.b(\\d{1,5})\\.conv(\\d)\\.(conv|bn) > @$1.$2:$4$3",
                  "s(\\d)\\.b(\\d{1,5})\\.se\\.(fc[12]) > @$1.$2:conv2.se.$3",
                  "s(\\d)\\.b(\\d{1,5})\\.downsample\\.(conv|bn) > @$1.$2:shortcut.$3",
                  "head\\.fc > head.linear")));

  private static final NamingScheme TORCHVISION_REGNETS =
      new NamingScheme(
          "torchvision's RegNets",
          "stem.0/1, trunk_output.blockS.blockS-I.f.a/b/c.0/1, f.se.fc1/fc2, proj.0/1, fc",
          Family.RESIDUAL,
          REGNET,
          rules(
              List.of(
                  "stem\\.0 > stem.conv",
                  "stem\\.1 > stem.bn",
                  regnet("proj\\.0 > @$1.$2:shortcut.conv"),
                  regnet("proj\\.1 > @$1.$2:shortcut.bn"),
                  regnet("f\\.a\\.0 > @$1.$2:conv1"),
                  regnet("f\\.a\\.1 > @$1.$2:bn1"),
                  regnet("f\\.b\\.0 > @$1.$2:conv2"),
                  regnet("f\\.b\\.1 > @$1.$2:bn2"),
                  regnet("f\\.se\\.(fc[12]) > @$1.$2:conv2.se.$3"),
                  regnet("f\\.c\\.0 > @$1.$2:conv3"),
                  regnet("f\\.c\\.1 > @$1.$2:bn3"),
                  "fc > head.linear")));

  private static final NamingScheme CONVNEXT =
      new NamingScheme(
          "timm's ConvNeXt",
          "stem.0/1, stages.S.downsample.0/1, stages.S.blocks.I.conv_dw/norm/mlp/gamma, head",
          Family.CONVNEXT,
          Map.of(),
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
          Map.of(),
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

  /** The last norm has an epsilon of its own. */
  private static final NamingScheme HUGGING_FACE_CONVNEXT =
      new NamingScheme(
          "Hugging Face's ConvNeXt",
          "embeddings, encoder.stages.S.downsampling_layer.0/1, encoder.stages.S.layers.I.dwconv/"
              + "layernorm/pwconv1/pwconv2/layer_scale_parameter, layernorm, classifier",
          Family.CONVNEXT,
          Map.of(Assumption.HEAD_EPS, "1e-12"),
          rules(
              List.of(
                  "(?:convnext\\.)?embeddings\\.patch_embeddings > stem.conv",
                  "(?:convnext\\.)?embeddings\\.layernorm > stem.norm",
                  convnext("(\\d{1,5})\\.downsampling_layer\\.0 > @$1.0:down.norm"),
                  convnext("(\\d{1,5})\\.downsampling_layer\\.1 > @$1.0:down.conv"),
                  convnext("(\\d{1,5})\\.layers\\.(\\d{1,5})\\.dwconv > @$1.$2:conv"),
                  convnext("(\\d{1,5})\\.layers\\.(\\d{1,5})\\.layernorm > @$1.$2:norm"),
                  convnext("(\\d{1,5})\\.layers\\.(\\d{1,5})\\.pwconv([12]) > @$1.$2:fc$3"),
                  "="
                      + convnext(
                          "(\\d{1,5})\\.layers\\.(\\d{1,5})\\.layer_scale_parameter"
                              + " > @$1.$2:scale.weight"),
                  "(?:convnext\\.)?layernorm > head.norm",
                  "classifier > head.linear")));

  private static final NamingScheme TRANSFORMER =
      new NamingScheme(
          "timm's vision transformers",
          "patch_embed.proj, cls_token, pos_embed, blocks.I.norm1/attn/norm2/mlp, norm, head",
          Family.TRANSFORMER,
          Map.of(),
          rules(
              List.of(
                  "patch_embed\\.proj > stem.patches",
                  "=cls_token > stem.class.weight",
                  "=dist_token > stem.distillation.weight",
                  "=pos_embed > stem.position.weight",
                  "blocks\\.(\\d{1,5})\\.norm1 > @0.$1.0:norm",
                  "blocks\\.(\\d{1,5})\\.attn\\.(qkv|proj) > @0.$1.0:attention.$2",
                  "=blocks\\.(\\d{1,5})\\.ls1\\.gamma > @0.$1.0:scale.weight",
                  "blocks\\.(\\d{1,5})\\.norm2 > @0.$1.1:norm",
                  "blocks\\.(\\d{1,5})\\.mlp\\.(fc[12]) > @0.$1.1:$2",
                  "=blocks\\.(\\d{1,5})\\.ls2\\.gamma > @0.$1.1:scale.weight",
                  "norm > head.norm",
                  "fc_norm > head.pooled",
                  "head_dist > head.distillation",
                  "head > head.linear")));

  private static final NamingScheme TORCHVISION_TRANSFORMER =
      new NamingScheme(
          "torchvision's vision transformers",
          "conv_proj, class_token, encoder.layers.encoder_layer_I, encoder.ln, heads.head",
          Family.TRANSFORMER,
          Map.of(),
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
          "embeddings, encoder.layer.I.attention/intermediate/output/layernorm_before/_after or"
              + " layers.I.attention/mlp/layernorm_before/_after, layernorm, classifier",
          Family.TRANSFORMER,
          Map.of(Assumption.EPS, "1e-12"),
          rules(
              List.of(
                  "(?:vit\\.|deit\\.)?embeddings\\.patch_embeddings\\.projection > stem.patches",
                  "=(?:vit\\.|deit\\.)?embeddings\\.cls_token > stem.class.weight",
                  "=(?:vit\\.|deit\\.)?embeddings\\.distillation_token > stem.distillation.weight",
                  "=(?:vit\\.|deit\\.)?embeddings\\.position_embeddings > stem.position.weight",
                  transformer("layernorm_before > @0.$1.0:norm"),
                  attention("attention\\.query|q_proj", 0),
                  attention("attention\\.key|k_proj", 1),
                  attention("attention\\.value|v_proj", 2),
                  transformer("attention\\.(?:output\\.dense|o_proj) > @0.$1.0:attention.proj"),
                  transformer("layernorm_after > @0.$1.1:norm"),
                  transformer("(?:intermediate\\.dense|mlp\\.fc1) > @0.$1.1:fc1"),
                  transformer("(?:output\\.dense|mlp\\.fc2) > @0.$1.1:fc2"),
                  "(?:vit\\.|deit\\.)?layernorm > head.norm",
                  "distillation_classifier > head.distillation",
                  "(?:cls_)?classifier > head.linear")));

  /** Units' convolutions and norms are numbered in their order, each kind on its own. */
  static final NamingScheme INVERTED =
      new NamingScheme(
          "timm's EfficientNets and MobileNets",
          "conv_stem, bn1, blocks.S.I.conv_pw/conv_dw/conv_pwl/bnJ/se, conv_head, bn2, classifier",
          Family.INVERTED,
          Map.of(),
          rules(
              List.of(
                  "conv_stem > stem.conv",
                  "bn1 > stem.bn",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.(?:conv|conv_pw|conv_exp) > @$1.$2:10",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.conv_dw > @$1.$2:20",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.conv_pwl > @$1.$2:30",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.bn(\\d) > @$1.$2:4$3",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.se\\.conv_reduce > @$1.$2:se.fc1",
                  "blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.se\\.conv_expand > @$1.$2:se.fc2",
                  "conv_head > head.conv",
                  "bn2 > head.bn",
                  "classifier > head.linear")));

  static final NamingScheme TORCHVISION_EFFICIENTNET =
      torchvisionInverted(
          "torchvision's EfficientNets",
          "features.N.I.block.K.0/1/fc1/fc2, features.N.0/1, classifier.1",
          Map.of(),
          List.of(
              "features\\.(\\d{1,5})\\.(\\d{1,5})\\.block\\.(\\d)\\.(\\d) > @$1.$2:$3$4",
              "features\\.(\\d{1,5})\\.(\\d{1,5})\\.block\\.\\d\\.(fc[12]) > @$1.$2:se.$3",
              "classifier\\.1 > head.linear"));

  private static final NamingScheme TORCHVISION_MOBILENET_V2 =
      torchvisionInverted(
          "torchvision's MobileNet-V2",
          "features.N.conv.K, features.N.conv.K.0/1, features.N.0/1, classifier.1",
          Map.of(),
          List.of(
              "features\\.(\\d{1,5})\\.conv\\.(\\d)\\.(\\d) > @$1.0:$2$3",
              "features\\.(\\d{1,5})\\.conv\\.(\\d) > @$1.0:$20",
              "classifier\\.1 > head.linear"));

  private static final NamingScheme TORCHVISION_MOBILENET_V3 =
      torchvisionInverted(
          "torchvision's MobileNet-V3",
          "features.N.block.K.0/1/fc1/fc2, features.N.0/1, classifier.0/3",
          Map.of(Assumption.EPS, "1e-3"),
          List.of(
              "features\\.(\\d{1,5})\\.block\\.(\\d)\\.(\\d) > @$1.0:$2$3",
              "features\\.(\\d{1,5})\\.block\\.\\d\\.(fc[12]) > @$1.0:se.$2",
              "classifier\\.0 > head.hidden",
              "classifier\\.3 > head.linear"));

  static final NamingScheme PLAIN =
      new NamingScheme(
          "torchvision's AlexNet and VGG, timm's VGG",
          "features.N, classifier.N or pre_logits.fc1/fc2, head.fc",
          Family.PLAIN,
          Map.of(),
          rules(
              List.of(
                  "features\\.(\\d{1,5}) > features.$1",
                  "classifier\\.(\\d{1,5}) > classifier.$1",
                  "classifier > classifier.0",
                  "pre_logits\\.fc(\\d) > classifier.$1",
                  "head\\.fc > classifier.3")));

  /** All, the most usual first. */
  static final List<NamingScheme> ALL =
      List.of(
          RESIDUAL,
          DEEP_STEM,
          WIDE,
          HUGGING_FACE_RESIDUAL,
          PRE_ACTIVATION,
          REGNETS,
          TORCHVISION_REGNETS,
          CONVNEXT,
          TORCHVISION_CONVNEXT,
          HUGGING_FACE_CONVNEXT,
          TRANSFORMER,
          TORCHVISION_TRANSFORMER,
          HUGGING_FACE_TRANSFORMER,
          INVERTED,
          TORCHVISION_EFFICIENTNET,
          TORCHVISION_MOBILENET_V2,
          TORCHVISION_MOBILENET_V3,
          PLAIN);

  private static NamingScheme residual(String name, String known, List<String> outside) {
    List<String> texts = new ArrayList<>(outside);
    texts.addAll(
        List.of(
            "layer(\\d{1,4})\\.(\\d{1,5})\\.((?:conv|bn)\\d{1,2}) > @$1.$2:$3",
            "layer(\\d{1,4})\\.(\\d{1,5})\\.(?:shortcut|downsample)\\.(\\d) > @$1.$2:shortcut.$3",
            "layer(\\d{1,4})\\.(\\d{1,5})\\.se\\.(fc[12]) > @$1.$2:se.$3",
            "=layer(\\d{1,4})\\.(\\d{1,5})\\.(?:se|eca)\\.conv\\.weight > @$1.$2:eca.conv.weight"));
    return new NamingScheme(name, known, Family.RESIDUAL, Map.of(), rules(texts));
  }

  /** Units stand between the stem and the head's convolution in one sequence. */
  private static NamingScheme torchvisionInverted(
      String name, String known, Map<Assumption, String> usual, List<String> units) {
    List<String> texts = new ArrayList<>(units);
    texts.addAll(
        List.of(
            "features\\.0\\.0 > stem.conv",
            "features\\.0\\.1 > stem.bn",
            "features\\.\\d{1,5}\\.0 > head.conv",
            "features\\.\\d{1,5}\\.1 > head.bn"));
    return new NamingScheme(name, known, Family.INVERTED, usual, rules(texts));
  }

  private static String hugging(String text) {
    String[] sides = text.split(" > ", -1);
    return "(?:resnet\\.)?encoder\\.stages\\.(\\d{1,5})\\.layers\\.(\\d{1,5})\\.%s > @$1.$2:%s"
        .formatted(sides[0], sides[1]);
  }

  private static String regnet(String text) {
    return "trunk_output\\.block(\\d)\\.block\\d-(\\d{1,5})\\." + text;
  }

  private static String convnext(String text) {
    return "(?:convnext\\.)?encoder\\.stages\\." + text;
  }

  private static String transformer(String text) {
    return "(?:vit\\.|deit\\.)?(?:encoder\\.layer|layers)\\.(\\d{1,5})\\." + text;
  }

  /** A part of what other libraries keep as one tensor. */
  private static String attention(String part, int number) {
    return "="
        + transformer(
            "attention\\.(?:%s)\\.(weight|bias) > @0.$1.0:attention.qkv.$2#%s"
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
