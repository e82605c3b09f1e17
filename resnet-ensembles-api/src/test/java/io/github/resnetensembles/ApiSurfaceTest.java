package io.github.resnetensembles;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

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
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.resnetensembles.training.TrainingException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the exported packages may hold and mention, and what the module may depend on. */
final class ApiSurfaceTest {
  private static final String API = "io.github.resnetensembles";
  private static final String INTERNAL = API + ".internal";
  private static final int MOST_PUBLIC_TYPES = 25;

  private static final DescribedPredicate<JavaClass> EXPORTED =
      describe(
          "are public, in a package that is not internal",
          type -> isPublic(type) && !type.getPackageName().startsWith(INTERNAL));

  /** A nested type is as public as those around it. */
  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ApiSurfaceTest::isPublic).orElse(true);
  }

  private static final String REFERENCE = INTERNAL + ".reference";

  private static final SliceAssignment PACKAGES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };

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

    classes().that(EXPORTED).should(be(exportable)).check(CLASSES);
  }

  @Test
  void exportedSignaturesMentionOnlyJavaAndExportedTypes() {
    classes().that(EXPORTED).should(mentionOnlyJavaAndExportedTypes()).check(CLASSES);
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
  void packagesHaveNoCycle() {
    slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packagesAreSmallEnoughToBeKnown() {
    Map<String, Long> types =
        CLASSES.stream()
            .filter(EXPORTED)
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(types).containsKey(API + ".lesion");
    assertThat(types.values()).allMatch(count -> count <= MOST_PUBLIC_TYPES);
  }

  /** What a single room needs is not public, and lies in that room; a backend is a whole. */
  @Test
  void internalTypesAreShared() {
    List<String> alone =
        CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getPackageName().startsWith(INTERNAL) && isPublic(type))
            .filter(type -> !type.getPackageName().equals(REFERENCE))
            .filter(type -> users(type).size() < 2)
            .map(JavaClass::getName)
            .toList();
    assertThat(alone).isEmpty();
  }

  /** The packages whose other classes use one, its own among them. */
  private static Set<String> users(JavaClass internal) {
    return CLASSES.stream()
        .filter(type -> outermost(type).equals(internal))
        .flatMap(type -> type.getDirectDependenciesToSelf().stream())
        .map(dependency -> dependency.getOriginClass())
        .filter(type -> !outermost(type).equals(internal))
        .map(JavaClass::getPackageName)
        .collect(Collectors.toSet());
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ApiSurfaceTest::outermost).orElse(type);
  }

  @Test
  void referenceBackendUsesTheSameApiAsAnyBackend() {
    noClasses()
        .that()
        .resideInAPackage(REFERENCE)
        .should()
        .dependOnClassesThat(
            describe(
                "are internal to other packages",
                type ->
                    type.getPackageName().startsWith(INTERNAL)
                        && !type.getPackageName().equals(REFERENCE)))
        .check(CLASSES);
  }

  /** Readers of files pass on what this library says of a value, and no other library's words. */
  @Test
  void exceptionsAreOfFewKinds() {
    List<Class<? extends RuntimeException>> kinds =
        List.of(
            IllegalArgumentException.class,
            IllegalStateException.class,
            UncheckedIOException.class,
            RunInterruptedException.class,
            BackendException.class,
            TrainingException.class);
    List<JavaClass> others =
        CLASSES.stream()
            .filter(EXPORTED)
            .filter(type -> type.isAssignableTo(Throwable.class))
            .filter(type -> kinds.stream().noneMatch(type::isAssignableTo))
            .toList();
    assertThat(others).isEmpty();
  }

  /** Readers of files tell this library's complaints from those of others by their type. */
  @Test
  void wrongArgumentsAreRefusedInOurOwnWords() {
    for (Class<?> bare : List.of(IllegalArgumentException.class, RuntimeException.class)) {
      noClasses()
          .that()
          .areNotAssignableTo(RuntimeException.class)
          .should()
          .callConstructor(bare, String.class)
          .orShould()
          .callConstructor(bare, String.class, Throwable.class)
          .check(CLASSES);
    }
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
      JavaClass base = other.getBaseComponentType();
      boolean allowed =
          base.isPrimitive() || base.getPackageName().startsWith("java.") || EXPORTED.test(base);
      if (!allowed) {
        events.add(SimpleConditionEvent.violated(type, what + " " + other.getName()));
      }
    }
  }
}
