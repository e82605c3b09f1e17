package io.github.resnetensembles.examples.report;

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
   */
  void onProgress(int part, int parts, String title, double done, double total);

  /**
   * Called when the report goes on although something is not as it should be: what was kept belongs
   * to something else, or a section has to be left out.
   *
   * @param message for people to read
   */
  void onNotice(String message);
}
