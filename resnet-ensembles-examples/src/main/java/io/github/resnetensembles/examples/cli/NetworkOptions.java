package io.github.resnetensembles.examples.cli;

import com.google.common.base.Joiner;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.weights.RenameRules;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which network: its weight file, and what the tensors do not tell. */
class NetworkOptions {
  /** How parameter-free shortcuts pad, as the flag says it. */
  enum ZeroPad {
    EVEN(Shortcut.ZERO_PAD_EVEN),
    END(Shortcut.ZERO_PAD_END);

    private final Shortcut shortcut;

    ZeroPad(Shortcut shortcut) {
      this.shortcut = shortcut;
    }
  }

  @Option(
      names = "--weights",
      paramLabel = "FILE|pretrained:NAME",
      description =
          "Weights: safetensors, a PyTorch checkpoint, or this library's own; or one of the"
              + " networks that the library brings along, which 'info' lists.")
  @Nullable WeightsName weights;

  @Option(
      names = "--arch",
      paramLabel = "NAME|FILE.json",
      description =
          "The architecture, where the weights do not determine it: resnet-N, preresnet-N, plain-N,"
              + " vgg-15 ..., or a file that describes one, as info --save-arch writes it. Without"
              + " --weights it is initialised from --seed.")
  @Nullable ArchitectureName architecture;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description =
          "The dictionary of tensors in a PyTorch checkpoint that has several, such as"
              + " state_dict_ema.")
  @Nullable String key;

  @Option(
      names = "--rename",
      paramLabel = "FILE",
      description =
          "Rules for tensor names: lines 'regular-expression -> replacement'; with nothing after"
              + " the arrow, tensors whose whole name matches are dropped.")
  @Nullable Path rename;

  @Option(
      names = "--mean",
      split = ",",
      paramLabel = "r,g,b",
      description = "Input mean, of x/255.")
  @Nullable List<Double> mean;

  @Option(
      names = "--std",
      split = ",",
      paramLabel = "r,g,b",
      description = "Input standard deviation, of x/255.")
  @Nullable List<Double> std;

  @Option(
      names = "--zero-pad",
      paramLabel = "even|end",
      description = "Where parameter-free shortcuts pad new channels.")
  @Nullable ZeroPad zeroPad;

  @Option(
      names = "--shortcut-input",
      paramLabel = "raw|activated",
      description = "What shortcuts of pre-activation transitions see.")
  @Nullable ShortcutInput shortcutInput;

  @Option(names = "--plain", description = "The network has no skip connections.")
  boolean plain;

  @Option(
      names = "--assume",
      paramLabel = "KEY=VALUE",
      description =
          "What tensors do not tell, such as stem-pool=max, activation=silu or heads=3; may be given"
              + " several times. What is assumed without it is said on standard error.")
  @Nullable List<String> assume;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Reads the weights, or initialises untrained ones where only an architecture is named. */
  Weights load(long seed) {
    if (weights == null) {
      return Weights.initialised(named(), seed);
    }
    if (weights instanceof WeightsName.Own own) {
      return loadOwn(own);
    }
    Weights.Loader loader = Weights.from(((WeightsName.InFile) weights).path());
    if (architecture != null) {
      loader = loader.architecture(architecture.architecture());
    }
    if (key != null) {
      if (key.isEmpty()) {
        throw new InvalidInputException("--key is empty: name a dictionary, or leave it out");
      }
      loader = loader.key(key);
    }
    if (rename != null) {
      loader = loader.rename(RenameRules.parse(InputFiles.lines(rename)));
    }
    if (zeroPad != null) {
      loader = loader.zeroPadding(zeroPad.shortcut);
    }
    if (shortcutInput != null) {
      loader = loader.shortcutInput(shortcutInput);
    }
    if (plain) {
      loader = loader.plain(true);
    }
    if (hasNormalisation()) {
      loader = loader.normalisation(values(mean), values(std));
    }
    for (String assumption : assume == null ? List.<String>of() : assume) {
      int equals = assumption.indexOf('=');
      if (equals < 1) {
        throw new InvalidInputException(
            "--assume takes KEY=VALUE, such as stem-pool=max, got '%s'".formatted(assumption));
      }
      loader = loader.assume(assumption.substring(0, equals), assumption.substring(equals + 1));
    }
    Weights.Loader complete = loader;
    Weights loaded = UnusableFileException.beforeWork(complete::load);
    sayAssumed(loaded);
    return loaded;
  }

  private void sayAssumed(Weights loaded) {
    if (!loaded.assumed().isEmpty() && command != null) {
      command
          .commandLine()
          .getErr()
          .println(
              "assumed: %s (change with --assume KEY=VALUE)"
                  .formatted(Joiner.on(' ').withKeyValueSeparator('=').join(loaded.assumed())));
    }
  }

  private Weights loadOwn(WeightsName.Own own) {
    if (architecture != null || detailed()) {
      throw new InvalidInputException(
          "%s is known in all details: leave out %s"
              .formatted(own, architecture != null ? "--arch" : detailFlags().get(0)));
    }
    return Weights.pretrained(own.name());
  }

  /** The network's description; reads the weights only if they are needed for it. */
  Architecture describe() {
    return weights == null ? named() : load(0).architecture();
  }

  /** The description of another network with the same details. */
  Architecture describe(ArchitectureName name) {
    return named(name);
  }

  /** The flags that name the same network, from any folder. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    if (weights != null) {
      flags.add("--weights");
      flags.add(
          weights instanceof WeightsName.InFile file ? anywhere(file.path()) : weights.toString());
    }
    if (architecture != null) {
      flags.addAll(List.of("--arch", architecture.toString()));
    }
    flags.addAll(detailFlags());
    return flags;
  }

  /** The flags that say more of a network than which it is. */
  List<String> detailFlags() {
    List<String> flags = new ArrayList<>();
    if (key != null) {
      flags.addAll(List.of("--key", key));
    }
    if (rename != null) {
      flags.addAll(List.of("--rename", anywhere(rename)));
    }
    if (mean != null) {
      flags.addAll(List.of("--mean", joined(mean)));
    }
    if (std != null) {
      flags.addAll(List.of("--std", joined(std)));
    }
    if (zeroPad != null) {
      flags.addAll(List.of("--zero-pad", lowerCase(zeroPad)));
    }
    if (shortcutInput != null) {
      flags.addAll(List.of("--shortcut-input", lowerCase(shortcutInput)));
    }
    if (plain) {
      flags.add("--plain");
    }
    for (String assumption : assume == null ? List.<String>of() : assume) {
      flags.addAll(List.of("--assume", assumption));
    }
    return flags;
  }

  static String anywhere(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }

  private static String joined(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Whether a flag says more of a network than which it is. */
  boolean detailed() {
    return !detailFlags().isEmpty();
  }

  private Architecture named() {
    if (architecture == null) {
      throw new InvalidInputException(
          "no network: give --weights FILE, or --arch NAME for an untrained one");
    }
    return named(architecture);
  }

  private Architecture named(ArchitectureName name) {
    if (key != null) {
      throw new InvalidInputException("--key needs --weights: there is no file to look into");
    }
    if (rename != null) {
      throw new InvalidInputException("--rename needs --weights: there are no tensors to rename");
    }
    if (assume != null) {
      throw new InvalidInputException(
          "--assume needs --weights: a described network leaves nothing to assume");
    }
    Architecture.Builder builder = name.architecture().toBuilder();
    if (zeroPad != null) {
      builder = builder.zeroPadding(zeroPad.shortcut);
    }
    if (shortcutInput != null) {
      builder = builder.shortcutInput(shortcutInput);
    }
    if (plain) {
      builder = builder.plain(true);
    }
    if (hasNormalisation()) {
      builder = builder.normalisation(values(mean), values(std));
    }
    return builder.build();
  }

  private boolean hasNormalisation() {
    if ((mean == null) != (std == null)) {
      throw new InvalidInputException("--mean and --std go together: give both or neither");
    }
    return mean != null;
  }

  private static List<Double> values(@Nullable List<Double> values) {
    return values == null ? List.of() : values;
  }
}
