package io.github.resnetensembles.model;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Says where a result comes from. */
final class Provenances {
  private static final String VERSION = "/io/github/resnetensembles/version.properties";

  private Provenances() {}

  static Provenance of(
      Network network,
      Optional<Fingerprint> fingerprint,
      String dataSha256,
      String data,
      Optional<KnownDataset> dataset,
      int batchSize,
      double seconds,
      long blockEvaluations) {
    Network.NetworkInfo info = network.info();
    return Provenance.builder(info.weightsSha256(), network.architecture(), dataSha256, data)
        .trained(info.trained())
        .assumed(info.assumed())
        .dataset(dataset)
        .precision(info.precision())
        .batchSize(batchSize)
        .fingerprint(fingerprint)
        .runs(
            List.of(
                Provenance.Run.builder()
                    .libraryVersion(libraryVersion())
                    .backend(info.backend())
                    .engine(info.engine())
                    .engineBuild(info.engineBuild())
                    .instructions(info.instructions())
                    .device(info.device())
                    .threads(network.workers())
                    .seconds(seconds)
                    .blockEvaluations(blockEvaluations)
                    .build()))
        .build();
  }

  /** Of a run that was not made. */
  static Provenance unrun(OpenNetwork open, Network network, ImageSet images, RunOptions options) {
    Provenance alone =
        of(
            network,
            Optional.of(open.fingerprint(Cancellation::checkInterrupt)),
            images.sha256(),
            images.name(),
            images.dataset(),
            options.batchSize(),
            0,
            0);
    return alone.toBuilder().wiringsAtOnce(options.wiringsAtOnce()).build();
  }

  /**
   * Of a study in which several wirings may share a call.
   *
   * @param flips the records that {@link FlipSearch} found
   */
  static Provenance ofStudy(
      Network network, RunOptions options, List<Integer> flips, Provenance alone) {
    return alone.toBuilder()
        .wiringsAtOnce(options.wiringsAtOnce())
        .flips(FlipSearch.of(network).map(search -> flips))
        .build();
  }

  /** As the build wrote it. */
  private static String libraryVersion() {
    try (InputStream in = Provenances.class.getResourceAsStream(VERSION)) {
      if (in == null) {
        throw new IllegalStateException("the library's jar lacks " + VERSION);
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + VERSION, e);
    }
  }
}
