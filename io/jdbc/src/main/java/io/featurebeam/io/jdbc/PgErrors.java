package io.featurebeam.io.jdbc;

import io.featurebeam.io.lookup.Identifiers;
import java.sql.SQLException;
import java.util.Set;

/** What the states of SQL errors mean for a writer. */
final class PgErrors {

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
  static boolean passes(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.equals("08004")) {
      return false; // the server refuses us
    }
    return state.startsWith("08") || state.startsWith("53") || PASSING.contains(state);
  }

  /** What happened, with the way out where there is one; never the password. */
  static String text(SQLException e, JdbcAccess access) {
    String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", "; ");
    return switch (String.valueOf(e.getSQLState())) {
      case "28P01", "28000", "08004" ->
          "Cannot log in to "
              + access
              + " as '"
              + access.user()
              + "': "
              + message
              + " (check user and password, and the server's pg_hba.conf)";
      case "3D000" ->
          "Unknown database: '"
              + access.database()
              + "' at "
              + access
              + " (create it: CREATE DATABASE "
              + Identifiers.quoted(access.database())
              + ")";
      case "42501" ->
          "No right at "
              + access
              + " for '"
              + access.user()
              + "': "
              + message
              + " (the writer needs CREATE on the schema, or both tables with SELECT, INSERT,"
              + " UPDATE, DELETE)";
      default -> (passes(e) ? "Cannot reach " : "Refused by ") + access + ": " + message;
    };
  }
}
