package io.github.resnetensembles;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Text that steers terminals, turns lines round, breaks files or fills them. */
public final class HostileText {
  /** Beside it, what a message says of itself. */
  private static final int LONGEST_MESSAGE = 1500;

  private static final Pattern NOT_SHOWN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Cn}]");

  private HostileText() {}

  /** Each is one character within words, but for the last, which is a million of them. */
  public static List<String> all() {
    return List.of(
        "a\u001b[2Jb",
        "a\u0000b",
        "a\nb",
        "a\rb",
        "a\u0085b",
        "a\u009bb",
        "a\u2028b",
        "a\u202eb",
        "a\u200bb",
        "a\ufeffb",
        "a\ud800b",
        "a\udc00b",
        "a\uffffb",
        "a\ufdd0b",
        "a\udb40\udc01b",
        "x".repeat(1 << 20));
  }

  /**
   * Text goes in, and is refused in one clear line, or comes out so that it can be shown.
   *
   * @param what names the way that the text took
   * @param outputs what users see of it
   */
  public static void check(String what, ThrowingSupplier<List<String>> outputs) {
    List<String> shown;
    try {
      shown = outputs.get();
    } catch (RuntimeException e) {
      assertThat(e)
          .as(what)
          .isInstanceOfAny(
              InvalidInputException.class,
              IllegalArgumentException.class,
              FileAccessException.class);
      isShown(what, String.valueOf(e.getMessage()));
      assertThat(e.getMessage()).as(what).hasSizeLessThan(LONGEST_MESSAGE);
      return;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    for (String text : shown) {
      assertThat(text).as(what).hasSizeLessThan(1 << 19);
      text.lines().forEach(line -> isShown(what, line));
      assertThat(text).as(what).doesNotContain("\r", "a\nb");
    }
  }

  private static void isShown(String what, String text) {
    assertThat(NOT_SHOWN.matcher(text).find())
        .as("%s has a character that is not shown: %s", what, Names.shorten(text))
        .isFalse();
  }

  /** All that a text in JSON says, with one of its texts exchanged at a time. */
  public static List<String> withEachTextReplaced(String json, String by) {
    List<String> changed = new ArrayList<>();
    JsonElement tree = JsonParser.parseString(json);
    visit(
        tree,
        setter -> {
          JsonElement before = setter.get();
          setter.set(new JsonPrimitive(by));
          changed.add(tree.toString());
          setter.set(before);
        });
    return changed;
  }

  /** A place in a tree. */
  private record Place(JsonElement parent, String field, int index) {
    JsonElement get() {
      return parent instanceof JsonObject object
          ? object.get(field)
          : parent.getAsJsonArray().get(index);
    }

    void set(JsonElement value) {
      if (parent instanceof JsonObject object) {
        object.add(field, value);
      } else {
        parent.getAsJsonArray().set(index, value);
      }
    }
  }

  private static void visit(JsonElement element, Consumer<Place> texts) {
    List<Place> places = new ArrayList<>();
    if (element instanceof JsonObject object) {
      object.keySet().forEach(field -> places.add(new Place(object, field, 0)));
    } else if (element instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        places.add(new Place(array, "", i));
      }
    }
    for (Place place : places) {
      if (place.get() instanceof JsonPrimitive primitive && primitive.isString()) {
        texts.accept(place);
      } else {
        visit(place.get(), texts);
      }
    }
  }
}
