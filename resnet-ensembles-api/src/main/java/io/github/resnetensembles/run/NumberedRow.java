package io.github.resnetensembles.run;

/**
 * A row of a result.
 *
 * @param number of the row in its plan, from 1
 * @param json the row as JSON
 */
record NumberedRow(int number, String json) {
  /** What {@link #parse} reads. */
  String line() {
    return number + " " + json;
  }

  static NumberedRow parse(String line) {
    int space = line.indexOf(' ');
    return new NumberedRow(Integer.parseInt(line.substring(0, space)), line.substring(space + 1));
  }
}
