package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.examples.cli.CommandStudy;
import io.github.resnetensembles.run.StudyTasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkFiles;

/**
 * The study of a command line.
 *
 * @param arguments the command and its flags; files are absolute
 * @param shipped the names under which Spark has copied files to the executors
 */
record CommandSetup(List<String> arguments, Map<String, String> shipped) implements Setup {
  private static final long serialVersionUID = 1;

  CommandSetup {
    arguments = List.copyOf(arguments);
    shipped = Map.copyOf(shipped);
  }

  @Override
  public Opened open() {
    CommandStudy study = CommandStudy.open(CommandStudy.located(arguments, this::here));
    return new Opened() {
      @Override
      public List<StudyTasks<?>> studies() {
        return study.studies();
      }

      @Override
      public void close() {
        study.close();
      }
    };
  }

  private Path here(Path file) {
    String name = shipped.get(file.toString());
    return name == null ? file : Path.of(SparkFiles.get(name));
  }
}
