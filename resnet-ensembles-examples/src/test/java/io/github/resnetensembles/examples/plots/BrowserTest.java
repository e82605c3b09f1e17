package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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

  /** Tells the page around it what the page is as it opens, and which texts of figures overlap. */
  private static final String OPENED =
      """
      <script>
      window.addEventListener('load', function () {
        var said = [];
        function bottom(selector) {
          return Math.round(document.querySelector(selector).getBoundingClientRect().bottom);
        }
        said.push('open ' + document.querySelectorAll('details[open]').length);
        said.push('overflow ' + (document.documentElement.scrollWidth > window.innerWidth));
        said.push('height ' + document.documentElement.scrollHeight);
        said.push('claims ' + document.querySelectorAll('.claims tbody tr').length
            + ' end at ' + bottom('.claims'));
        said.push('headline begins at '
            + Math.round(document.querySelector('.headline svg').getBoundingClientRect().top));
        said.push('loaded ' + performance.getEntriesByType('resource').length);
        document.querySelectorAll('details').forEach(function (details) {
          details.open = true;
        });
        var drawn = 0;
        document.querySelectorAll('figure').forEach(function (figure) {
          figure.querySelectorAll('svg').forEach(function (svg) {
            if (svg.getBoundingClientRect().width === 0) {
              return;
            }
            drawn++;
            var texts = [].map.call(svg.querySelectorAll('text'), function (text) {
              return {words: text.textContent, box: text.getBoundingClientRect()};
            });
            texts.forEach(function (a, i) {
              texts.slice(i + 1).forEach(function (b) {
                var wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
                var high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
                if (wide > 0 && high > 0) {
                  said.push('OVERLAP ' + figure.id + ' [' + a.words + '] [' + b.words + '] '
                      + wide.toFixed(1) + ' x ' + high.toFixed(1));
                }
              });
            });
          });
        });
        said.push('figures ' + drawn);
        parent.postMessage('WIDTH ' + window.innerWidth + '\\n' + said.join('\\n'), '*');
      });
      </script>
      """;

  /** Frames may be narrower than windows. */
  private static final String FRAMES =
      """
      <!DOCTYPE html>
      <body>
      <script>
      window.addEventListener('message', function (event) {
        var pre = document.createElement('pre');
        pre.textContent = event.data;
        document.body.appendChild(pre);
      });
      [1400, 800, 390].forEach(function (width) {
        var frame = document.createElement('iframe');
        frame.width = width;
        frame.height = 900;
        frame.style.border = 0;
        frame.src = 'opened.html';
        document.body.appendChild(frame);
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
    String page = Files.readString(folder.resolve("report.html"));
    Files.writeString(folder.resolve("probed.html"), page.replace("</body>", PROBE + "</body>"));
    Files.writeString(folder.resolve("opened.html"), page.replace("</body>", OPENED + "</body>"));
    Files.writeString(folder.resolve("frames.html"), FRAMES);
  }

  @Test
  void opensWithTheClaimsOnOneScreenAndFitsScreensOfAnyWidth() throws Exception {
    String seen =
        run(
            "--window-size=1500,1000",
            "--dump-dom",
            folder.resolve("frames.html").toUri().toString());

    List<String> pages =
        Pattern.compile("<pre>(WIDTH .*?)</pre>", Pattern.DOTALL)
            .matcher(seen)
            .results()
            .map(page -> page.group(1))
            .toList();
    assertThat(pages).hasSize(3);
    for (String width : List.of("1400", "800", "390")) {
      assertThat(pages)
          .filteredOn(page -> page.startsWith("WIDTH " + width + "\n"))
          .singleElement()
          .asString()
          .contains("open 0\n", "overflow false\n", "loaded 0\n", "claims 8 ", "figures 10")
          .doesNotContain("OVERLAP");
    }
    String wide =
        pages.stream().filter(page -> page.startsWith("WIDTH 1400")).findFirst().orElseThrow();
    assertThat(number(wide, "end at (\\d+)")).isLessThanOrEqualTo(900);
    assertThat(number(wide, "headline begins at (\\d+)")).isLessThan(900);
    assertThat(number(wide, "height (\\d+)")).isLessThanOrEqualTo(8000);
  }

  private static int number(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void printsOnFewPages() throws Exception {
    Path pdf = folder.resolve("report.pdf");
    run(
        "--print-to-pdf=" + pdf,
        "--no-pdf-header-footer",
        folder.resolve("report.html").toUri().toString());

    long pages =
        Pattern.compile("/Type\\s*/Page\\b")
            .matcher(Files.readString(pdf, ISO_8859_1))
            .results()
            .count();
    assertThat(pages).isBetween(1L, 8L);
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
      assertThat(figures).hasSize(10);
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
