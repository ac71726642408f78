package io.featurebeam.pipelines.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of PostgreSQL that keeps the newest row of each key.
 *
 * @param url without user and password
 * @param table the spec's name if null
 * @param schema of the database
 * @param password null where the server asks for none
 * @param ttlMicros for how long after its event time a row counts; 0 for ever
 * @param addColumns whether the table may be given columns that it lacks
 * @param overwrite whether a table that is not this pipeline's own may be written
 */
public record JdbcSink(
    String url,
    @Nullable String table,
    String schema,
    String user,
    @Nullable String password,
    long ttlMicros,
    boolean addColumns,
    boolean overwrite) {

  /** The schema that every database has. */
  public static final String DEFAULT_SCHEMA = "public";

  public JdbcSink {
    Objects.requireNonNull(url, "url is null");
    Objects.requireNonNull(schema, "schema is null");
    Objects.requireNonNull(user, "user is null");
    if (table != null && table.isBlank()) {
      throw new IllegalArgumentException("Invalid table: '' (must not be empty)");
    }
    if (ttlMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid ttl: " + ttlMicros + " microseconds (must be > 0, or left out)");
    }
  }

  /** In a table of the spec's name, for ever. */
  public static JdbcSink of(String url, String user, @Nullable String password) {
    return new JdbcSink(url, null, DEFAULT_SCHEMA, user, password, 0, false, false);
  }

  @Override
  public String toString() {
    return "jdbc sink";
  }
}
