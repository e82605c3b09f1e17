package io.github.resnetensembles.examples.cli;

import java.util.concurrent.Callable;

/** A command whose studies can be run in pieces, here or elsewhere. */
interface PiecewiseCommand extends Callable<Integer> {
  /** What it runs, by its flags. */
  StudyRun studies();

  @Override
  default Integer call() {
    return studies().run();
  }
}
