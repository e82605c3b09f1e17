package io.github.resnetensembles.djl.internal;

import ai.djl.Device;

/**
 * How processor threads are shared out between batches and within one engine call.
 *
 * @param workers batches at a time
 * @param perCall engine threads for one call
 */
record Threads(int workers, int perCall) {
  static Threads of(Device device, int threads) {
    return device.isGpu() ? new Threads(1, threads) : new Threads(threads, 1);
  }
}
