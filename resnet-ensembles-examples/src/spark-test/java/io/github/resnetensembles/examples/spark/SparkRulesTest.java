package io.github.resnetensembles.examples.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who knows Spark, and whether all others can do with the libraries that Spark brings along. */
class SparkRulesTest {
  private static final String SPARK = "io.github.resnetensembles.examples.spark";

  /** On Spark's class path its own versions of these win over ours. */
  private static final List<String> SPARKS_OWN =
      List.of(
          "com.google.common",
          "com.google.gson",
          "org.apache.commons.codec",
          "org.apache.commons.compress",
          "org.apache.commons.io",
          "org.slf4j");

  private static final JavaClasses CLASSES =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            // To look at all that Spark consists of takes long.
            configuration.setClassResolver(SelectedClassResolverFromClasspath.class);
            configuration.setClassResolverArguments(
                Stream.concat(SPARKS_OWN.stream(), Stream.of("java.lang", "java.util"))
                    .toArray(String[]::new));
            return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.resnetensembles", "ai.djl", "org.apache.commons.csv");
          });

  @Test
  void onlyThisPackageKnowsSpark() {
    noClasses()
        .that()
        .resideInAPackage("io.github.resnetensembles..")
        .and()
        .resideOutsideOfPackage(SPARK)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CLASSES);
  }

  @Test
  void whatSparkBringsAlongHasAllThatOthersCall() {
    List<AccessTarget> called =
        CLASSES.stream()
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .map(JavaAccess::getTarget)
            .<AccessTarget>map(target -> target)
            .filter(
                target -> isSparksOwn(target.getOwner().getBaseComponentType().getPackageName()))
            .toList();

    assertThat(SPARKS_OWN)
        .allSatisfy(
            name ->
                assertThat(called)
                    .anyMatch(target -> target.getOwner().getPackageName().startsWith(name)));
    assertThat(called.stream().filter(target -> target.resolveMember().isEmpty()))
        .extracting(AccessTarget::getFullName)
        .isEmpty();
  }

  private static boolean isSparksOwn(String name) {
    return SPARKS_OWN.stream()
        .anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
  }
}
