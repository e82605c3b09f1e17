package io.github.resnetensembles.djl.internal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.resnetensembles.djl.DjlRuntime;
import org.junit.jupiter.api.Test;

class ArchitectureRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackagesOf(DjlRuntime.class);

  @Test
  void onlyTheAdapterTouchesTheEnginesInternals() {
    noClasses()
        .that(
            DescribedPredicate.not(
                JavaClass.Predicates.equivalentTo(Torch.class)
                    .or(JavaClass.Predicates.equivalentTo(Torch.Script.class))
                    .or(JavaClass.Predicates.equivalentTo(Torch.Argument.class))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch..")
        .check(CLASSES);
  }

  @Test
  void arraysOfJavaDataAreMadeInOnePlace() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Tensors")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "creates an array from Java data",
                call ->
                    call.getTargetOwner().isAssignableTo("ai.djl.ndarray.NDManager")
                        && call.getTarget().getName().startsWith("create")))
        .check(CLASSES);
  }

  @Test
  void typesAndDevicesAreNotConvertedElsewhere() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Tensors")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "converts the type or device of an array",
                call ->
                    call.getTargetOwner().isAssignableTo("ai.djl.ndarray.NDArray")
                        && (call.getTarget().getName().equals("toType")
                            || call.getTarget().getName().equals("toDevice"))))
        .check(CLASSES);
  }

  @Test
  void djlsModelIsNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.Model")
        .check(CLASSES);
  }

  @Test
  void theExportedPackageHoldsInterfacesRecordsAndEnums() {
    classes()
        .that()
        .resideInAPackage("io.github.resnetensembles.djl")
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .beInterfaces()
        .orShould()
        .beRecords()
        .orShould()
        .beEnums()
        .check(CLASSES);
  }
}
