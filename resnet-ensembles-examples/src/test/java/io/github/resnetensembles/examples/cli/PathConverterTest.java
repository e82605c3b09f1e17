package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class PathConverterTest {
  @Test
  void readsNames() {
    assertThat(new PathConverter().convert("a b/c.json")).isEqualTo(Path.of("a b", "c.json"));
  }

  @Test
  void noFileHasANul() {
    assertThatThrownBy(() -> new PathConverter().convert("a\0b"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith("'a\0b' is no name of a file: ");
  }

  @ParameterizedTest
  @CsvSource({
    "naïve.json, ANSI_X3.4-1968",
    "na\uFFFDve.json, UTF-8",
    "\u0915.json, ISO-8859-1",
    "\uD800.json, UTF-8",
  })
  void theLanguageSettingsAreToBlame(String name, String encoding) {
    assertThat(PathConverter.refusal(name, "it is odd", encoding))
        .isEqualTo(
            "the name '"
                + name
                + "' has characters that this process's language settings do not know ("
                + encoding
                + "); set the environment variable LC_ALL to C.UTF-8");
  }

  @ParameterizedTest
  @CsvSource({"a<b.json, windows-1252", "naïve<.json, ISO-8859-1", "\u0915<.json, UTF-8"})
  void theNameIsToBlame(String name, String encoding) {
    assertThat(PathConverter.refusal(name, "Illegal char <<>", encoding))
        .isEqualTo("'" + name + "' is no name of a file: Illegal char <<>");
  }
}
