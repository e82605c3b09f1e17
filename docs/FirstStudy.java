///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS io.github.resnetensembles:resnet-ensembles-djl:0.1.0-SNAPSHOT
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64
//DEPS org.slf4j:slf4j-nop:2.0.18

import io.github.resnetensembles.images.*;
import io.github.resnetensembles.lesion.*;
import io.github.resnetensembles.model.*;
import io.github.resnetensembles.weights.*;
import java.io.PrintStream;

/** The guide's first study as one file. */
class FirstStudy {
  public static void main(String[] args) {
    System.setProperty("OPT_OUT_TRACKING", "true"); // DJL tells nobody that it is used,
    System.setProperty("ai.djl.offline", "true"); // and fetches nothing
    PrintStream out = System.out;

    Weights weights = Weights.pretrained("preresnet-20"); // or Weights.of(file)
    try (ResidualModel model = ResidualModel.open(weights)) {
      ImageSet images = ImageSets.builtIn().limit(100); // or ImageSets.cifar10(file)

      LesionReport each = model.lesions().deleteEachBlock().run(images);
      LesionReport many = model.lesions().deleteRandom(1, 4).draws(5).seed(42).run(images);
      LesionReport order = model.lesions().swapRandom(1, 3).draws(5).seed(42).run(images);

      for (LesionRow row : each.rows()) {
        out.println(row.lesion() + ": " + row.wrong() + " of " + row.total() + " wrong");
      }
      out.println(many.toCsv()); // toJson() and writeJson(file) too
      out.println(order.rows().get(0).kendallTau().getAsDouble());
    }
  }
}
