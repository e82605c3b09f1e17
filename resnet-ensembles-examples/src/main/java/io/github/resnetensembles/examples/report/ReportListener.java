package io.github.resnetensembles.examples.report;

import java.time.Duration;
import java.util.Optional;

/** Is told how far a report is. Calls come one after the other. */
public interface ReportListener {
  /**
   * Called when something was done.
   *
   * @param part the number of the part under way, from 1
   * @param parts how many parts there are
   * @param title what the part is, for people to read
   * @param done work done in this run, in block evaluations
   * @param total work in all, without what an earlier run has done
   * @param left how long the rest takes, learned from what this run has done; empty as long as that
   *     is too little
   */
  void onProgress(
      int part, int parts, String title, double done, double total, Optional<Duration> left);

  /**
   * Called when the report goes on although something is not as it should be: what was kept belongs
   * to something else, or a section has to be left out.
   *
   * @param message for people to read
   */
  void onNotice(String message);
}
