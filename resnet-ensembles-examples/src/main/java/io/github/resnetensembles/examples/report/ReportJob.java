package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection.Kind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A report to be made: networks are trained, studied and laid out. Every piece of work is kept as
 * soon as it is finished. The same job gives the same page, however often it was interrupted.
 *
 * @param subject the network that it is about
 * @param images what the networks see
 * @param scale how much work it is
 * @param sections those wanted
 * @param exclusion the blocks that random lesions leave alone; unless given, random deletions leave
 *     those alone that the authors' figure leaves out ({@link Exclusion#published}), where two
 *     blocks or more remain, and other random lesions none
 * @param seed of everything random
 * @param engine what computes
 */
public record ReportJob(
    Subject subject,
    ReportImages images,
    ReportScale scale,
    Set<Kind> sections,
    Optional<Exclusion> exclusion,
    long seed,
    Engine engine) {
  /** The sections that compare networks which were trained in the same way. */
  private static final Set<Kind> NEED_TRAINING =
      EnumSet.of(Kind.EFFECTIVE_PATHS, Kind.STOCHASTIC_DEPTH);

  /**
   * Checks that there is something to do.
   *
   * @param subject the network that it is about
   * @param images what the networks see
   * @param scale how much work it is
   * @param sections those wanted
   * @param exclusion the blocks that random lesions leave alone
   * @param seed of everything random
   * @param engine what computes
   * @throws InvalidInputException if there is no section, a network is to be trained without
   *     training images, or there are too few images, or all of one class
   */
  public ReportJob {
    if (sections.isEmpty()) {
      throw new InvalidInputException("a report needs at least one section");
    }
    sections = EnumSet.copyOf(sections);
    exclusion.ifPresent(
        given -> {
          Set<Integer> unused = given.blocks(subject.architecture());
        });
    if (subject instanceof Subject.Trained && images.training().isEmpty()) {
      throw new InvalidInputException("a network cannot be trained without training images");
    }
    images.check(Math.min(scale.testImages(), Math.min(scale.drawnImages(), scale.valueImages())));
  }

  /** Whether the network is of blocks that the library does not know inside. */
  boolean runsAsItIs() {
    return subject.architecture().opaque();
  }

  /** The sections that were asked for and cannot be there. */
  Set<Kind> leftOut() {
    Set<Kind> leftOut = EnumSet.noneOf(Kind.class);
    if (subject instanceof Subject.Given given) {
      leftOut.addAll(NEED_TRAINING);
      given.controls().forEach(control -> leftOut.remove(control.section()));
    }
    if (images.training().isEmpty() || runsAsItIs()) {
      leftOut.add(Kind.RECALIBRATION);
    }
    leftOut.retainAll(sections);
    return leftOut;
  }

  /** The sections that were asked for and can be there. */
  Set<Kind> possible() {
    Set<Kind> possible = EnumSet.copyOf(sections);
    possible.removeAll(leftOut());
    return possible;
  }

  /**
   * Does the work and writes {@code report.html} and the data behind it.
   *
   * @param folder created if it does not exist. Besides the page and its data it gets trained
   *     networks in {@code networks}, the parts' results in {@code parts}, and finished pieces of
   *     them in {@code store}
   * @param resume whether a report that the folder holds is gone on with
   * @param listener told about progress
   * @return what the page says
   * @throws InvalidInputException if the folder holds a report and is not to be gone on with, or
   *     something does not fit
   * @throws io.github.resnetensembles.FileAccessException if the folder cannot be written, or a
   *     file of images not be read
   * @throws io.github.resnetensembles.RunInterruptedException if the thread was interrupted;
   *     finished parts are kept
   */
  public Report run(Path folder, boolean resume, ReportListener listener) {
    return new ReportRun(this, folder, resume, listener).run();
  }

  /**
   * Takes the next missing piece of the job's studies until none is left, and writes no report: for
   * a process that helps another, which runs the job with an {@linkplain Pieces#executor executor}
   * on the same folders.
   *
   * @param folder of the report
   * @param listener told of what is not as it should be
   * @throws InvalidInputException if a network that is to be trained has not been, or something
   *     does not fit
   * @throws io.github.resnetensembles.FileAccessException if the store cannot be written, or a file
   *     of images not be read
   * @throws io.github.resnetensembles.RunInterruptedException if the thread was interrupted;
   *     finished pieces are kept
   */
  public void workOnPieces(Path folder, ReportListener listener) {
    new ReportRun(this, folder, true, listener).workOnPieces();
  }
}
