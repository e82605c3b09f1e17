package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file of a network's outputs. */
final class OutputsFile {
  private static final String INPUT = "input";
  private static final String LOGITS = "logits";
  private static final String STEM = "stem";
  private static final Pattern BLOCK = Pattern.compile("block\\.([1-9][0-9]{0,4})");

  private OutputsFile() {}

  static RecordedOutputs read(Path file) {
    byte[] bytes = FileContent.read(file).bytes();
    if (!SafetensorsFile.recognises(bytes)) {
      throw new InvalidWeightsException(
          "this is no safetensors file; save the outputs with safetensors.torch.save_file");
    }
    ReadBudget budget = new ReadBudget(bytes.length);
    @Nullable NamedTensor input = null;
    @Nullable NamedTensor logits = null;
    Map<Integer, NamedTensor> outputs = new TreeMap<>();
    for (Map.Entry<String, TensorFile.Entry> entry :
        SafetensorsFile.parse(bytes).tensors().entrySet()) {
      String name = entry.getKey();
      Matcher block = BLOCK.matcher(name);
      NamedTensor tensor = decoded(name, entry.getValue().tensor(name), budget);
      if (name.equals(INPUT)) {
        input = tensor;
      } else if (name.equals(LOGITS)) {
        logits = tensor;
      } else if (name.equals(STEM)) {
        outputs.put(0, tensor);
      } else if (block.matches()) {
        outputs.put(Integer.valueOf(block.group(1)), tensor);
      } else {
        throw new InvalidWeightsException(
            "the tensor '%s' is none of input, stem, block.1, block.2 ... and logits"
                .formatted(Names.shorten(name)));
      }
    }
    if (input == null) {
      throw new InvalidWeightsException(
          "there is no tensor 'input': the images as the network sees them, after normalisation");
    }
    return new RecordedOutputs(
        String.valueOf(file.getFileName()), input, outputs, Optional.ofNullable(logits));
  }

  private static NamedTensor decoded(String name, StoredTensor tensor, ReadBudget budget) {
    if (!tensor.type().floating()) {
      throw new InvalidWeightsException(
          "%s has the type %s, not a floating one".formatted(Names.shorten(name), tensor.type()));
    }
    budget.take(tensor.decodedBytes(), name);
    NamedTensor values = tensor.decode(name, tensor.shape());
    for (double value : values.doubles()) {
      if (!Double.isFinite(value)) {
        throw new InvalidWeightsException(
            "%s has the value %s, which is not finite".formatted(Names.shorten(name), value));
      }
    }
    return values;
  }
}
