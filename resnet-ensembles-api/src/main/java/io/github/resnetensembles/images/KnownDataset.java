package io.github.resnetensembles.images;

import io.github.resnetensembles.internal.io.JsonForm;

/** A data set that numbers were published of. */
@JsonForm(fields = "title")
public enum KnownDataset {
  /** CIFAR-10 (Krizhevsky 2009): 32x32 RGB images of 10 classes. */
  CIFAR_10("CIFAR-10", 10),
  /** ImageNet's classification challenge of 2012: 1000 classes. */
  IMAGENET("ImageNet", 1000);

  private final String title;
  private final int classes;

  KnownDataset(String title, int classes) {
    this.title = title;
    this.classes = classes;
  }

  /** {@return its name, for people to read} */
  public String title() {
    return title;
  }

  /** {@return the number of its classes} */
  public int classes() {
    return classes;
  }
}
