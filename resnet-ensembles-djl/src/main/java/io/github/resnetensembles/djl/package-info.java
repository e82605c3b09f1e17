/** The backend on DJL and PyTorch. */
@NullMarked
package io.github.resnetensembles.djl;

import org.jspecify.annotations.NullMarked;
