package io.featurebeam.examples;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param id its own
 * @param key of whom it is
 * @param micros when, in microseconds since 1970
 * @param json as a message says it
 * @param broken the same so that it breaks a rule of the spec
 * @param planted what it is a part of, if the generator planted it
 */
public record Event(
    String id, String key, long micros, String json, String broken, @Nullable Planted planted) {

  /**
   * What a detector should find.
   *
   * @param number its own
   * @param kind such as {@code card testing}
   */
  public record Planted(int number, String kind) {}
}
