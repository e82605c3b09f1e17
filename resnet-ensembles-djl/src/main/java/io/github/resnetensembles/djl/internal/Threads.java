package io.github.resnetensembles.djl.internal;

import ai.djl.Device;

/**
 * How processor threads are shared out between batches and within one engine call. On a processor
 * every thread runs a batch of its own: within a call, threads wait for each other after every
 * layer. It takes a batch of memory for each thread.
 *
 * @param workers batches at a time
 * @param perCall engine threads for one call
 */
record Threads(int workers, int perCall) {
  static Threads of(Device device, int threads) {
    return device.isGpu() ? new Threads(1, threads) : new Threads(threads, 1);
  }
}
