package io.github.resnetensembles.internal.reference;

/** A matrix of double precision, as the textbook multiplies it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Matrix(int rows, int columns, double[] values) {
  /** The value at a row and a column. */
  @FunctionalInterface
  interface Entry {
    double at(int row, int column);
  }

  static Matrix of(int rows, int columns, Entry entry) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = entry.at(i / columns, i % columns);
    }
    return new Matrix(rows, columns, values);
  }

  double at(int row, int column) {
    return values[row * columns + column];
  }

  Matrix transposed() {
    return of(columns, rows, (row, column) -> at(column, row));
  }

  Matrix times(Matrix other) {
    return of(
        rows,
        other.columns,
        (row, column) -> {
          double sum = 0;
          for (int i = 0; i < columns; i++) {
            sum += at(row, i) * other.at(i, column);
          }
          return sum;
        });
  }

  Matrix times(double factor) {
    return of(rows, columns, (row, column) -> factor * at(row, column));
  }

  /** The columns from one on. */
  Matrix columns(int first, int count) {
    return of(rows, count, (row, column) -> at(row, first + column));
  }

  /** Copies a matrix into the columns from one on, for whoever has made this. */
  void put(int first, Matrix part) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < part.columns; column++) {
        values[row * columns + first + column] = part.at(row, column);
      }
    }
  }

  /** Adds all values to others in the same order. */
  void addTo(double[] sums) {
    for (int i = 0; i < values.length; i++) {
      sums[i] += values[i];
    }
  }

  /** Adds the sums over the rows. */
  void addColumnsTo(double[] sums) {
    for (int i = 0; i < values.length; i++) {
      sums[i % columns] += values[i];
    }
  }

  /** exp of each value divided by its row's sum; the row's largest is subtracted before. */
  Matrix softmax() {
    double[] largest = new double[rows];
    double[] sums = new double[rows];
    for (int row = 0; row < rows; row++) {
      largest[row] = Double.NEGATIVE_INFINITY;
      for (int column = 0; column < columns; column++) {
        largest[row] = Math.max(largest[row], at(row, column));
      }
      for (int column = 0; column < columns; column++) {
        sums[row] += Math.exp(at(row, column) - largest[row]);
      }
    }
    return of(rows, columns, (row, column) -> Math.exp(at(row, column) - largest[row]) / sums[row]);
  }

  /** What a cotangent at the output of {@link #softmax}, which this is, is at its input. */
  Matrix softmaxPulledBack(Matrix cotangent) {
    double[] sums = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        sums[row] += at(row, column) * cotangent.at(row, column);
      }
    }
    return of(
        rows, columns, (row, column) -> at(row, column) * (cotangent.at(row, column) - sums[row]));
  }
}
