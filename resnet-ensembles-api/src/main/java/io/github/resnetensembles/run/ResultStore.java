package io.github.resnetensembles.run;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that keeps the results of tasks, one compressed file each, under the task's key. Any
 * number of processes may use it at a time, on this machine or over a network file system: files
 * appear whole, and equal tasks give equal results. What was damaged counts as missing.
 *
 * <p>A file is gzip-compressed JSON, line by line: the result without its rows, then each row, then
 * an end that counts them.
 *
 * <p>A store belongs to the instruction set, the engine and the device of whoever wrote into it
 * first, so that it does not mix numbers whose last bits differ, unless it is opened with {@link
 * StoreOption#MIXED}.
 *
 * <p>Implemented by this library alone.
 */
public interface ResultStore {
  /**
   * Opens a store.
   *
   * @param folder made if it does not exist
   * @param options what to let pass
   * @return the store
   * @throws InvalidInputException if the folder holds something else
   * @throws FileAccessException if it cannot be made or read
   */
  static ResultStore open(Path folder, StoreOption... options) {
    return FolderStore.open(folder, Arrays.asList(options));
  }

  /** {@return the folder} */
  Path folder();

  /** {@return what it lets pass} */
  Set<StoreOption> options();

  /**
   * Binds the store to what computes a study, or checks that it is bound to that.
   *
   * @param study that will be run
   * @throws MergeException if the store holds results of another instruction set, engine or device,
   *     or of another network with the same hashes
   * @throws FileAccessException if the folder cannot be read or written
   */
  void bind(StudyTasks<?> study);

  /**
   * Whether the result of a task is there. Looks at its file's name only.
   *
   * @param task which
   * @return whether it is
   */
  boolean has(StudyTask<?> task);

  /**
   * Reads a result.
   *
   * @param <R> the kind of result
   * @param task which
   * @return the result; empty if it is not there, or its file is damaged, which is removed then
   * @throws FileAccessException if it cannot be read
   */
  <R extends Result> Optional<R> find(StudyTask<R> task);

  /**
   * Keeps a result.
   *
   * @param <R> the kind of result
   * @param task which
   * @param result what it gave
   * @throws FileAccessException if it cannot be written; nothing is damaged then
   */
  <R extends Result> void put(StudyTask<R> task, R result);

  /**
   * {@return the tasks whose results are not there, in order}
   *
   * @param <R> the kind of result
   * @param study whose tasks
   */
  <R extends Result> List<StudyTask<R>> missing(StudyTasks<R> study);

  /**
   * Puts together what is there of a study.
   *
   * @param <R> the kind of result
   * @param study which
   * @return the result, which says what is missing
   * @throws MergeException if nothing is there
   * @throws FileAccessException if a file cannot be read
   */
  <R extends Result> R merge(StudyTasks<R> study);

  /**
   * Puts together what is there of a study, as {@link #merge} does, into a file in the store's
   * format. Of a lesion study, only the heads of its results and some of their rows are in memory
   * at a time, so there may be more rows than memory holds; results of other studies are merged in
   * memory. A process that is killed meanwhile leaves a folder {@code .merging-…} in the store,
   * which may be removed.
   *
   * @param <R> the kind of result
   * @param study which
   * @param file to be written, such as {@code merged.jsonl.gz}; {@link #toJson} makes JSON of it
   * @throws MergeException if nothing is there
   * @throws FileAccessException if a file cannot be read or written, or the store has no room for
   *     what is put together on the way, about twice the results at the most
   * @throws RunInterruptedException if the thread was interrupted; no file was written then
   */
  <R extends Result> void mergeTo(StudyTasks<R> study, Path file);

  /**
   * Makes JSON of a file in the store's format, as {@link Result#toJson} writes it, without having
   * all its rows in memory.
   *
   * @param file as {@link #mergeTo} writes it
   * @param json to be written
   * @throws InvalidInputException if the file is damaged, or no such file
   * @throws FileAccessException if it cannot be read, or the other not be written
   */
  static void toJson(Path file, Path json) {
    ResultFile.toJson(file, json);
  }

  /**
   * Takes a task for this thread alone, so that nobody else begins with it.
   *
   * @param task which
   * @return the claim, to be closed after the task; empty if somebody else has it. It ends with the
   *     process
   * @throws FileAccessException if the folder cannot be written
   * @throws RunInterruptedException if the thread was interrupted
   */
  Optional<Claim> claim(StudyTask<?> task);

  /** A task that is taken. */
  interface Claim extends AutoCloseable {
    /** {@return how often it was taken and not given back, this time included} */
    int taken();

    /** Gives the task back. */
    @Override
    void close();
  }

  /**
   * How often a task failed, in any process.
   *
   * @param task which
   * @return what it said each time
   */
  List<String> failures(StudyTask<?> task);

  /**
   * Remembers that a task failed.
   *
   * @param task which
   * @param reason what it said
   */
  void failed(StudyTask<?> task, String reason);

  /**
   * Forgets that tasks of a study failed, so that they are tried again.
   *
   * @param study which
   */
  void forgetFailures(StudyTasks<?> study);
}
