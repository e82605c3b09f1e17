package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTask;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A study of eight pieces, one of which may do as it likes. */
record SmallSetup(Behaviour first) implements Setup {
  private static final long serialVersionUID = 1;

  /** How often the first piece was begun. */
  static final AtomicInteger TRIED = new AtomicInteger();

  enum Behaviour {
    WORKS,
    REFUSES,
    BREAKS,
    IS_SLOW,
    IS_NOT_THERE
  }

  @Override
  public Opened open() {
    if (first == Behaviour.IS_NOT_THERE) {
      throw new InvalidInputException("no weights here");
    }
    ResidualModel model = model();
    StudyTasks<LesionReport> study = new Changed(study(model), first);
    return new Opened() {
      @Override
      public List<StudyTasks<?>> studies() {
        return List.of(study);
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }

  static ResidualModel model() {
    return ResidualModel.open(
        Backends.load("djl"),
        Weights.pretrained("preresnet-20"),
        ModelOptions.defaults().withThreads(1));
  }

  static LesionStudy lesions(ResidualModel model) {
    return model.lesions().deleteEachBlock().options(RunOptions.defaults().withBatchSize(5));
  }

  static StudyTasks<LesionReport> study(ResidualModel model) {
    return StudyTasks.cut(lesions(model), ImageSets.builtIn().limit(40), 300);
  }

  /** A study whose first piece is another. */
  private record Changed(StudyTasks<LesionReport> study, Behaviour first)
      implements StudyTasks<LesionReport> {
    @Override
    public String key() {
      return study.key();
    }

    @Override
    public String description() {
      return study.description();
    }

    @Override
    public Class<LesionReport> type() {
      return study.type();
    }

    @Override
    public Provenance provenance() {
      return study.provenance();
    }

    @Override
    public List<StudyTask<LesionReport>> tasks() {
      List<StudyTask<LesionReport>> all = new ArrayList<>(study.tasks());
      all.set(0, new FirstTask<>(all.get(0), first));
      return all;
    }

    @Override
    public long wholeCost() {
      return study.wholeCost();
    }

    @Override
    public LesionReport merge(List<LesionReport> results) {
      return study.merge(results);
    }
  }

  private record FirstTask<R extends Result>(StudyTask<R> task, Behaviour behaviour)
      implements StudyTask<R> {
    @Override
    public String key() {
      return task.key();
    }

    @Override
    public String study() {
      return task.study();
    }

    @Override
    public String description() {
      return task.description();
    }

    @Override
    public long cost() {
      return task.cost();
    }

    @Override
    public Class<R> type() {
      return task.type();
    }

    @Override
    public R run(ProgressListener listener) {
      int unused = TRIED.incrementAndGet();
      return switch (behaviour) {
        case REFUSES -> throw new InvalidInputException("these images are not to be had");
        case BREAKS -> throw new IllegalStateException("too deep");
        case IS_SLOW -> slowly();
        default -> task.run(listener);
      };
    }

    private R slowly() {
      try {
        Thread.sleep(60_000);
        throw new AssertionError("nobody interrupted");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RunInterruptedException("interrupted");
      }
    }
  }
}
