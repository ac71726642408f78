package io.featurebeam.io.lookup;

import java.sql.SQLException;
import java.util.Set;

/** What the states of PostgreSQL's errors mean for who asked. */
public final class PgErrors {

  /** Passing states beside the classes 08 (connection) and 53 (too little of something). */
  private static final Set<String> PASSING =
      Set.of(
          "40001", // serialization
          "40P01", // deadlock
          "55P03", // lock not available
          "57P01", // the server shuts down
          "57P02", // or has crashed
          "57P03", // or comes up
          "57P05", // idle session
          "25006"); // read only, as a standby that is just becoming the primary

  private PgErrors() {}

  /** Whether the same may work a moment later. */
  public static boolean passes(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.equals("08004")) {
      return false; // the server refuses us
    }
    return state.startsWith("08") || state.startsWith("53") || PASSING.contains(state);
  }
}
