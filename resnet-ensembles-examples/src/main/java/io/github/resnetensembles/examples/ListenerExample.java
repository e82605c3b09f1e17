package io.github.resnetensembles.examples;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/** A study says how far it is, is interrupted, and hands over what it had finished. */
public final class ListenerExample {
  private ListenerExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    // region guide
    Thread study = Thread.currentThread();
    RunOptions options =
        RunOptions.defaults()
            .withBatchSize(20)
            .withListener(
                progress -> { // after every batch, from any thread
                  out.println(progress.done() + " of " + progress.total() + " block evaluations");
                  if (progress.images() >= 40) {
                    study.interrupt(); // any thread may, a window's button for one
                  }
                });
    ImageSet images = ImageSets.builtIn().limit(1000);
    try (ResidualModel model = ResidualModel.open(Weights.pretrained("preresnet-20"))) {
      LesionReport each = model.lesions().deleteEachBlock().options(options).run(images);
      out.println(each.complete());
    } catch (StudyInterruptedException e) {
      out.println(e.getMessage());
      out.println("cleared " + Thread.interrupted()); // the flag was set again
      LesionReport some = e.partialReport().orElseThrow(); // fewer images, all rows
      out.println("complete " + some.complete() + ", images " + some.rows().get(0).total());
    }
    // endregion
  }
}
