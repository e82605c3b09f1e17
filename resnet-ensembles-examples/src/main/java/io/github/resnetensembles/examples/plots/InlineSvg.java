package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.knowm.xchart.internal.chartpart.IChart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A chart as an SVG element within a page: text is text, ids are unique in the page, and every
 * colour is a CSS variable ({@code --c-1a1a1a}), so that the page's style sheet decides on it.
 */
final class InlineSvg {
  private static final Pattern COLOR = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
  private static final Pattern REFERENCE = Pattern.compile("url\\(#([^)]*)\\)");

  private final String id;
  private final Map<String, String> ids = new HashMap<>();

  private InlineSvg(String id) {
    this.id = id;
  }

  /**
   * Draws a chart.
   *
   * @param id begins the ids inside
   * @param title the short name for those who cannot see it
   * @param description what a reader sees
   */
  static String of(IChart chart, String id, String title, String description) {
    Document document = new InlineSvg(id).adapted(parse(draw(chart)));
    Element svg = document.getDocumentElement();
    for (String attribute : List.of("x", "y", "xmlns:xlink", "version", "width", "height")) {
      svg.removeAttribute(attribute);
    }
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-labelledby", id + "-title " + id + "-desc");
    svg.insertBefore(named(document, "desc", id + "-desc", description), svg.getFirstChild());
    svg.insertBefore(named(document, "title", id + "-title", title), svg.getFirstChild());
    return write(document);
  }

  private static Element named(Document document, String tag, String id, String text) {
    Element element = document.createElementNS(document.getDocumentElement().getNamespaceURI(), tag);
    element.setAttribute("id", id);
    element.setTextContent(text);
    return element;
  }

  private static byte[] draw(IChart chart) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      VectorGraphics2D graphics = new VectorGraphics2D();
      chart.paint(graphics, chart.getWidth(), chart.getHeight());
      new SVGProcessor()
          .getDocument(
              graphics.getCommands(), new PageSize(chart.getWidth(), chart.getHeight()))
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
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("a chart was drawn as SVG that cannot be read", e);
    }
  }

  private static String write(Document document) {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter text = new StringWriter();
      transformer.transform(
          new DOMSource(document.getDocumentElement()), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("a chart could not be written", e);
    }
  }

  private Document adapted(Document document) {
    adapt(document.getDocumentElement());
    return document;
  }

  private void adapt(Element element) {
    if (element.hasAttribute("id")) {
      element.setAttribute("id", unique(element.getAttribute("id")));
    }
    for (String attribute : List.of("style", "clip-path")) {
      if (element.hasAttribute(attribute)) {
        String value = element.getAttribute(attribute);
        value = REFERENCE.matcher(value).replaceAll(match -> "url(#" + unique(match.group(1)) + ")");
        element.setAttribute(
            attribute, COLOR.matcher(value).replaceAll(InlineSvg::variable));
      }
    }
    NodeList children = element.getChildNodes();
    IntStream.range(0, children.getLength())
        .mapToObj(children::item)
        .filter(child -> child.getNodeType() == Node.ELEMENT_NODE)
        .forEach(child -> adapt((Element) child));
  }

  private String unique(String old) {
    return ids.computeIfAbsent(old, name -> id + "-" + (ids.size() + 1));
  }

  private static String variable(MatchResult match) {
    String hex =
        String.format(
            "%02x%02x%02x",
            Integer.parseInt(match.group(1)),
            Integer.parseInt(match.group(2)),
            Integer.parseInt(match.group(3)));
    return "var(--c-" + hex + ",#" + hex + ")";
  }
}
