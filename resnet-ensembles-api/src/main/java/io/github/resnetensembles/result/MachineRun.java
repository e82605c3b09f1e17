package io.github.resnetensembles.result;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.lang.reflect.Type;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run whose texts fit into lines. */
@MappedBy(MachineRun.Json.class)
record MachineRun(
    String libraryVersion,
    String backend,
    String engine,
    String engineBuild,
    String instructions,
    String device,
    int threads,
    String java,
    String system,
    double seconds,
    long blockEvaluations)
    implements Provenance.Run {
  private static final String UNKNOWN = "unknown";

  /** A run of no time and no work on one thread of this JVM and system. */
  MachineRun() {
    this(
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        1,
        System.getProperty("java.runtime.version", UNKNOWN),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        0,
        0);
  }

  MachineRun {
    libraryVersion = line("libraryVersion", libraryVersion);
    backend = line("backend", backend);
    engine = line("engine", engine);
    engineBuild = line("engineBuild", engineBuild);
    instructions = line("instructions", instructions);
    device = line("device", device);
    java = line("java", java);
    system = line("system", system);
    Require.atLeast(1, "threads", threads);
    seconds = Require.finiteAtLeastZero("seconds", seconds);
    Require.atLeast(0, "blockEvaluations", blockEvaluations);
  }

  private static String line(String what, String text) {
    Require.present(what, text);
    return Names.oneLine(text, Names.MAX_KEPT);
  }

  /** Older results do not say all of what computed them. */
  static final class Json extends RecordMapping<MachineRun> {
    private static final Set<String> LATER = Set.of("engineBuild", "instructions");

    Json() {
      super(MachineRun.class);
    }

    @Override
    protected @Nullable Object missing(String field, Type fieldType, JsonNode node) {
      return LATER.contains(field) ? UNKNOWN : super.missing(field, fieldType, node);
    }
  }
}
