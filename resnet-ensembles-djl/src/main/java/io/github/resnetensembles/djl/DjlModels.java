package io.github.resnetensembles.djl;

import ai.djl.nn.Block;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.djl.internal.OwnNetworkBuilder;
import io.github.resnetensembles.djl.internal.TorchScriptModel;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.spi.Network;
import java.nio.file.Path;

/**
 * Models of the user's own DJL blocks and TorchScript modules, for every study of this library. A
 * network that hides its residual sums inside one block cannot be lesioned: say what its parts are.
 *
 * <p>The blocks must be initialised, all on one device and all in float32 or all in float64, and
 * map one array (N, C, H, W), or (N, T, D) of tokens, to one, the stem from pixels (N, C, H, W) and
 * the head to (N, classes). Tokens are features (D, T, 1) for the library. Their values must depend
 * on nothing but their input. They remain the user's: closing the model frees none of them, and
 * they must stay open as long as the model: see {@link Builder#keep}. They are run by several
 * threads at a time only if the caller does so, each call with an input of its own.
 *
 * <p>Implemented by this library alone.
 */
public interface DjlModels {
  /**
   * Starts the description of a network.
   *
   * @param name what results call the network, not blank
   * @param input what the stem is fed with
   * @return a builder without stem, blocks and head
   */
  static Builder builder(String name, InputSpec input) {
    return OwnNetworkBuilder.create(name, input);
  }

  /**
   * Starts opening a folder of TorchScript modules, the parts of a residual network. <strong>A
   * TorchScript file is a program: opening the folder executes what is in it</strong>, unlike
   * weights, which are read only. Open folders that you trust. {@code docs/export_parts.py} writes
   * one from PyTorch.
   *
   * <p>The folder holds {@code model.json}: {@code {"input": {"channels": 3, "size": 224, "mean":
   * […], "std": […]}, "stem": "stem.pt", "blocks": [{"branch": "b1.pt", "skip": "s1.pt", "post":
   * "relu"}, …], "head": "head.pt"}}. Images are square; mean and std are of x/255. A block is y =
   * post(skip(x) + branch(x)); without {@code skip} that is the identity, and without {@code post}
   * nothing follows; {@code post} is a file or {@code relu}. Files are named by relative paths and
   * lie in the folder.
   *
   * <p>Each module maps one array to one, the stem from (N, C, H, W) pixels and the head to (N,
   * classes). Features are (N, C, H, W), or tokens (N, T, D), which are features (D, T, 1) wherever
   * this library has shapes and values. The modules stay in eval mode, whatever is asked of them:
   * dropout does nothing and BatchNorm's statistics never change. All parameters are float32, or
   * all float64.
   *
   * <p>The model is called as the folder is; the hash of its weights is that of {@code model.json}
   * and of every module's file. The modules are the model's own: closing it frees them.
   *
   * @param directory with {@code model.json} and the modules
   * @return what opens it; nothing has been read yet
   */
  static TorchScript torchScript(Path directory) {
    return new TorchScriptModel(directory, ModelOptions.defaults());
  }

  /** A folder of TorchScript modules, to be opened. Immutable. */
  interface TorchScript {
    /**
     * Sets where the modules run.
     *
     * @param options device and threads. The precision is that of the modules: float64 is refused
     *     where they are float32
     * @return the changed copy
     */
    TorchScript options(ModelOptions options);

    /**
     * Loads the modules, which executes them, and finds the shapes by running one image and two.
     *
     * @return the network; the caller closes it
     * @throws io.github.resnetensembles.InvalidInputException if {@code model.json} is missing or
     *     wrong, a file is missing, lies outside of the folder or is no TorchScript module that the
     *     engine can load, or a part does not fit its neighbours, fails, depends on chance or on
     *     the other images of a batch; the message names the part
     * @throws io.github.resnetensembles.FileAccessException if a file cannot be read
     * @throws io.github.resnetensembles.BackendUnavailableException if the engine or the device is
     *     missing
     */
    Network network();

    /**
     * Opens {@link #network()} as a model.
     *
     * @return the model; the caller closes it
     * @throws io.github.resnetensembles.InvalidInputException as {@link #network()} does
     * @throws io.github.resnetensembles.FileAccessException if a file cannot be read
     * @throws io.github.resnetensembles.BackendUnavailableException if the engine or the device is
     *     missing
     */
    default ResidualModel open() {
      return ResidualModel.of(network());
    }
  }

  /** A network in the making. Immutable: every setting returns a changed copy. */
  interface Builder {
    /**
     * Sets the layers before block 1.
     *
     * @param stem from (N, C, H, W) pixels to y_0
     * @return the changed copy
     */
    Builder stem(Block stem);

    /**
     * Adds a residual block with an identity skip connection and nothing after the sum.
     *
     * @param branch its residual branch
     * @return the changed copy
     */
    default Builder block(Block branch) {
      return block(DjlBlock.of(branch));
    }

    /**
     * Adds a residual block.
     *
     * @param block its parts
     * @return the changed copy
     */
    Builder block(DjlBlock block);

    /**
     * Sets the layers after the last block.
     *
     * @param head from y_n to logits (N, classes), at least 2 classes
     * @return the changed copy
     */
    Builder head(Block head);

    /**
     * Sets the processor threads of one engine call.
     *
     * @param threads from 1 to 1024; 0, the default, means one for each processor
     * @return the changed copy
     * @throws io.github.resnetensembles.InvalidInputException if it is out of range
     */
    Builder threads(int threads);

    /**
     * Keeps something reachable for as long as the network is. A block that came from an {@code
     * ai.djl.Model} does not know that model, whose finalizer frees the block's memory as soon as
     * nobody else knows it: give the model here, or keep it yourself.
     *
     * @param owner such as the {@code ai.djl.Model} that a block came from; it stays the user's to
     *     close
     * @return the changed copy
     */
    Builder keep(Object owner);

    /**
     * Finds the shapes by running one image, and opens the network. Its architecture is opaque; the
     * hash of its weights covers everything that can be known of the parts, in the order stem,
     * blocks (branch, skip, post), head: name, shape and values of every parameter, running
     * statistics among them, and of every TorchScript module the whole archive as the engine writes
     * it, with buffers, constants and code. Java code in a block is not covered; results carry a
     * {@linkplain io.github.resnetensembles.result.Fingerprint fingerprint} for that.
     *
     * @return the network; the caller closes it
     * @throws io.github.resnetensembles.InvalidInputException if a part is missing, not
     *     initialised, of another type or device than the rest, does not fit its neighbours, or
     *     gives two results for one input; the message names the part
     * @throws io.github.resnetensembles.BackendUnavailableException if the engine is missing
     */
    Network network();

    /**
     * Opens {@link #network()} as a model.
     *
     * @return the model; the caller closes it
     * @throws io.github.resnetensembles.InvalidInputException as {@link #network()} does
     * @throws io.github.resnetensembles.BackendUnavailableException if the engine is missing
     */
    default ResidualModel open() {
      return ResidualModel.of(network());
    }
  }
}
