package io.featurebeam.io.file.text;

/**
 * Takes records that cannot be parsed; {@code rejects::addMalformed} of a {@code Rejects.Builder}
 * is one.
 */
@FunctionalInterface
public interface Malformed {

  /**
   * One record.
   *
   * @param source the file
   * @param position the record or line in it, from 0
   * @param raw its bytes, cut where they are over-long
   * @param reason why, for people, naming column, value and rule
   */
  void add(String source, long position, byte[] raw, String reason);
}
