package io.github.resnetensembles.weights;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.FileKind;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one file: format, names, network, values, each step checked before the next. */
record FileLoader(
    Path file,
    @Nullable String key,
    @Nullable Architecture given,
    RenameRules rules,
    @Nullable Shortcut padding,
    @Nullable ShortcutInput input,
    @Nullable List<Double> mean,
    @Nullable List<Double> std,
    @Nullable Boolean lacksSkips,
    Map<Assumption, String> assumed)
    implements Weights.Loader {
  private static final int MAX_ARCHITECTURE = 2_000_000;
  private static final int FAULTS_SHOWN = 5;

  static FileLoader of(Path file) {
    return new FileLoader(
        file, null, null, RenameRules.none(), null, null, null, null, null, Map.of());
  }

  @Override
  public FileLoader key(String name) {
    if (name.isEmpty()) {
      throw new InvalidInputException("the key of a dictionary is not empty");
    }
    return new FileLoader(file, name, given, rules, padding, input, mean, std, lacksSkips, assumed);
  }

  @Override
  public FileLoader architecture(Architecture architecture) {
    return new FileLoader(
        file, key, architecture, rules, padding, input, mean, std, lacksSkips, assumed);
  }

  @Override
  public FileLoader rename(RenameRules rules) {
    return new FileLoader(file, key, given, rules, padding, input, mean, std, lacksSkips, assumed);
  }

  @Override
  public FileLoader zeroPadding(Shortcut shortcut) {
    if (!shortcut.zeroPadding()) {
      throw new InvalidInputException(
          shortcut + " is not a kind of zero-padding; give ZERO_PAD_EVEN or ZERO_PAD_END");
    }
    return new FileLoader(file, key, given, rules, shortcut, input, mean, std, lacksSkips, assumed);
  }

  @Override
  public FileLoader shortcutInput(ShortcutInput shortcutInput) {
    return new FileLoader(
        file, key, given, rules, padding, shortcutInput, mean, std, lacksSkips, assumed);
  }

  @Override
  public FileLoader normalisation(List<Double> mean, List<Double> std) {
    return new FileLoader(
        file,
        key,
        given,
        rules,
        padding,
        input,
        List.copyOf(mean),
        List.copyOf(std),
        lacksSkips,
        assumed);
  }

  @Override
  public FileLoader plain(boolean plain) {
    return new FileLoader(file, key, given, rules, padding, input, mean, std, plain, assumed);
  }

  @Override
  public FileLoader assume(String key, String value) {
    Assumption assumption = Assumption.of(key);
    assumption.check(value);
    Map<Assumption, String> more = new EnumMap<>(Assumption.class);
    more.putAll(assumed);
    if (more.put(assumption, value) != null) {
      throw new InvalidInputException("%s is assumed twice; say it once".formatted(key));
    }
    return new FileLoader(
        file, this.key, given, rules, padding, input, mean, std, lacksSkips, more);
  }

  @Override
  public Weights load() {
    if (input != null && assumed.containsKey(Assumption.SHORTCUT_INPUT)) {
      throw new InvalidInputException(
          "what shortcuts see is said twice, by the setting and by the assumption %s; say it once"
              .formatted(Assumption.SHORTCUT_INPUT.key()));
    }
    try {
      FileContent content = FileContent.read(file);
      byte[] bytes = content.bytes();
      ReadBudget budget = new ReadBudget(bytes.length);
      if (ZipCheckpoint.recognises(bytes)) {
        return assemble(ZipCheckpoint.parse(bytes, budget, key), content, budget);
      }
      if (LegacyCheckpoint.recognises(bytes)) {
        return assemble(LegacyCheckpoint.parse(bytes, budget, key), content, budget);
      }
      if (SafetensorsFile.recognises(bytes)) {
        if (key != null) {
          throw new InvalidWeightsException(
              "this is a safetensors file, which has no dictionaries: leave the key '%s' out"
                  .formatted(Names.shorten(key)));
        }
        return assemble(SafetensorsFile.parse(bytes), content, budget);
      }
      throw new InvalidWeightsException(
          (bytes.length == 0
                  ? "the file is empty"
                  : FileKind.describe(bytes).orElse("the file is of no known kind"))
              + "; give a safetensors file or a checkpoint of torch.save");
    } catch (InvalidWeightsException e) {
      throw new InvalidWeightsException(Names.oneLine(Names.path(file) + ": " + e.getMessage()), e);
    }
  }

  /** What a file that was read holds. */
  Weights assemble(TensorFile parsed, FileContent content, ReadBudget budget) {
    String source = Names.oneLine(String.valueOf(file.getFileName()), Names.MAX_KEPT);
    return assemble(parsed, content, budget, source);
  }

  /** What was read holds, wherever it comes from. */
  Weights assemble(TensorFile parsed, FileContent content, ReadBudget budget, String source) {
    @Nullable String description = parsed.metadata().get(OwnFormat.ARCHITECTURE);
    Map<String, TensorFile.Entry> stored = new LinkedHashMap<>(parsed.tensors());
    boolean trained = true;
    @Nullable Architecture own = null;
    if (description != null) {
      OwnFormat.checkFormat(parsed.metadata());
      trained = OwnFormat.trained(parsed.metadata());
      stored.keySet().removeIf(name -> OwnFormat.beside(name).isPresent());
      own = describedBy(description);
    }
    Assumptions assumptions = new Assumptions(assumptions());
    TensorNames.Recognised recognised = TensorNames.recognise(stored, rules, assumptions);
    Architecture network = own;
    if (given != null) {
      network = given;
    } else if (network == null) {
      network = ArchitectureInference.infer(recognised, assumptions);
    }
    assumptions.checkAllAsked(assumed.keySet());
    network = withSettings(network, given == null && own == null);
    Map<String, NamedTensor> tensors = check(network, recognised.tensors(), budget);
    return ArrayWeights.ofFile(
        network,
        tensors,
        content.sha256(),
        trained,
        source,
        assumptions.answers(),
        // A copy: a view would keep the file's bytes.
        ImmutableMap.copyOf(Maps.transformValues(recognised.tensors(), StoredTensor::origins)));
  }

  /** Those that were said as settings, too. */
  private Map<Assumption, String> assumptions() {
    Map<Assumption, String> all = new EnumMap<>(Assumption.class);
    all.putAll(assumed);
    if (input != null) {
      all.put(Assumption.SHORTCUT_INPUT, input == ShortcutInput.ACTIVATED ? "activated" : "raw");
    }
    return all;
  }

  private static Architecture describedBy(String json) {
    if (json.length() > MAX_ARCHITECTURE) {
      throw new InvalidWeightsException(
          "the description of the network has %s characters; at most %s are read"
              .formatted(json.length(), MAX_ARCHITECTURE));
    }
    try {
      return Architecture.fromJson(json);
    } catch (InvalidJsonException e) {
      throw new InvalidWeightsException(
          "the description of the network in the file is damaged: " + e.getMessage(), e);
    }
  }

  private Architecture withSettings(Architecture network, boolean inferred) {
    try {
      Architecture.Builder builder = network.toBuilder();
      if (padding != null) {
        builder = builder.zeroPadding(padding);
      }
      if (input != null) {
        builder = builder.shortcutInput(input);
      }
      if (mean != null && std != null) {
        builder = builder.normalisation(mean, std);
      }
      if (lacksSkips != null) {
        builder = builder.plain(lacksSkips);
      }
      Architecture changed = builder.build();
      return inferred
          ? changed.toBuilder().name(ArchitectureNames.nameOf(changed)).build()
          : changed;
    } catch (IllegalArgumentException e) {
      throw new InvalidWeightsException(
          "the settings do not fit " + network.name() + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, NamedTensor> check(
      Architecture network, Map<String, StoredTensor> stored, ReadBudget budget) {
    if (network.opaque()) {
      throw new InvalidWeightsException(
          network.name() + " has blocks of the user's own, whose tensors no file describes");
    }
    List<String> faults = new ArrayList<>();
    Map<String, StoredTensor> extra = new LinkedHashMap<>(stored);
    for (ParameterSpec parameter : network.parameters()) {
      String fault = misfit(parameter, extra.remove(parameter.name()));
      if (!fault.isEmpty()) {
        faults.add(fault);
      }
    }
    extra.forEach((name, tensor) -> faults.add(Names.shorten(name) + " is not part of it"));

    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : network.parameters()) {
      StoredTensor tensor = stored.get(parameter.name());
      if (tensor != null && misfit(parameter, tensor).isEmpty()) {
        budget.take(tensor.decodedBytes(), parameter.name());
        NamedTensor values = tensor.decode(parameter.name(), parameter.shape());
        boolean variance = parameter.role() == ParameterSpec.Role.RUNNING_VARIANCE;
        Double wrong = firstOutside(values, variance ? 0 : Double.NEGATIVE_INFINITY);
        if (wrong != null) {
          faults.add(
              "%s has the value %s".formatted(parameter.name(), wrong)
                  + (wrong < 0 && variance
                      ? ", but variances are not negative"
                      : ", which is not finite in float32"));
        }
        tensors.put(parameter.name(), values);
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidWeightsException(
          ("the tensors do not fit the network %s: %s (give another architecture or"
                  + " rename rules, or get the file again)")
              .formatted(network.name(), TensorNames.list(faults, FAULTS_SHOWN)));
    }
    return tensors;
  }

  private static String misfit(ParameterSpec parameter, @Nullable StoredTensor tensor) {
    if (tensor == null) {
      return parameter.name() + " is missing";
    }
    if (!tensor.fits(parameter.shape())) {
      return "%s has the shape %s where %s is due"
          .formatted(parameter.name(), tensor.shape(), parameter.shape());
    }
    if (!tensor.type().floating()) {
      return parameter.name() + " has the type " + tensor.type() + ", not a floating one";
    }
    return "";
  }

  /** The first value that is not finite in float32, or below the given bound; null if none is. */
  private static @Nullable Double firstOutside(NamedTensor tensor, double lowest) {
    for (double value : tensor.doubles()) {
      if (!Float.isFinite((float) value) || value < lowest) {
        return value;
      }
    }
    return null;
  }
}
