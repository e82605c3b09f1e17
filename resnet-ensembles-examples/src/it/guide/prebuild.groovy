// Makes a project of what the guide shows: its POM, its first study, and its page of figures.
def guide = new File(basedir, '../../../../docs/guide.md').canonicalFile.text
def block = { pattern ->
  def found = guide =~ pattern
  assert found.find() : "docs/guide.md has no block like ${pattern}"
  found.group(1)
}
new File(basedir, 'pom.xml').text =
    block(/(?s)```xml\n(<project .*?)```/).replace('<classifier>linux-x86_64<', "<classifier>${platform}<")
def source = new File(basedir, 'src/main/java/org/example/Main.java')
source.parentFile.mkdirs()
source.text = """
package org.example;

import io.github.resnetensembles.examples.plots.*;
import io.github.resnetensembles.images.*;
import io.github.resnetensembles.lesion.*;
import io.github.resnetensembles.model.*;
import io.github.resnetensembles.network.*;
import io.github.resnetensembles.report.*;
import io.github.resnetensembles.weights.*;
import java.io.PrintStream;
import java.nio.file.Path;

public class Main {
  public static void main(String[] args) {
    study(System.out);
    page(System.out, Path.of("target"), Weights.initialised(Architecture.resnet(20), 1));
    System.out.println("class path " + System.getProperty("java.class.path"));
  }

  static void study(PrintStream out) {
${block(/(?s)<!-- region LesionStudyExample readme -->\s*```java\n(.*?)```/)}
  }

  static void page(PrintStream out, Path folder, Weights weights) {
${block(/(?s)<!-- region ReportExample guide -->\s*```java\n(.*?)```/)}
  }
}
"""
return true
