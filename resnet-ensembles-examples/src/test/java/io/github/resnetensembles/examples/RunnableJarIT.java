package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The one file that the command line is: what it holds, and under which licences. */
class RunnableJarIT {
  private static final Path JAR = Path.of("target", "resnet-ensembles.jar");

  @Test
  void runsAloneAndKeepsStandardErrorSilent() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString(),
                "info")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();

    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(errors).isZero();
    assertThat(errors).isEmpty();
  }

  @Test
  void runsTheFirstStudyWithoutAProject() throws IOException, InterruptedException {
    assertThat(said(command("java -cp ", "docs/FirstStudy.java"), "").lines())
        .filteredOn(line -> line.matches("delete\\{\\d}: \\d+ of 100 wrong"))
        .hasSize(9);
  }

  @Test
  void jshellStartsWithOneLine() throws IOException, InterruptedException {
    List<String> command = command("jshell ", "docs/start.jsh");
    assumeThat(Path.of(command.get(0))).as("a JDK's jshell").exists();
    // Standard input without a dialogue shows nothing by itself.
    command.add("-");
    String dialogue =
        guide()
            .filter(line -> line.startsWith("jshell> "))
            .map(line -> line.substring("jshell> ".length()))
            .map(line -> line.startsWith("var ") ? line : "System.out.println(" + line + ")")
            .collect(Collectors.joining("\n"));

    assertThat(said(command, dialogue + "\n/exit\n").lines())
        .hasSize(3)
        .startsWith("18014398509481984")
        .satisfies(lines -> assertThat(Double.parseDouble(lines.get(1))).isBetween(0.0, 0.1))
        .satisfies(lines -> assertThat(Double.parseDouble(lines.get(2))).isBetween(0.0, 0.5));
  }

  private static Stream<String> guide() throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "guide.md"), UTF_8).stream();
  }

  /** The guide's only such line, with this JDK's program. */
  private static List<String> command(String start, String end) throws IOException {
    List<String> lines =
        guide().filter(line -> line.startsWith(start) && line.endsWith(end)).toList();
    assertThat(lines).as(start + "… " + end).hasSize(1);
    List<String> words = new ArrayList<>(Splitter.on(' ').splitToList(lines.get(0)));
    words.set(0, Path.of(System.getProperty("java.home"), "bin", words.get(0)).toString());
    return words;
  }

  /** Standard output of a program that ends well, in the root of the project. */
  private static String said(List<String> command, String input)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(new File(".."))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void holdsThisLibrarysLicence() throws IOException {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      assertThat(text(jar, "META-INF/LICENSE"))
          .hasValueSatisfying(text -> assertThat(text).contains("Apache License"));
      assertThat(text(jar, "META-INF/NOTICE"))
          .hasValueSatisfying(text -> assertThat(text).contains("Apache Commons CSV"));
    }
  }

  @Test
  void holdsLibraries() throws IOException {
    assertThat(libraries().map(RunnableJarIT::artifact))
        .hasSizeGreaterThan(30)
        .contains("picocli", "progressbar", "slf4j-simple", "pytorch-native-cpu", "jsvg");
  }

  /** What a new library's name and licence are added to is src/runnable/THIRD-PARTY.txt. */
  @ParameterizedTest
  @MethodSource("libraries")
  void holdsTheLicenceOf(File library) throws IOException {
    try (ZipFile runnable = new ZipFile(JAR.toFile());
        ZipFile jar = new ZipFile(library)) {
      String licences = text(runnable, "META-INF/THIRD-PARTY.txt").orElseThrow();
      assertThat(licences.lines())
          .anyMatch(line -> line.matches("  [\\w.-]+:" + artifact(library)));
      for (String name : List.of("META-INF/LICENSE", "META-INF/LICENSE.txt")) {
        for (String paragraph : paragraphs(text(jar, name).orElse(""))) {
          assertThat(oneLine(licences).contains(paragraph)).as(paragraph).isTrue();
        }
      }
    }
  }

  /** The jars of the class path whose content is in the runnable one, but for our own modules. */
  static Stream<File> libraries() throws IOException {
    List<String> classPath =
        Splitter.on(File.pathSeparatorChar).splitToList(System.getProperty("java.class.path"));
    try (ZipFile runnable = new ZipFile(JAR.toFile())) {
      return classPath.stream()
          .map(File::new)
          .filter(file -> file.getName().endsWith(".jar"))
          .filter(file -> !file.getName().startsWith("resnet-ensembles"))
          .filter(file -> isInside(runnable, file))
          .toList()
          .stream();
    }
  }

  private static boolean isInside(ZipFile runnable, File library) {
    try (ZipFile jar = new ZipFile(library)) {
      return jar.stream()
          .filter(entry -> !entry.isDirectory() && !entry.getName().endsWith("-info.class"))
          .filter(entry -> !entry.getName().matches("META-INF/(MANIFEST|LICENSE|NOTICE|INDEX).*"))
          .findFirst()
          .filter(entry -> runnable.getEntry(entry.getName()) != null)
          .isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A repository's path ends in artifact/version/file. */
  private static String artifact(File library) {
    return library.getParentFile().getParentFile().getName();
  }

  private static Optional<String> text(ZipFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    }
  }

  private static List<String> paragraphs(String text) {
    return Splitter.onPattern("(?m)^[=\\s]*$")
        .splitToStream(text)
        .map(RunnableJarIT::oneLine)
        .filter(paragraph -> !paragraph.isEmpty())
        .toList();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").replace("https:", "http:").strip();
  }
}
