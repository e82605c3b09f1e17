package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One lesion flag; a list of these keeps the order in which flags were given. */
final class LesionFlag {
  private static final String EACH = "each";
  private static final String RANDOM = "random";

  /** Stands in for images that are not read yet. */
  private static final ReferenceSet ANY_REFERENCE = new ReferenceSet("0".repeat(64), 0, 1);

  @Option(
      names = "--delete",
      paramLabel = "each|random|pairs|subsets|LIST",
      description =
          "Deletes each block in turn, random blocks (--k), every pair, every set of at most 16, or"
              + " the blocks listed.")
  @Nullable String delete;

  @Option(
      names = "--delete-skip",
      paramLabel = "each|LIST",
      description = "Deletes the skip connection of each block in turn, or of the blocks listed.")
  @Nullable String deleteSkip;

  @Option(
      names = "--duplicate",
      paramLabel = "LIST|random",
      description = "Runs these blocks twice, or random ones (--k).")
  @Nullable String duplicate;

  @Option(
      names = "--swap",
      paramLabel = "LIST|random",
      description = "Exchanges blocks, as in 4-9,11-12, or random pairs inside stages (--pairs).")
  @Nullable String swap;

  @Option(
      names = "--scale",
      paramLabel = "B=F",
      description = "Multiplies the residual branch of block B by F.")
  @Nullable String scale;

  @Option(
      names = "--order",
      paramLabel = "FILE",
      description = "Runs the blocks in the order of a JSON array of all block numbers.")
  @Nullable Path order;

  @Option(
      names = "--keep-only",
      paramLabel = "LIST|none",
      description = "Keeps the one path through these blocks; 'none' keeps the skips alone.")
  @Nullable String keepOnly;

  @Option(
      names = "--replace-mean",
      paramLabel = "LIST",
      description = "Replaces these branches by their mean over the images of --reference.")
  @Nullable String replaceMean;

  @Option(
      names = "--resample",
      paramLabel = "LIST",
      description = "Replaces these branches by those for other images of --reference.")
  @Nullable String resample;

  private @Nullable Lesion readOrder;

  /** The sweep that this flag asks for; empty if it is a single lesion. */
  Optional<Sweep> sweep() {
    if (delete != null) {
      return switch (delete) {
        case EACH -> Optional.of(Sweep.DELETE_EACH);
        case "pairs" -> Optional.of(Sweep.DELETE_PAIRS);
        case "subsets" -> Optional.of(Sweep.DELETE_SUBSETS);
        case RANDOM -> Optional.of(Sweep.DELETE_RANDOM);
        default -> Optional.empty();
      };
    }
    if (EACH.equals(deleteSkip)) {
      return Optional.of(Sweep.DELETE_EACH_SKIP);
    }
    if (RANDOM.equals(duplicate)) {
      return Optional.of(Sweep.DUPLICATE_RANDOM);
    }
    return RANDOM.equals(swap) ? Optional.of(Sweep.SWAP_RANDOM) : Optional.empty();
  }

  /** Whether the lesion takes branch outputs of other images. */
  boolean takesReference() {
    return replaceMean != null || resample != null;
  }

  /** Checks what can be checked of a single lesion before images and network are read. */
  void check() {
    Lesion unused = lesion(() -> ANY_REFERENCE, 0);
  }

  /** Reads the order once: a pipe gives its text only once. */
  private Lesion order(Path file) {
    if (readOrder == null) {
      readOrder = Lesion.order(InputFiles.order(file));
    }
    return readOrder;
  }

  /** The single lesion that this flag asks for. */
  Lesion lesion(Supplier<ReferenceSet> reference, long seed) {
    if (delete != null) {
      return Lesion.delete(BlockLists.blocks("--delete", delete));
    }
    if (deleteSkip != null) {
      return Lesion.deleteSkip(BlockLists.blocks("--delete-skip", deleteSkip));
    }
    if (duplicate != null) {
      return Lesion.duplicate(BlockLists.blocks("--duplicate", duplicate));
    }
    if (swap != null) {
      return BlockLists.swap("--swap", swap);
    }
    if (scale != null) {
      return BlockLists.scale("--scale", scale);
    }
    if (order != null) {
      return order(order);
    }
    if (keepOnly != null) {
      return keepOnly.equals("none")
          ? Lesion.keepOnly()
          : Lesion.keepOnly(BlockLists.blocks("--keep-only", keepOnly));
    }
    if (replaceMean != null) {
      return Lesion.mean(reference.get(), BlockLists.blocks("--replace-mean", replaceMean));
    }
    String blocks = Objects.requireNonNull(resample, "picocli sets one option of the group");
    return Lesion.resample(reference.get(), seed, BlockLists.blocks("--resample", blocks));
  }
}
