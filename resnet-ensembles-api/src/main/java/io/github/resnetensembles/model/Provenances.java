package io.github.resnetensembles.model;

import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.Optional;

/** Says where a result comes from. */
final class Provenances {
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
    return new Provenance(
        info.weightsSha256(),
        info.trained(),
        network.architecture(),
        dataSha256,
        data,
        dataset,
        info.precision(),
        batchSize,
        fingerprint,
        List.of(
            Provenance.Run.builder()
                .libraryVersion(LibraryVersion.get())
                .backend(info.backend())
                .engine(info.engine())
                .device(info.device())
                .threads(network.workers())
                .seconds(seconds)
                .blockEvaluations(blockEvaluations)
                .build()));
  }
}
