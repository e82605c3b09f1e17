package io.github.resnetensembles;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the exported packages may hold and mention, and what the module may depend on. */
final class ApiSurfaceTest {
  private static final String API = "io.github.resnetensembles";
  private static final String SPI = API + ".spi";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(API);

  @Test
  void exportedTypesAreInterfacesRecordsEnumsAndExceptions() {
    DescribedPredicate<JavaClass> exportable =
        describe(
            "interfaces, records, enums, exceptions or annotations",
            type ->
                type.isInterface()
                    || type.isRecord()
                    || type.isEnum()
                    || type.isAssignableTo(Throwable.class)
                    || type.getModifiers().contains(JavaModifier.SYNTHETIC));

    classes().that().resideInAnyPackage(API, SPI).should(be(exportable)).check(CLASSES);
  }

  @Test
  void exportedSignaturesMentionOnlyJavaAndExportedTypes() {
    classes()
        .that()
        .resideInAnyPackage(API, SPI)
        .should(mentionOnlyJavaAndExportedTypes())
        .check(CLASSES);
  }

  @Test
  void moduleKnowsNoEngine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", API + ".djl..", API + ".examples..")
        .check(CLASSES);
  }

  @Test
  void internalPackagesHaveNoCycle() {
    slices().matching(API + ".internal.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void referenceBackendUsesTheSameApiAsAnyBackend() {
    noClasses()
        .that()
        .resideInAPackage(API + ".internal.reference")
        .should()
        .dependOnClassesThat(
            describe(
                "are internal to other packages",
                type ->
                    type.getPackageName().startsWith(API + ".internal")
                        && !type.getPackageName().equals(API + ".internal.reference")))
        .check(CLASSES);
  }

  /** Readers of files pass on what this library says of a value, and no other library's words. */
  @Test
  void refusedValuesAreToldFromOtherLibrariesComplaints() {
    noClasses()
        .that(
            describe(
                "are not the reference backend's",
                type -> !type.getPackageName().equals(API + ".internal.reference")))
        .and()
        .areNotAssignableTo(IllegalArgumentException.class)
        .should()
        .callConstructor(IllegalArgumentException.class, String.class)
        .orShould()
        .callConstructor(IllegalArgumentException.class, String.class, Throwable.class)
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> mentionOnlyJavaAndExportedTypes() {
    return new ArchCondition<>("mention only Java's and exported types in their signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaType parent : type.getInterfaces()) {
          report(type, type.getName() + " extends", parent.getAllInvolvedRawTypes(), events);
        }
        type.getSuperclass()
            .ifPresent(
                parent ->
                    report(
                        type,
                        type.getName() + " extends",
                        parent.getAllInvolvedRawTypes(),
                        events));
        for (JavaMember member : type.getMembers()) {
          if (member.getModifiers().contains(JavaModifier.PUBLIC)
              || member.getModifiers().contains(JavaModifier.PROTECTED)) {
            report(type, member.getFullName() + " mentions", involved(member), events);
          }
        }
      }
    };
  }

  private static Set<JavaClass> involved(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getAllInvolvedRawTypes();
    }
    JavaCodeUnit code = (JavaCodeUnit) member;
    return Stream.concat(
            code.getAllInvolvedRawTypes().stream(), code.getThrowsClause().getTypes().stream())
        .collect(Collectors.toSet());
  }

  private static void report(
      JavaClass type, String what, Set<JavaClass> mentioned, ConditionEvents events) {
    for (JavaClass other : mentioned) {
      String name = other.getBaseComponentType().getPackageName();
      boolean allowed =
          other.getBaseComponentType().isPrimitive()
              || name.startsWith("java.")
              || name.equals(API)
              || name.equals(SPI);
      if (!allowed) {
        events.add(SimpleConditionEvent.violated(type, what + " " + other.getName()));
      }
    }
  }
}
