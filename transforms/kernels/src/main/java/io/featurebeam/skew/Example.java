package io.featurebeam.skew;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row, or pair of rows, to look at.
 *
 * @param keys what identifies it, a text per column; masked ones are {@code ***}
 * @param logged the value in the log; null if it is null, or if the example is of a whole row
 * @param recomputed the value in the recomputation, likewise
 * @param distance how far apart the values are; NaN if that cannot be said
 * @param relative that by the larger of their sizes; NaN if that cannot be said
 * @param order which of examples of one distance comes first; a hash of the key
 */
public record Example(
    List<String> keys,
    @Nullable String logged,
    @Nullable String recomputed,
    double distance,
    double relative,
    long order) {

  public Example {
    keys = List.copyOf(keys);
  }
}
