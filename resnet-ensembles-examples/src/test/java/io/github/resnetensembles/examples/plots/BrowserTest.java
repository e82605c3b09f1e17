package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser without display or network; skipped where no Chromium is installed. */
class BrowserTest {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Writes into the page what a reader sees of its figures, and its tables before and after. */
  private static final String PROBE =
      """
      <script>
      window.addEventListener('load', function () {
        var said = [];
        document.querySelectorAll('details').forEach(function (details) {
          details.open = true;
        });
        document.querySelectorAll('figure').forEach(function (figure) {
          var drawn = [].filter.call(figure.querySelectorAll('svg'), function (svg) {
            return svg.getBoundingClientRect().width > 0;
          });
          var box = drawn[0].getBoundingClientRect();
          var outside = [].filter.call(drawn[0].querySelectorAll('text'), function (text) {
            var inner = text.getBoundingClientRect();
            return inner.width === 0 || inner.left < box.left - 1 || inner.right > box.right + 1
                || inner.top < box.top - 1 || inner.bottom > box.bottom + 1;
          }).map(function (text) { return text.textContent; });
          said.push('FIGURE ' + figure.id + ' drawn ' + drawn.length + ' wide '
              + Math.round(box.width) + ' high ' + Math.round(box.height)
              + ' outside [' + outside.join('|') + ']');
        });
        var table = document.querySelector('#delete-each-tests table');
        function column(index) {
          return [].map.call(table.tBodies[0].rows, function (row) {
            return row.cells[index].textContent;
          }).join(' ');
        }
        var header = table.tHead.rows[0].cells[3];
        header.querySelector('button').click();
        said.push('SORTED ' + header.getAttribute('aria-sort') + ' ' + column(3));
        header.querySelector('button').click();
        said.push('SORTED ' + header.getAttribute('aria-sort') + ' ' + column(3));
        table.tHead.rows[0].cells[5].querySelector('button').click();
        said.push('SORTED p ' + column(5));
        var button = header.querySelector('button');
        button.focus();
        said.push('FOCUS ' + (document.activeElement === button));
        said.push('OVERFLOW ' + (document.documentElement.scrollWidth > window.innerWidth));
        said.push('LOADED ' + performance.getEntriesByType('resource').length);
        var pre = document.createElement('pre');
        pre.textContent = said.join('\\n');
        document.body.appendChild(pre);
      });
      </script>
      """;

  @TempDir private static Path folder;

  private static Path browser;

  @BeforeAll
  static void draw() throws Exception {
    Optional<Path> found =
        BROWSERS.stream()
            .flatMap(
                name ->
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(place -> Path.of(place, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "no " + String.join(", ", BROWSERS) + " on the PATH");
    browser = found.get();
    ReportPage.of(PageReports.full()).writeTo(folder);
    Files.writeString(
        folder.resolve("probed.html"),
        Files.readString(folder.resolve("report.html")).replace("</body>", PROBE + "</body>"));
  }

  @Test
  void everyFigureShowsOnWideAndNarrowScreens() throws Exception {
    String wide = look(1000);
    String narrow = look(500);

    for (String seen : List.of(wide, narrow)) {
      List<MatchResult> figures =
          Pattern.compile("FIGURE (\\S+) drawn (\\d+) wide (\\d+) high (\\d+) outside \\[(.*)]")
              .matcher(seen)
              .results()
              .toList();
      assertThat(figures).hasSize(7);
      for (MatchResult figure : figures) {
        assertThat(figure.group(2)).as(figure.group()).isEqualTo("1");
        assertThat(Integer.parseInt(figure.group(3))).as(figure.group()).isGreaterThan(300);
        assertThat(Integer.parseInt(figure.group(4))).as(figure.group()).isGreaterThan(200);
        assertThat(figure.group(5)).as("texts outside of the picture").isEmpty();
      }
      assertThat(seen).contains("OVERFLOW false", "LOADED 0");
    }
  }

  @Test
  void tablesSort() throws Exception {
    assertThat(look(1000))
        .contains("SORTED ascending 3.4 4.2 6.1 8.2 9.0 12.0 14.5 27.0 31.0")
        .contains("SORTED descending 31.0 27.0 14.5 12.0 9.0 8.2 6.1 4.2 3.4")
        .contains("SORTED p - 1e-08 1e-07 1e-06 1e-05 0.0001 0.001 0.01 0.1")
        .contains("FOCUS true");
  }

  @Test
  void everyFigureFileIsAPicture() throws Exception {
    Path screenshot = folder.resolve("figure.png");
    run(
        "--window-size=900,600",
        "--screenshot=" + screenshot,
        folder.resolve("delete-each.svg").toUri().toString());

    assertThat(Files.size(screenshot)).isGreaterThan(10_000);
  }

  private static String look(int width) throws Exception {
    return run(
        "--window-size=" + width + ",900",
        "--dump-dom",
        folder.resolve("probed.html").toUri().toString());
  }

  private static String run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--virtual-time-budget=5000",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the browser ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, UTF_8);
  }
}
