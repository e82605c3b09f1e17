package io.github.resnetensembles.examples.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SparkRulesTest {
  @Test
  void onlyThisPackageKnowsSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.resnetensembles.examples.spark")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.resnetensembles"));
  }
}
