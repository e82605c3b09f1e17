package io.github.resnetensembles;

import io.github.resnetensembles.apitext.ApiText;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApiTextTest {
  @Test
  void apiIsAsCommitted() throws IOException {
    ApiText.check("io.github.resnetensembles", "resnet-ensembles-api");
  }
}
