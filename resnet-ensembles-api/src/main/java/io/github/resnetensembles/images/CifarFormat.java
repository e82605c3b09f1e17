package io.github.resnetensembles.images;

/** The two binary formats: label bytes, the last of which is the label, then 3072 pixels. */
enum CifarFormat {
  CIFAR_10("CIFAR-10", 1, 10),
  CIFAR_100("CIFAR-100", 2, 100);

  /** Planar RGB, 32x32. */
  static final int PIXELS = 3072;

  /** Of the coarse labels of CIFAR-100. */
  private static final int COARSE_CLASSES = 20;

  final String title;
  final int labelBytes;
  final int classes;

  CifarFormat(String title, int labelBytes, int classes) {
    this.title = title;
    this.labelBytes = labelBytes;
    this.classes = classes;
  }

  int recordLength() {
    return labelBytes + PIXELS;
  }

  /** {@return what is wrong with a record's label bytes, or the empty string} */
  String labelFault(byte[] bytes, int at) {
    int label = bytes[at + labelBytes - 1] & 0xff;
    if (label >= classes) {
      return "the label " + label + ", must be 0 to " + (classes - 1);
    }
    int coarse = bytes[at] & 0xff;
    if (labelBytes == 2 && coarse >= COARSE_CLASSES) {
      return "the coarse label " + coarse + ", must be 0 to " + (COARSE_CLASSES - 1);
    }
    return "";
  }
}
