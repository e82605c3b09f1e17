package io.github.resnetensembles.djl.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import com.google.common.collect.Streams;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.internal.PartsDescription.BlockFiles;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A folder of TorchScript modules. Every file is read once, so that what runs is what the hash is
 * of, and none outside of the folder.
 */
final class PartsFolder {
  private static final String DESCRIPTION = "model.json";
  private static final int MAX_DESCRIPTION_BYTES = 1 << 20;

  private final Path folder;
  private final MessageDigest digest = OwnParts.sha256();
  private final PartsDescription description;

  private PartsFolder(Path folder) {
    this.folder = folder;
    this.description = PartsDescription.parse(readDescription(), Names.path(file()));
  }

  /** Opens a folder and reads what it says of its modules. */
  static PartsFolder open(Path directory) {
    try {
      Path folder = directory.toRealPath();
      if (!Files.isDirectory(folder)) {
        throw new InvalidInputException(
            "%s is no folder of TorchScript modules: name the folder that holds %s"
                .formatted(Names.path(directory), DESCRIPTION));
      }
      return new PartsFolder(folder);
    } catch (IOException e) {
      throw FileAccessException.reading(directory, e);
    }
  }

  /** The description. */
  private Path file() {
    return folder.resolve(DESCRIPTION);
  }

  private String readDescription() {
    Path file = file();
    try (InputStream in = Files.newInputStream(inside("the description", DESCRIPTION))) {
      byte[] bytes = in.readNBytes(MAX_DESCRIPTION_BYTES + 1);
      if (bytes.length > MAX_DESCRIPTION_BYTES) {
        throw new InvalidInputException(
            "%s has more than %s bytes: it describes no folder of modules"
                .formatted(Names.path(file), MAX_DESCRIPTION_BYTES));
      }
      put(DESCRIPTION, OwnParts.sha256().digest(bytes));
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(
          ("%s has no %s, which says what its modules are; docs/export_parts.py of this library"
                  + " writes such a folder from PyTorch")
              .formatted(Names.path(folder), DESCRIPTION),
          e);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException("cannot read " + Names.path(file) + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  private void put(String name, byte[] hash) {
    digest.update(
        (name + "\n" + HexFormat.of().formatHex(hash) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PartsDescription description() {
    return description;
  }

  /** {@return what results call the network} */
  String name() {
    Path name = folder.getFileName();
    return name == null || name.toString().isBlank()
        ? "torchscript"
        : Names.oneLine(name.toString());
  }

  /** Loads every module, in the order of the hash. */
  OwnParts load(NDManager manager) {
    Block stem = module(manager, "the stem", description.stem());
    List<DjlBlock> blocks = new ArrayList<>();
    for (BlockFiles files : description.blocks()) {
      String suffix = " of block " + (blocks.size() + 1);
      DjlBlock block = DjlBlock.of(module(manager, "the branch" + suffix, files.branch()));
      if (files.skip().isPresent()) {
        block = block.withSkip(module(manager, "the skip connection" + suffix, files.skip().get()));
      }
      if (files.post().isPresent()) {
        String post = files.post().get();
        block =
            block.withPost(
                post.equals(PartsDescription.RELU)
                    ? Activation.reluBlock()
                    : module(manager, "the post function" + suffix, post));
      }
      blocks.add(block);
    }
    return new OwnParts(stem, blocks, module(manager, "the head", description.head()));
  }

  /** {@return the SHA-256 of the description and of all modules that were loaded} */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private Block module(NDManager manager, String part, String name) {
    Path file = find(part, name);
    ModuleArchive.check(part, file);
    MessageDigest hash = OwnParts.sha256();
    try (InputStream in =
        new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), hash)) {
      Block module = new ModuleBlock(Torch.load(manager, in));
      in.transferTo(OutputStream.nullOutputStream());
      put(name, hash.digest());
      return module;
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    } catch (EngineException e) {
      throw new InvalidInputException(
          "%s, %s, cannot be loaded by %s: %s"
              .formatted(
                  part,
                  Names.path(file),
                  TorchEngine.load().description(),
                  Names.oneLine(TorchEngine.firstLine(e))),
          e);
    }
  }

  private Path find(String part, String name) {
    try {
      return inside(part, name);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(
          "%s names '%s' as %s, and there is no such file in the folder"
              .formatted(Names.path(file()), Names.shorten(name), part),
          e);
    } catch (IOException e) {
      throw FileAccessException.reading(folder.resolve(name), e);
    }
  }

  /** {@return a regular file that lies in this folder, also where links lead to it} */
  private Path inside(String part, String name) throws IOException {
    try {
      Path path = Path.of(name);
      Path file = folder.resolve(path);
      if (!name.isBlank()
          && path.getRoot() == null
          && !file.normalize().equals(folder)
          && !Streams.stream(path).anyMatch(step -> step.toString().equals(".."))) {
        Unreadable.requireRegular(file);
        Path real = file.toRealPath();
        if (real.startsWith(folder)) {
          return real;
        }
      }
    } catch (InvalidPathException e) {
      // Refused below, as every other name that is none of a file in the folder.
    }
    throw new InvalidInputException(
        ("%s names '%s' as %s: a part is a file in the folder itself, by a relative path without"
                + " '..' and without links that lead elsewhere")
            .formatted(Names.path(file()), Names.shorten(name), part));
  }
}
