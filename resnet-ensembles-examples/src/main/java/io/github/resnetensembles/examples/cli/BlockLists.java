package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.Lesion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts that name blocks on the command line. */
final class BlockLists {
  private static final Pattern ITEM = Pattern.compile("(\\d{1,6})(?:\\.\\.(\\d{1,6}))?");
  private static final Pattern PAIR = Pattern.compile("(\\d{1,6})-(\\d{1,6})");
  private static final Pattern FACTOR = Pattern.compile("(\\d{1,6})=([^=]+)");

  /** More than any network has; ranges make many numbers of a short text. */
  private static final int MAX_BLOCKS = 1_000_000;

  private BlockLists() {}

  /** Reads {@code 3,7,9..12}. */
  static int[] blocks(String option, String text) {
    List<Integer> blocks = new ArrayList<>();
    for (String item : items(text)) {
      Matcher matcher = match(ITEM, option, item, "block numbers like 3,7 or 4..9");
      int from = Integer.parseInt(matcher.group(1));
      int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
      if (to < from) {
        throw new InvalidInputException(
            option + " takes ranges that ascend, got '" + item + "'; turn it round");
      }
      if (blocks.size() + (to - from) >= MAX_BLOCKS) {
        throw new InvalidInputException(
            option + " names more than " + MAX_BLOCKS + " blocks; name each block once");
      }
      for (int block = from; block <= to; block++) {
        blocks.add(block);
      }
    }
    return blocks.stream().mapToInt(block -> block).toArray();
  }

  /** Reads {@code 4-9,11-12}. */
  static Lesion swap(String option, String text) {
    List<Lesion.Pair> pairs = new ArrayList<>();
    for (String item : items(text)) {
      Matcher matcher = match(PAIR, option, item, "pairs of blocks like 4-9,11-12");
      pairs.add(
          new Lesion.Pair(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
    }
    return new Lesion.Swap(pairs);
  }

  /** Reads {@code 5=0.5,7=2}. */
  static Lesion scale(String option, String text) {
    List<Lesion> lesions = new ArrayList<>();
    for (String item : items(text)) {
      Matcher matcher = match(FACTOR, option, item, "blocks with factors like 5=0.5");
      lesions.add(
          Lesion.scale(Integer.parseInt(matcher.group(1)), factor(option, matcher.group(2))));
    }
    return Lesion.sequence(lesions);
  }

  private static double factor(String option, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidInputException(option + " takes a number as factor, got '" + text + "'", e);
    }
  }

  private static List<String> items(String text) {
    return Arrays.asList(text.split(",", -1));
  }

  private static Matcher match(Pattern pattern, String option, String item, String expected) {
    Matcher matcher = pattern.matcher(item.strip());
    if (!matcher.matches()) {
      throw new InvalidInputException(option + " takes " + expected + ", got '" + item + "'");
    }
    return matcher;
  }
}
