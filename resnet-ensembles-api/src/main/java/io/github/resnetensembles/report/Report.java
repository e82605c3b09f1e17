package io.github.resnetensembles.report;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.result.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What several results say together, as data: sections with findings, figures and tables. {@code
 * ReportPage} of the examples module makes a page of it.
 *
 * <pre>{@code
 * Report.of(each, many, order, exact).writeTo(Path.of("report"));
 * }</pre>
 *
 * <p>The network of the first result is the one that the report is about. Results under other
 * labels are its controls: a plain twin, a twin trained with stochastic depth or with some paths
 * only, known by their architecture and recipe. Texts, figures and tables depend on the results
 * alone, not on the machine or on when they were computed. Error rates are in percent in texts,
 * figures and tables, as their labels say, and in [0, 1] in the files of results.
 *
 * @param title what it is about
 * @param claims of the paper, judged by fixed rules; of none where nothing is asked of them
 * @param headline the figures that stand beside the claims: single deletions, where there are some
 * @param sections in the order of their kinds; only those that there is a result for
 * @param results what it was computed from
 */
public record Report(
    String title,
    List<Claim> claims,
    List<Figure> headline,
    List<ReportSection> sections,
    List<LabelledResult> results) {
  /**
   * Copies the lists.
   *
   * @param title what it is about
   * @param claims of the paper, judged
   * @param headline the figures that stand beside the claims
   * @param sections in the order of their kinds
   * @param results what it was computed from
   * @throws InvalidInputException if two figures, tables or results have the same name, or the
   *     title is long or cannot be shown
   */
  public Report {
    claims = List.copyOf(claims);
    headline = List.copyOf(headline);
    sections = List.copyOf(sections);
    results = List.copyOf(results);
    Require.present("title", title);
    ReportText.checkTitle(title);
    ReportText.check(headline, sections, results);
  }

  /**
   * A report on results, each labelled with the name of its network: {@link #builder()} and {@link
   * Builder#add(Result...)}.
   *
   * @param results at least one; the first one's network is the one that the report is about,
   *     others are its controls
   * @return the report
   * @throws InvalidInputException as {@link Builder#build()} does
   */
  public static Report of(Result... results) {
    return builder().add(results).build();
  }

  /** {@return a report in the making, without any result} */
  public static Builder builder() {
    return ReportBuilder.empty();
  }

  /** {@return all figures: those beside the claims, then those of each section} */
  public List<Figure> figures() {
    return Stream.concat(
            headline.stream(), sections.stream().flatMap(section -> section.figures().stream()))
        .toList();
  }

  /** {@return this report as JSON, with everything but the results' raw rows} */
  public String toJson() {
    return ReportText.json(this);
  }

  /**
   * Writes {@code report.json}, the claims as {@code claims.csv}, and the data behind each figure,
   * table and result in files of their own names beside it ({@code NAME.json}, and {@code NAME.csv}
   * for figures and tables).
   *
   * @param folder where; it is created
   * @throws FileAccessException if it cannot be written
   */
  public void writeTo(Path folder) {
    ReportText.write(this, folder);
  }

  /**
   * A result with the name of its network.
   *
   * @param label the network, as readers shall see it
   * @param name short and unique in the report: files are named after it
   * @param result the result
   */
  public record LabelledResult(String label, String name, Result result) {
    /**
     * Checks the components.
     *
     * @param label the network
     * @param name short and unique in the report
     * @param result the result
     * @throws InvalidInputException if the label has more than 400 characters, or one that cannot
     *     be shown: control and format characters, ends of lines, halves of pairs
     */
    public LabelledResult {
      Require.present("label", label);
      ReportText.checkNetwork(label);
      Require.present("name", name);
      Require.present("result", result);
    }
  }

  /** A report in the making. Immutable: every setting returns a changed copy. */
  public interface Builder {
    /**
     * Sets the title; "Residual networks taken apart: NETWORK" unless set.
     *
     * @param title what the report is about
     * @return the changed copy
     * @throws InvalidInputException if it is long, or has a character that cannot be shown
     */
    Builder title(String title);

    /**
     * Adds results, each labelled with the name of its network: the label that another result of
     * the same weights was given, or else its architecture's name, with the beginning of the
     * weights' hash where networks of other weights have that name too.
     *
     * @param results any number
     * @return the changed copy
     */
    Builder add(Result... results);

    /**
     * Adds results of one network.
     *
     * @param label the network, as readers shall see it
     * @param results any number
     * @return the changed copy
     * @throws InvalidInputException if the label is long, or has a character that cannot be shown
     */
    Builder add(String label, Result... results);

    /**
     * Says how to do a section again. Nothing is said of sections that there is no result for.
     *
     * @param kind the section
     * @param commandLines one each
     * @return the changed copy
     * @throws InvalidInputException if one is long, or has a character that cannot be shown, such
     *     as the end of a line
     */
    Builder commands(ReportSection.Kind kind, String... commandLines);

    /**
     * Adds a paragraph to a section, if there is a result for it.
     *
     * @param kind the section
     * @param paragraph what readers shall know besides
     * @return the changed copy
     * @throws InvalidInputException if it is long, or has a character that cannot be shown, such as
     *     the end of a line
     */
    Builder note(ReportSection.Kind kind, String paragraph);

    /**
     * Draws the results without reporting on them: the figures that their sections have, each with
     * its data set and number of images in the title; the lesions by name where no section is about
     * them; and the error of each class of an evaluation. What a report refuses because statistics
     * need more images or draws is drawn without their intervals. Results of one name that would
     * share a figure are numbered.
     *
     * @return the figures, at least one
     * @throws InvalidInputException if there is no result, or one has nothing to draw
     * @throws RunInterruptedException if the thread was interrupted
     */
    List<Figure> figures();

    /**
     * Makes the report: every result goes to the sections that it belongs to.
     *
     * @return the report
     * @throws InvalidInputException if there is no result, or one has nothing to show: no row,
     *     fewer than two draws of a k, a single image, images of a single class, lesions that no
     *     section is about; or if two lesion reports of one network are of the same study. The
     *     message names it
     * @throws RunInterruptedException if the thread was interrupted
     */
    Report build();
  }
}
