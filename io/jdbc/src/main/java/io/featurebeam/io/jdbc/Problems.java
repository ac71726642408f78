package io.featurebeam.io.jdbc;

import io.featurebeam.io.lookup.Identifiers;
import io.featurebeam.io.lookup.PgErrors;
import java.sql.SQLException;

/** What went wrong with a database, in words. */
final class Problems {

  private Problems() {}

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
      default -> (PgErrors.passes(e) ? "Cannot reach " : "Refused by ") + access + ": " + message;
    };
  }
}
