package io.github.resnetensembles.result;

import java.util.function.Consumer;

/**
 * The builder behind {@link Provenance.Run#builder()}. Its fields change only before anybody else
 * sees it.
 */
final class RunBuilder implements Provenance.Run.Builder {
  private static final String UNKNOWN = "unknown";

  private String libraryVersion = UNKNOWN;
  private String backend = UNKNOWN;
  private String engine = UNKNOWN;
  private String device = UNKNOWN;
  private int threads = 1;
  private String java = System.getProperty("java.runtime.version", UNKNOWN);
  private String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
  private double seconds;
  private long blockEvaluations;

  private RunBuilder() {}

  static RunBuilder create() {
    return new RunBuilder();
  }

  static RunBuilder of(Provenance.Run run) {
    RunBuilder builder = new RunBuilder();
    builder.libraryVersion = run.libraryVersion();
    builder.backend = run.backend();
    builder.engine = run.engine();
    builder.device = run.device();
    builder.threads = run.threads();
    builder.java = run.java();
    builder.system = run.system();
    builder.seconds = run.seconds();
    builder.blockEvaluations = run.blockEvaluations();
    return builder;
  }

  /** A changed copy, if it is a valid run. */
  private RunBuilder with(Consumer<RunBuilder> change) {
    RunBuilder copy = of(build());
    change.accept(copy);
    return of(copy.build());
  }

  @Override
  public RunBuilder libraryVersion(String libraryVersion) {
    return with(copy -> copy.libraryVersion = libraryVersion);
  }

  @Override
  public RunBuilder backend(String backend) {
    return with(copy -> copy.backend = backend);
  }

  @Override
  public RunBuilder engine(String engine) {
    return with(copy -> copy.engine = engine);
  }

  @Override
  public RunBuilder device(String device) {
    return with(copy -> copy.device = device);
  }

  @Override
  public RunBuilder threads(int threads) {
    return with(copy -> copy.threads = threads);
  }

  @Override
  public RunBuilder java(String java) {
    return with(copy -> copy.java = java);
  }

  @Override
  public RunBuilder system(String system) {
    return with(copy -> copy.system = system);
  }

  @Override
  public RunBuilder seconds(double seconds) {
    return with(copy -> copy.seconds = seconds);
  }

  @Override
  public RunBuilder blockEvaluations(long blockEvaluations) {
    return with(copy -> copy.blockEvaluations = blockEvaluations);
  }

  @Override
  public Provenance.Run build() {
    return new MachineRun(
        libraryVersion, backend, engine, device, threads, java, system, seconds, blockEvaluations);
  }
}
