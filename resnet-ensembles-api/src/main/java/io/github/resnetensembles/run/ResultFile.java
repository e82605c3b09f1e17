package io.github.resnetensembles.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Result;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A result as a store keeps it: gzip-compressed lines of JSON. The first is the result without its
 * rows, then comes a line for each row, and the last counts them.
 */
final class ResultFile implements AutoCloseable {
  static final String SUFFIX = ".jsonl.gz";

  private static final String ROWS = "rows";
  private static final String END = "end";

  /** What stands in the first line in place of the rows. */
  private static final String ELSEWHERE = "in lines";

  private static final String FIELD = "\"" + ROWS + "\":";

  /** Where rows belong. */
  private static final String HERE = FIELD + "\"" + ELSEWHERE + "\"";

  private static final int BUFFER = 1 << 16;

  /** A file that is not what was written. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The JDK's stream has no other way to choose a level. */
  private static final class LevelOutputStream extends GZIPOutputStream {
    LevelOutputStream(OutputStream out, int level) throws IOException {
      super(out, BUFFER);
      def.setLevel(level);
    }
  }

  private final Path file;
  private final BufferedReader lines;
  private final String head;
  private @Nullable String next;
  private long rows;

  private ResultFile(Path file, BufferedReader lines) throws IOException, DamagedException {
    this.file = file;
    this.lines = lines;
    this.head = line();
    advance();
  }

  /** Opens a file; empty if there is none. */
  static Optional<ResultFile> open(Path file) throws DamagedException {
    try {
      InputStream in = Files.newInputStream(file);
      try {
        return Optional.of(
            new ResultFile(
                file,
                new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(in, BUFFER), UTF_8), BUFFER)));
      } catch (IOException | DamagedException | RuntimeException | Error e) {
        in.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (EOFException | ZipException e) {
      throw new DamagedException(Names.path(file) + " is damaged", e);
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  /** Writes a result. */
  static void write(Path file, Result result) {
    JsonObject head = JsonMappings.tree(result).getAsJsonObject();
    JsonElement rows = head.get(ROWS);
    boolean some = withoutRows(head);
    write(
        file,
        JsonNode.write(head),
        some ? texts(rows.getAsJsonArray()) : List.<String>of().iterator());
  }

  /** A result without its rows, as JSON. */
  static JsonObject head(Result result) {
    JsonObject head = JsonMappings.tree(result).getAsJsonObject();
    boolean unused = withoutRows(head);
    return head;
  }

  /** Leaves a word for the rows; false if there are none. */
  private static boolean withoutRows(JsonObject head) {
    JsonElement rows = head.get(ROWS);
    boolean some = rows != null && rows.isJsonArray();
    if (some) {
      head.addProperty(ROWS, ELSEWHERE);
    }
    return some;
  }

  private static Iterator<String> texts(JsonArray rows) {
    Iterator<JsonElement> elements = rows.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public String next() {
        return JsonNode.write(elements.next());
      }
    };
  }

  /** Writes lines as they come. */
  static void write(Path file, String head, Iterator<String> rows) {
    write(file, head, rows, Deflater.DEFAULT_COMPRESSION);
  }

  /** Writes lines as they come into a file that is soon removed: faster, and not as small. */
  static void writeFast(Path file, String head, Iterator<String> rows) {
    write(file, head, rows, Deflater.BEST_SPEED);
  }

  private static void write(Path file, String head, Iterator<String> rows, int level) {
    AtomicFiles.write(
        file,
        out -> {
          GZIPOutputStream zipped = new LevelOutputStream(out, level);
          // To compress line by line takes longer.
          OutputStream buffered = new BufferedOutputStream(zipped, BUFFER);
          writeLine(buffered, head);
          long count = 0;
          while (rows.hasNext()) {
            writeLine(buffered, rows.next());
            count++;
          }
          JsonObject end = new JsonObject();
          end.addProperty(END, count);
          writeLine(buffered, JsonNode.write(end));
          buffered.flush();
          zipped.finish();
        });
  }

  private static void writeLine(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(UTF_8));
    out.write('\n');
  }

  /** The result without its rows, as JSON. */
  String head() {
    return head;
  }

  /** Whether there is another row. */
  boolean hasNext() {
    return next != null;
  }

  /** The next row, as JSON. */
  String next() throws DamagedException {
    String row = next;
    if (row == null) {
      throw new IllegalStateException("no more rows in " + file);
    }
    rows++;
    try {
      advance();
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
    return row;
  }

  private void advance() throws IOException, DamagedException {
    String line = line();
    if (!line.startsWith("{\"" + END + "\":")) {
      next = line;
      return;
    }
    next = null;
    if (!line.equals("{\"" + END + "\":" + rows + "}") || !ended()) {
      throw damaged(null);
    }
  }

  /** Reads the checksum, too. */
  private boolean ended() throws IOException, DamagedException {
    try {
      return lines.read() < 0;
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  private String line() throws IOException, DamagedException {
    try {
      String line = lines.readLine();
      if (line == null) {
        throw damaged(null);
      }
      return line;
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  private DamagedException damaged(@Nullable Throwable cause) {
    return new DamagedException(Names.path(file) + " is damaged", cause);
  }

  /** The whole result. */
  <R extends Result> R read(Class<R> type) throws DamagedException {
    List<String> all = new ArrayList<>();
    while (hasNext()) {
      all.add(next());
    }
    return read(type, head, all);
  }

  /** As {@link ResultStore#toJson}. */
  static void toJson(Path file, Path json) {
    try (ResultFile open =
        open(file)
            .orElseThrow(
                () ->
                    FileAccessException.reading(file, new NoSuchFileException(file.toString())))) {
      AtomicFiles.write(json, open::copyTo);
    } catch (DamagedException e) {
      throw noResult(file, e);
    }
  }

  private static InvalidInputException noResult(Path file, DamagedException e) {
    return new InvalidInputException(
        "%s is damaged, or no result as a store keeps it; merge again, or name another file"
            .formatted(Names.path(file)),
        e);
  }

  /** Writes the whole result as one JSON text, row by row. */
  private void copyTo(OutputStream out) throws IOException {
    try {
      copyRows(out);
    } catch (DamagedException e) {
      throw noResult(file, e);
    }
  }

  private void copyRows(OutputStream out) throws IOException, DamagedException {
    int place = head.indexOf(HERE);
    String before = place < 0 ? head : head.substring(0, place) + FIELD + "[";
    out.write(before.getBytes(UTF_8));
    for (long row = 0; hasNext(); row++) {
      out.write(((row == 0 ? "" : ",") + next()).getBytes(UTF_8));
    }
    if (place >= 0) {
      out.write(("]" + head.substring(place + HERE.length())).getBytes(UTF_8));
    }
  }

  /** A result of some of the rows. */
  static <R extends Result> R read(Class<R> type, String head, List<String> rows)
      throws DamagedException {
    try {
      String json = head.replace(HERE, FIELD + "[" + String.join(",", rows) + "]");
      return JsonNode.parse(json, "a result of the store").as(type);
    } catch (InvalidInputException e) {
      throw new DamagedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      // Everything that was wanted was read.
    }
  }
}
