package io.github.resnetensembles.djl.internal;

import ai.djl.Device;

/**
 * How processor threads are shared out between batches and within one engine call. Up to four
 * threads work on one call: with two, that took no more processor time than a call for each, needs
 * half the memory and serves a single caller with both. Beyond four, a convolution of these
 * networks' size has too little work for each thread.
 *
 * @param workers batches at a time
 * @param perCall engine threads for one call
 */
record Threads(int workers, int perCall) {
  private static final int MOST_PER_CALL = 4;

  static Threads of(Device device, int threads) {
    int workers = device.isGpu() ? 1 : (threads - 1) / MOST_PER_CALL + 1;
    return new Threads(workers, threads / workers);
  }
}
