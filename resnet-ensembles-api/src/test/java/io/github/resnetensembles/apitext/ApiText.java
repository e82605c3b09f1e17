package io.github.resnetensembles.apitext;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A module's whole public API as sorted lines: a line for each package, type and member that other
 * modules can see, with generic types and annotations, so that a change of the API is a change of a
 * file. Internal packages are left out.
 */
public final class ApiText {
  private static final String INTERNAL = ".internal";

  /** Names of this library's types are told from its root. */
  private static final String HOME = "io.github.resnetensembles.";

  private ApiText() {}

  /**
   * Compares a module's API with its committed text; with {@code -Dapi.write} writes it.
   *
   * @param root the package whose classes and subpackages are looked at
   * @param module the module's directory
   */
  public static void check(String root, String module) throws IOException {
    Path file = Path.of("api.txt").toAbsolutePath();
    assertThat(file.getParent()).hasFileName(module);
    List<String> lines = lines(root, module);
    if (System.getProperty("api.write") != null) {
      Files.write(file, lines, UTF_8);
    }
    assertThat(lines)
        .as(
            "the public API is not what %s/api.txt says. If that is meant, write it anew and commit it:"
                + " mvn -o test -pl %s -am -Dtest=ApiTextTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dapi.write",
            module, module)
        .isEqualTo(Files.readAllLines(file, UTF_8));
  }

  private static List<String> lines(String root, String module) {
    List<String> lines = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> location.contains("/" + module + "/"))
            .importPackages(root)) {
      if ((type.getPackageName() + ".").contains(INTERNAL + ".")) {
        continue;
      }
      if (type.getSimpleName().equals("package-info")) {
        lines.add(type.getPackageName() + ": " + annotations(type) + "package");
      } else if (isVisible(type.reflect())) {
        lines.add(type(type));
        type.getMembers().stream()
            .filter(ApiText::isVisible)
            .map(member -> type.reflect().getCanonicalName() + ": " + member(member))
            .forEach(lines::add);
      }
    }
    return lines.stream().map(line -> line.replace(HOME, "")).sorted().toList();
  }

  private static boolean isVisible(Class<?> type) {
    return !type.isSynthetic()
        && (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isVisible(JavaMember member) {
    return (member.getModifiers().contains(JavaModifier.PUBLIC)
            || member.getModifiers().contains(JavaModifier.PROTECTED))
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !member.getModifiers().contains(JavaModifier.BRIDGE);
  }

  private static String type(JavaClass source) {
    Class<?> type = source.reflect();
    String kind =
        type.isAnnotation()
            ? "@interface"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    int shown = type.getModifiers() & (Modifier.PROTECTED | Modifier.ABSTRACT | Modifier.FINAL);
    String modifiers =
        type.isInterface() || type.isEnum() || type.isRecord() ? "" : modifiers(shown);
    String parents =
        Stream.concat(
                Stream.ofNullable(type.getAnnotatedSuperclass())
                    .filter(parent -> parent.getType() != Object.class)
                    .filter(parent -> !type.isEnum() && !type.isRecord()),
                Arrays.stream(type.getAnnotatedInterfaces()))
            .map(ApiText::name)
            .collect(joining(", "));
    return type.getCanonicalName()
        + ": "
        + annotations(source)
        + modifiers
        + (type.isSealed() ? "sealed " : "")
        + kind
        + parameters(type)
        + (parents.isEmpty() ? "" : " extends " + parents);
  }

  private static String member(JavaMember source) {
    if (source instanceof JavaField javaField) {
      Field field = javaField.reflect();
      return annotations(source)
          + modifiers(field.getModifiers())
          + name(field.getAnnotatedType())
          + " "
          + field.getName();
    }
    Executable code = (Executable) ((JavaCodeUnit) source).reflect();
    int hidden = Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT | Modifier.TRANSIENT;
    boolean isDefault = code instanceof Method method && method.isDefault();
    String thrown =
        Arrays.stream(code.getAnnotatedExceptionTypes()).map(ApiText::name).collect(joining(", "));
    return annotations(source)
        + modifiers(code.getModifiers() & ~hidden & ~Modifier.VOLATILE)
        + (isDefault ? "default " : "")
        + (code.getTypeParameters().length == 0 ? "" : parameters(code) + " ")
        + (code instanceof Constructor
            ? "new"
            : name(code.getAnnotatedReturnType()) + " " + code.getName())
        + arguments(code)
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String arguments(Executable code) {
    String types =
        Arrays.stream(code.getAnnotatedParameterTypes()).map(ApiText::name).collect(joining(", "));
    return "(" + (code.isVarArgs() ? types.replaceFirst(" \\[]$", "...") : types) + ")";
  }

  /** Public goes without saying. */
  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & ~Modifier.PUBLIC);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String parameters(GenericDeclaration declaration) {
    TypeVariable<?>[] variables = declaration.getTypeParameters();
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(
                variable -> variable.getName() + bounds(" extends ", variable.getAnnotatedBounds()))
            .collect(joining(", ", "<", ">"));
  }

  private static String bounds(String word, AnnotatedType[] bounds) {
    String text =
        Arrays.stream(bounds)
            .map(ApiText::name)
            .filter(bound -> !bound.equals("Object"))
            .collect(joining(" & "));
    return text.isEmpty() ? "" : word + text;
  }

  /** A type's name with its arguments and the annotations of each, in one form on every JDK. */
  private static String name(AnnotatedType type) {
    String annotations =
        Arrays.stream(type.getAnnotations())
            .map(annotation -> "@" + annotation.annotationType().getSimpleName() + " ")
            .sorted()
            .collect(joining());
    if (type instanceof AnnotatedArrayType array) {
      return name(array.getAnnotatedGenericComponentType()) + " " + annotations + "[]";
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      return annotations
          + "?"
          + bounds(" super ", wildcard.getAnnotatedLowerBounds())
          + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
    }
    if (type instanceof AnnotatedParameterizedType parameterized) {
      Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
      return annotations
          + name(raw)
          + Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
              .map(ApiText::name)
              .collect(joining(", ", "<", ">"));
    }
    return annotations
        + (type.getType() instanceof Class<?> raw ? name(raw) : type.getType().getTypeName());
  }

  private static String name(Class<?> type) {
    String name = type.getCanonicalName();
    return type.getPackageName().equals("java.lang") ? name.replace("java.lang.", "") : name;
  }

  /** Those of the class file: some are not kept at run time. */
  private static String annotations(HasAnnotations<?> source) {
    return source.getAnnotations().stream()
        .map(annotation -> annotation.getRawType())
        .filter(type -> !type.getPackageName().contains(INTERNAL))
        .map(type -> "@" + type.getSimpleName() + " ")
        .sorted()
        .collect(joining());
  }
}
