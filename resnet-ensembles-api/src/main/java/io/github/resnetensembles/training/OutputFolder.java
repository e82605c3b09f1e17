package io.github.resnetensembles.training;

import static java.util.Comparator.comparingLong;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import io.github.resnetensembles.internal.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of one training. */
record OutputFolder(Path folder, int kept) {
  private static final Pattern CHECKPOINT =
      Pattern.compile("checkpoint-([0-9]{9,18})\\.safetensors");

  /** What a process that was killed while writing leaves behind. */
  private static final Pattern LEFTOVER = Pattern.compile("\\..*\\.[0-9a-f-]{36}\\.part");

  void create() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw cannotUse(e);
    }
  }

  void requireNoCheckpoint() {
    List<Path> found = checkpoints();
    if (!found.isEmpty()) {
      throw new InvalidInputException(
          "%s holds checkpoints, the newest %s; resume that training, or name another folder"
              .formatted(folder, found.get(0).getFileName()));
    }
  }

  void removeLeftovers() {
    list(LEFTOVER).forEach(this::delete);
  }

  /** The newest checkpoint that is not damaged; null if there is none at all. */
  @Nullable Checkpoint newest(Map<String, String> identity, TrainingListener listener) {
    List<Path> found = checkpoints();
    for (Path file : found) {
      Checkpoint checkpoint;
      try {
        checkpoint = Checkpoint.read(file);
      } catch (InvalidInputException e) {
        listener.onNotice("passing over a damaged checkpoint: " + e.getMessage());
        continue;
      } catch (FileAccessException e) {
        // It may be readable again tomorrow; going on from an older one could remove it.
        throw new FileAccessException(
            e.getMessage() + ", or move it away to go on without it",
            Objects.requireNonNull(e.getCause()));
      }
      requireSame(file, checkpoint.identity(), identity);
      listener.onNotice("resuming after step " + checkpoint.place().steps() + " from " + file);
      return checkpoint;
    }
    if (!found.isEmpty()) {
      throw new InvalidInputException(
          "all %s checkpoints in %s are damaged; remove them to start from the beginning"
              .formatted(found.size(), folder));
    }
    return null;
  }

  /** Writes a checkpoint, then removes the oldest that are too many. */
  Path write(Checkpoint checkpoint) {
    Path file =
        folder.resolve(
            String.format(Locale.ROOT, "checkpoint-%09d.safetensors", checkpoint.place().steps()));
    checkpoint.write(file);
    checkpoints().stream().skip(kept).forEach(this::delete);
    return file;
  }

  void writeBest(Checkpoint checkpoint) {
    checkpoint.write(folder.resolve("best.safetensors"));
  }

  void writeEpochs(List<EpochRecord> epochs) {
    AtomicFiles.write(folder.resolve("epochs.csv"), TrainingHistory.csv(epochs));
  }

  void writeProbe(int epoch, String name, String json) {
    try {
      Path probes = Files.createDirectories(folder.resolve("probes"));
      AtomicFiles.write(
          probes.resolve(String.format(Locale.ROOT, "epoch-%04d-%s.json", epoch, name)), json);
    } catch (IOException e) {
      throw cannotUse(e);
    }
  }

  void writeResult(TrainingResult result) {
    result.weights().save(folder.resolve("weights.safetensors"));
    result.history().writeJson(folder.resolve("training.json"));
  }

  /** The newest first. */
  private List<Path> checkpoints() {
    return list(CHECKPOINT).stream().sorted(comparingLong(OutputFolder::steps).reversed()).toList();
  }

  private static long steps(Path file) {
    Matcher matcher = CHECKPOINT.matcher(file.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private List<Path> list(Pattern name) {
    try {
      return Unreadable.list(folder).stream()
          .filter(file -> name.matcher(file.getFileName().toString()).matches())
          .toList();
    } catch (IOException e) {
      throw cannotUse(e);
    }
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw cannotUse(e);
    }
  }

  private FileAccessException cannotUse(IOException e) {
    return new FileAccessException(
        "cannot use the folder %s: %s; make it writable, or name another folder"
            .formatted(Names.path(folder), FileNames.reason(e)),
        e);
  }

  private static void requireSame(Path file, Map<String, String> saved, Map<String, String> asked) {
    asked.forEach(
        (topic, value) -> {
          String other = saved.getOrDefault(topic, "missing");
          if (!other.equals(value)) {
            throw new InvalidInputException(
                "%s belongs to another training: %s; give what that one was given, or another folder"
                    .formatted(file, difference(topic, other, value)));
          }
        });
  }

  /** Of a JSON object, the first field that differs. */
  private static String difference(String topic, String saved, String asked) {
    if (!asked.startsWith("{") || !saved.startsWith("{")) {
      return topic + " is " + Names.shorten(saved) + " there and " + Names.shorten(asked) + " here";
    }
    JsonObject there = JsonParser.parseString(saved).getAsJsonObject();
    for (Map.Entry<String, JsonElement> field :
        JsonParser.parseString(asked).getAsJsonObject().entrySet()) {
      String other = String.valueOf(there.get(field.getKey()));
      if (!other.equals(field.getValue().toString())) {
        return difference(topic + "." + field.getKey(), other, field.getValue().toString());
      }
    }
    return topic + " is " + Names.shorten(saved) + " there and " + Names.shorten(asked) + " here";
  }
}
