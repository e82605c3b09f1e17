package io.github.resnetensembles.run;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A store in a folder: {@code store.json} says that it is one, {@code studies/KEY.json} who
 * computes a study, {@code results/STUDY/} has its results, {@code claims/} what is being computed,
 * {@code failures/} what failed.
 */
final class FolderStore implements ResultStore {
  private static final int SCHEMA = 1;
  private static final String KIND = "result-store";
  private static final Interrupts INTERRUPTS = Interrupts.during("a store was looked at");

  /** So many first letters of a key are a folder: nobody likes ten thousand files in one. */
  private static final int PREFIX = 2;

  private final Path folder;
  private final Set<StoreOption> options;

  /** Of files that were seen; nobody takes them away. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private FolderStore(Path folder, Set<StoreOption> options) {
    this.folder = folder;
    this.options = options;
  }

  /** As {@link ResultStore#open}. */
  static FolderStore open(Path folder, List<StoreOption> options) {
    FolderStore store = new FolderStore(folder, Set.copyOf(options));
    Path description = folder.resolve("store.json");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(description)) {
        if (Unreadable.list(folder).stream().anyMatch(FolderStore::isForeign)) {
          throw new InvalidInputException(
              "the folder %s holds something else than a store of results; name another one"
                  .formatted(Names.path(folder)));
        }
        JsonObject json = new JsonObject();
        json.addProperty("kind", KIND);
        json.addProperty("schema", SCHEMA);
        AtomicFiles.write(description, JsonNode.write(json) + "\n");
      }
      JsonNode unused =
          JsonNode.parse(Files.readString(description), Names.path(description))
              .ofKind(KIND, SCHEMA);
      return store;
    } catch (IOException e) {
      throw cannotUse(folder, e);
    }
  }

  /** What begins with a dot may be the description that another process is about to write. */
  private static boolean isForeign(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".") && !name.equals("store.json");
  }

  private static FileAccessException cannotUse(Path folder, IOException e) {
    return new FileAccessException(
        "cannot use the store %s: %s; make it readable and writable, or name another folder"
            .formatted(Names.path(folder), FileNames.reason(e)),
        e);
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Set<StoreOption> options() {
    return options;
  }

  @Override
  public void bind(StudyTasks<?> study) {
    Path file = file("studies", study.key(), ".json");
    if (!Files.exists(file)) {
      JsonObject json = new JsonObject();
      json.addProperty("study", study.description());
      json.addProperty("kind", study.type().getSimpleName());
      json.addProperty("wholeCost", study.wholeCost());
      json.add("provenance", JsonNode.tree(Provenance.class, study.provenance()));
      write(file, JsonNode.write(json));
    }
    try {
      Bindings.check(provenance(file), study.provenance(), options.contains(StoreOption.MIXED));
    } catch (MergeException e) {
      throw new MergeException(
          ("the store %s has results of: %s, which do not go with those of this run: %s; use another"
                  + " store, or let it be mixed (--mixed, StoreOption.MIXED) if it is about last bits"
                  + " alone")
              .formatted(Names.path(folder), study.description(), e.getMessage()),
          e);
    }
  }

  private static Provenance provenance(Path file) {
    try {
      return JsonNode.parse(Files.readString(file), Names.path(file))
          .get("provenance")
          .as(Provenance.class);
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  private static void write(Path file, String text) {
    createParent(file);
    AtomicFiles.write(file, text + "\n");
  }

  private static void createParent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    try {
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException e) {
      throw new FileAccessException(
          "cannot write %s: %s".formatted(Names.path(file), FileNames.reason(e)), e);
    }
  }

  private Path file(String kind, String key, String suffix) {
    return folder.resolve(kind).resolve(key + suffix);
  }

  private Path result(StudyTask<?> task) {
    return folder
        .resolve("results")
        .resolve(task.study())
        .resolve(task.key().substring(0, PREFIX))
        .resolve(task.key() + ResultFile.SUFFIX);
  }

  @Override
  public boolean has(StudyTask<?> task) {
    if (seen.contains(task.key())) {
      return true;
    }
    boolean there = Files.exists(result(task));
    if (there) {
      seen.add(task.key());
    }
    return there;
  }

  @Override
  public <R extends Result> Optional<R> find(StudyTask<R> task) {
    return read(task, open -> open.read(task.type()));
  }

  /** What is read from an open file. */
  private interface Reading<T> {
    T from(ResultFile open) throws ResultFile.DamagedException;
  }

  /** Reads a result in some way; what is damaged is not there. */
  private <T> Optional<T> read(StudyTask<?> task, Reading<T> reading) {
    Path file = result(task);
    try {
      Optional<ResultFile> found = ResultFile.open(file);
      if (found.isEmpty()) {
        seen.remove(task.key());
        return Optional.empty();
      }
      try (ResultFile open = found.get()) {
        return Optional.of(reading.from(open));
      }
    } catch (ResultFile.DamagedException e) {
      remove(file);
      seen.remove(task.key());
      return Optional.empty();
    }
  }

  @Override
  public <R extends Result> void put(StudyTask<R> task, R result) {
    Path file = result(task);
    createParent(file);
    ResultFile.write(file, result);
    remove(file("failures", task.key(), ".json"));
    seen.add(task.key());
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FileAccessException(
          "cannot remove %s: %s".formatted(Names.path(file), FileNames.reason(e)), e);
    }
  }

  @Override
  public <R extends Result> List<StudyTask<R>> missing(StudyTasks<R> study) {
    return study.tasks().stream().filter(task -> !has(task)).toList();
  }

  @Override
  public <R extends Result> R merge(StudyTasks<R> study) {
    List<R> results = new ArrayList<>();
    for (StudyTask<R> task : study.tasks()) {
      INTERRUPTS.check(results.size());
      find(task).ifPresent(results::add);
    }
    if (results.isEmpty()) {
      throw nothingOf(study);
    }
    return study.merge(results);
  }

  private MergeException nothingOf(StudyTasks<?> study) {
    return new MergeException(
        "the store %s has no result of: %s".formatted(Names.path(folder), study.description()));
  }

  @Override
  public <R extends Result> void mergeTo(StudyTasks<R> study, Path file) {
    try {
      write(study, file);
    } catch (ResultFile.DamagedException e) {
      // Reading each removes what is damaged in ways that no checksum shows.
      for (StudyTask<R> task : study.tasks()) {
        INTERRUPTS.check();
        Optional<R> unused = find(task);
      }
      try {
        write(study, file);
      } catch (ResultFile.DamagedException again) {
        throw new FileAccessException(
            "cannot merge what the store %s has of %s: %s; check the disk or network that it lies on"
                .formatted(Names.path(folder), study.description(), again.getMessage()),
            new IOException(again));
      }
    }
  }

  private <R extends Result> void write(StudyTasks<R> study, Path file)
      throws ResultFile.DamagedException {
    Optional<FileMerging> merging =
        study instanceof CutStudy<R> cut ? cut.fileMerging().map(Supplier::get) : Optional.empty();
    if (merging.isEmpty() || !merge(study, merging.get(), file)) {
      ResultFile.write(file, merge(study));
    }
  }

  private boolean merge(StudyTasks<?> study, FileMerging merging, Path file)
      throws ResultFile.DamagedException {
    boolean any = false;
    for (StudyTask<?> task : study.tasks()) {
      INTERRUPTS.check();
      any |=
          read(
                  task,
                  open -> {
                    merging.add(result(task), open);
                    return true;
                  })
              .isPresent();
    }
    if (!any) {
      throw nothingOf(study);
    }
    Path temporary = folder.resolve(".merging-" + UUID.randomUUID());
    try {
      Files.createDirectory(temporary);
      try {
        return merging.write(file, temporary);
      } finally {
        MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      throw cannotUse(folder, e);
    }
  }

  @Override
  public Optional<Claim> claim(StudyTask<?> task) {
    Path file = file("claims", task.key(), "");
    createParent(file);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return Optional.of(HeldClaim.of(file, channel));
        }
      } catch (OverlappingFileLockException e) {
        // Another thread of this process has it.
      } catch (IOException e) {
        // A file system without locks: two may do the same, which harms nobody.
        return Optional.of(HeldClaim.of(file, channel));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      // An interrupt closes the channel.
      INTERRUPTS.check();
      throw new FileAccessException(
          "cannot write %s: %s".formatted(Names.path(file), FileNames.reason(e)), e);
    }
  }

  /** A file with a byte for each time that the task was taken; who finishes it removes it. */
  private record HeldClaim(Path file, FileChannel channel, int taken) implements Claim {
    static HeldClaim of(Path file, FileChannel channel) throws IOException {
      long before = channel.size();
      channel.write(ByteBuffer.wrap(new byte[] {'.'}), before);
      return new HeldClaim(file, channel, (int) Math.min(Integer.MAX_VALUE, before + 1));
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
        channel.close();
      } catch (IOException e) {
        // The claim ends with the process at the latest.
      }
    }
  }

  @Override
  public List<String> failures(StudyTask<?> task) {
    Path file = file("failures", task.key(), ".json");
    try {
      return JsonNode.parse(Files.readString(file), Names.path(file))
          .get("reasons")
          .list(JsonNode::text);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    } catch (InvalidJsonException e) {
      // What somebody else wrote there tells nothing of the task.
      return List.of();
    }
  }

  @Override
  public void failed(StudyTask<?> task, String reason) {
    JsonArray reasons = new JsonArray();
    failures(task).forEach(reasons::add);
    reasons.add(Names.oneLine(reason, Names.MAX_KEPT));
    JsonObject json = new JsonObject();
    json.addProperty("task", task.description());
    json.add("reasons", reasons);
    write(file("failures", task.key(), ".json"), JsonNode.write(json));
  }

  @Override
  public void forgetFailures(StudyTasks<?> study) {
    for (StudyTask<?> task : missing(study)) {
      remove(file("failures", task.key(), ".json"));
      remove(file("claims", task.key(), ""));
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
