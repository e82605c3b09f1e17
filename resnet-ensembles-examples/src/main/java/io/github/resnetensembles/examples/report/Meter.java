package io.github.resnetensembles.examples.report;

/** How far all parts are together. What an earlier run has done counts nothing. */
final class Meter {
  private final ReportListener listener;
  private final int parts;
  private double total;
  private double done;
  private int part;
  private String title = "";
  private double work;
  private double skipped;

  Meter(ReportListener listener, int parts, double total) {
    this.listener = listener;
    this.parts = parts;
    this.total = total;
  }

  /** Begins the next part. */
  void begin(String title, double work) {
    this.part++;
    this.title = title;
    this.work = work;
    this.skipped = 0;
    tell(0);
  }

  /** Says that an earlier run has done this share of the part. */
  void skip(double share) {
    total -= work * (share - skipped);
    skipped = share;
  }

  /** Says that this share of the part is done. */
  void reach(double share) {
    tell(Math.max(0, share - skipped));
  }

  /** Ends the part. */
  void end() {
    done += work * (1 - skipped);
    work = 0;
    tell(0);
  }

  private void tell(double share) {
    listener.onProgress(part, parts, title, done + work * share, total);
  }
}
