package io.featurebeam.io.lookup;

import java.nio.charset.StandardCharsets;

/** Names of schemas, tables and columns as PostgreSQL has them: always in quotes. */
public final class Identifiers {

  /** Longer ones PostgreSQL cuts off. */
  private static final int MAX_BYTES = 63;

  private Identifiers() {}

  /**
   * The name itself, if it can be one.
   *
   * @param what is named, for the message
   */
  public static String checked(String what, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || name.indexOf('\0') >= 0 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Invalid "
              + what
              + ": '"
              + name.replace("\0", "\\0")
              + "' (must have 1 to "
              + MAX_BYTES
              + " bytes, as PostgreSQL has it, and has "
              + bytes
              + ")");
    }
    return name;
  }

  /** As it stands in a statement. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
