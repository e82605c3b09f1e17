package io.github.resnetensembles.examples.plots;

import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.github.resnetensembles.examples.plots.ChartTexts.Found;
import io.github.resnetensembles.report.Figure;
import java.awt.Font;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.knowm.xchart.XYChart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A figure as SVG, in which text is text and a title and a description stand for the picture. */
final class SvgChart {
  private static final String FONTS =
      "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif";

  private static final Pattern FONT = Pattern.compile("font(-[a-z]+)?:[^;]*;?");
  private static final Pattern COLOR = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
  private static final Pattern REFERENCE = Pattern.compile("url\\(#([^)]*)\\)");

  private final String prefix;
  private final UnaryOperator<String> colors;
  private final Map<String, String> ids = new HashMap<>();

  private SvgChart(String prefix, UnaryOperator<String> colors) {
    this.prefix = prefix;
    this.colors = colors;
  }

  /** A file of its own. */
  static String file(Figure figure) {
    return new SvgChart(figure.name(), UnaryOperator.identity()).write(figure, FigureSize.FILE);
  }

  /**
   * An element of a page: as wide as the page lets it be. Every colour is a CSS variable ({@code
   * --c-1a1a1a}), so that the page's style sheet can change it.
   *
   * @param prefix begins the ids inside
   */
  static String element(Figure figure, FigureSize size, String prefix) {
    return new SvgChart(prefix, style -> COLOR.matcher(style).replaceAll(match -> variable(match)))
        .write(figure, size);
  }

  private String write(Figure figure, FigureSize size) {
    FigureChart drawing = FigureChart.of(figure, size);
    XYChart chart = drawing.chart();
    TextGraphics graphics = new TextGraphics(drawing.texts());
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    Document document = parse(svg(graphics, chart));
    Element svg = document.getDocumentElement();
    setFonts(svg, graphics.drawn());
    adapt(svg);
    List.of("x", "y", "version", "xmlns:xlink").forEach(svg::removeAttribute);
    svg.setAttribute("width", Integer.toString(chart.getWidth()));
    svg.setAttribute("height", Integer.toString(chart.getHeight()));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-labelledby", prefix + "-title " + prefix + "-description");
    describe(svg, "desc", prefix + "-description", figure.description());
    describe(svg, "title", prefix + "-title", figure.title());
    return text(svg);
  }

  private static void describe(Element svg, String tag, String id, String text) {
    Element element = svg.getOwnerDocument().createElementNS(svg.getNamespaceURI(), tag);
    element.setAttribute("id", id);
    element.setTextContent(text);
    svg.insertBefore(element, svg.getFirstChild());
  }

  /** Readers' fonts are others: each text is stretched to the width that the chart was made for. */
  private static void setFonts(Element svg, List<Found> drawn) {
    NodeList elements = svg.getElementsByTagName("text");
    for (int i = 0; i < elements.getLength(); i++) {
      Element text = (Element) elements.item(i);
      Font font = drawn.get(i).font();
      text.setAttribute("style", FONT.matcher(text.getAttribute("style")).replaceAll(""));
      text.setAttribute("font-family", FONTS);
      text.setAttribute("font-size", Integer.toString(font.getSize()));
      text.setAttribute("font-weight", font.isBold() ? "bold" : "normal");
      text.setAttribute("textLength", String.format(Locale.ROOT, "%.1f", drawn.get(i).advance()));
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
  }

  private void adapt(Element element) {
    if (element.hasAttribute("id")) {
      element.setAttribute("id", unique(element.getAttribute("id")));
    }
    for (String name : List.of("style", "clip-path")) {
      if (element.hasAttribute(name)) {
        String value = element.getAttribute(name);
        value =
            REFERENCE.matcher(value).replaceAll(match -> "url(#" + unique(match.group(1)) + ")");
        element.setAttribute(name, colors.apply(value));
      }
    }
    NodeList children = element.getChildNodes();
    IntStream.range(0, children.getLength())
        .mapToObj(children::item)
        .filter(child -> child.getNodeType() == Node.ELEMENT_NODE)
        .forEach(child -> adapt((Element) child));
  }

  private String unique(String old) {
    return ids.computeIfAbsent(old, name -> prefix + "-" + (ids.size() + 1));
  }

  private static String variable(MatchResult rgb) {
    String hex =
        String.format(
            Locale.ROOT,
            "%02x%02x%02x",
            Integer.parseInt(rgb.group(1)),
            Integer.parseInt(rgb.group(2)),
            Integer.parseInt(rgb.group(3)));
    return "var(--c-" + hex + ",#" + hex + ")";
  }

  private static byte[] svg(TextGraphics graphics, XYChart chart) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(chart.getWidth(), chart.getHeight()))
          .writeTo(bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("a chart could not be drawn", e);
    }
  }

  private static Document parse(byte[] svg) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      // The DTD that the document names is on the network.
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("a chart's SVG cannot be read", e);
    }
  }

  private static String text(Element svg) {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter text = new StringWriter();
      transformer.transform(new DOMSource(svg), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("a chart's SVG cannot be written", e);
    }
  }
}
