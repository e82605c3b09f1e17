/**
 * Studies in pieces: begin with {@link io.github.resnetensembles.run.StudyTasks}, which cuts a
 * study into {@linkplain io.github.resnetensembles.run.StudyTask tasks}; a {@link
 * io.github.resnetensembles.run.StudyExecutor} runs them anywhere, and a {@link
 * io.github.resnetensembles.run.ResultStore} keeps what they give, so that nothing is computed
 * twice and nothing that is missing goes unnoticed.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.run;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
