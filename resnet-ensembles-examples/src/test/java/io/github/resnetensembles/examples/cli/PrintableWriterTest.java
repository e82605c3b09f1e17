package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PrintableWriterTest {
  @Test
  void whatSteersATerminalIsWrittenAsANumber() {
    assertThat(written("\u001b[31mred\u009b0m \u202eevil\u2028\u0000\u007f\ufeff"))
        .isEqualTo("\\u001B[31mred\\u009B0m \\u202Eevil\\u2028\\u0000\\u007F\\uFEFF");
  }

  @Test
  void textStays() {
    String text = "α — ü 你好 😀 10⁻³\tend\r\n";
    assertThat(written(text)).isEqualTo(text);
  }

  @Test
  void halvesOfPairsAreNoText() {
    assertThat(written("\ud83d")).isEqualTo("\\uD83D");
    assertThat(written("\ude00\ud83dx")).isEqualTo("\\uDE00\\uD83Dx");
  }

  @Test
  void pairsMayComeInTwoParts() throws IOException {
    StringWriter text = new StringWriter();
    PrintableWriter writer = new PrintableWriter(text);
    writer.write('\ud83d');
    writer.write('\ude00');
    writer.flush();
    assertThat(text).hasToString("😀");
  }

  @Test
  void commandsSayNothingElse() {
    CommandRun run = CommandRun.of("\u001b]0;title\u0007\u202e");
    assertThat(run.err()).contains("\\u001B]0;title\\u0007\\u202E").hasLineCount(1);
  }

  private static String written(String text) {
    StringWriter target = new StringWriter();
    PrintWriter writer = new PrintWriter(new PrintableWriter(target));
    writer.print(text);
    writer.flush();
    return target.toString();
  }
}
