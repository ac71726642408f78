package io.featurebeam.io.jdbc;

import io.featurebeam.columnar.Field;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.Identifiers;
import io.featurebeam.io.lookup.PgType;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a table is what a feature group needs, and what makes it so. Looking changes nothing;
 * what does not fit is refused by name, with the way out.
 *
 * @param spec whose table it must be
 * @param addColumns whether columns that it lacks are added
 * @param overwrite whether it may be another's
 */
record TableCheck(FeatureTable table, String spec, boolean addColumns, boolean overwrite)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Of no spec, as it is, and of nobody else. */
  static TableCheck of(FeatureTable table) {
    return new TableCheck(table, "", false, false);
  }

  /** In another schema of the database. */
  TableCheck in(String schema) {
    FeatureTable there = new FeatureTable(schema, table.group(), table.eventTime());
    return new TableCheck(there, spec, addColumns, overwrite);
  }

  TableCheck ofSpec(String ownSpec) {
    return new TableCheck(table, ownSpec, addColumns, overwrite);
  }

  TableCheck addingColumns(boolean adds) {
    return new TableCheck(table, spec, adds, overwrite);
  }

  TableCheck overwriting(boolean overwrites) {
    return new TableCheck(table, spec, addColumns, overwrites);
  }

  /** What a look at the database found. */
  private record Found(Map<String, String> types, List<String> keys, @Nullable String spec) {
    boolean isThere() {
      return !types.isEmpty();
    }
  }

  /** Refuses a table, a schema or rights that do not fit. */
  void look(Connection connection) throws SQLException {
    var unused = missing(connection);
  }

  /**
   * Makes or completes the table, and notes the group beside it; a transaction of its own, one
   * after the other among all who do the same.
   */
  void prepare(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtext('" + FeatureTable.GROUPS + "'))");
      List<Field> missing = missing(connection);
      if (!exists(connection, FeatureTable.GROUPS)) {
        statement.execute(table.createGroups());
      }
      if (missing.size() == table.columns().size()) {
        statement.execute(table.create());
      } else {
        for (Field field : missing) {
          statement.execute(
              "ALTER TABLE " + table.place() + " ADD COLUMN " + table.definition(field));
        }
      }
      if (table.group().ttlMicros() > 0 && !hasIndex(connection)) {
        statement.execute(table.createIndex());
      }
      note(connection);
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    }
  }

  private void note(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + table.groups()
                + " AS stored VALUES (?, ?, ?, ?, now()) ON CONFLICT (name) DO UPDATE SET"
                + " spec = EXCLUDED.spec, spec_hash = EXCLUDED.spec_hash,"
                + " definition = EXCLUDED.definition, updated_at = EXCLUDED.updated_at"
                + " WHERE (stored.spec, stored.definition) <> (EXCLUDED.spec, EXCLUDED.definition)")) {
      FeatureGroup group = table.group();
      insert.setString(1, group.name());
      insert.setString(2, spec);
      insert.setString(3, group.specHash());
      insert.setString(4, group.json());
      insert.executeUpdate();
    }
  }

  /** The columns that the table lacks and may be given; all of them if there is no table. */
  private List<Field> missing(Connection connection) throws SQLException {
    Found found = find(connection);
    if (!found.isThere()) {
      checkSchema(connection);
      return table.columns();
    }
    if (found.spec == null && !overwrite) {
      throw invalid(
          "it is there and was not made by a pipeline (must be a table of its own; name another,"
              + " or say overwrite: true once to write into it)");
    }
    if (found.spec != null && !found.spec.equals(spec) && !overwrite) {
      throw invalid(
          "it holds the features of '"
              + found.spec
              + "' (must be this pipeline's own; name another, or say overwrite: true once, such as"
              + " after a rename)");
    }
    List<String> keys = table.group().keys().stream().map(Field::name).toList();
    if (!found.keys.equals(keys)) {
      throw invalid("its primary key is " + found.keys + ", the keys are " + keys + wayOut());
    }
    checkOwn(found, FeatureTable.VERSION, "text");
    checkOwn(found, FeatureTable.EXPIRES_AT, "timestamp with time zone");
    List<Field> missing = new ArrayList<>();
    for (Field field : table.columns()) {
      String type = found.types.get(field.name());
      if (type == null) {
        missing.add(field);
      } else if (!type.equals(PgType.of(field.type()))) {
        throw invalid(
            "its column '"
                + field.name()
                + "' is "
                + type
                + ", and must be "
                + PgType.of(field.type())
                + wayOut());
      }
    }
    if (!missing.isEmpty() && !addColumns) {
      throw invalid(
          "it lacks the column '"
              + missing.get(0).name()
              + "' (say addColumns: true to have it added, or name another table)");
    }
    checkDropped(connection);
    checkRights(connection);
    return missing;
  }

  /** Else the first write would tell. */
  private void checkRights(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p"
                + " WHERE NOT has_table_privilege(?, p)")) {
      query.setString(1, table.place());
      try (ResultSet rows = query.executeQuery()) {
        if (rows.next()) {
          throw new SQLException(
              "permission denied to " + rows.getString(1) + " in table \"" + table.name() + "\"",
              "42501");
        }
      }
    }
  }

  private static String wayOut() {
    return " (drop the table to have it made anew, or name another)";
  }

  private void checkOwn(Found found, String column, String type) {
    if (!type.equals(found.types.get(column))) {
      throw invalid("it has no column '" + column + "' of type " + type + wayOut());
    }
  }

  /** A feature that is no longer written would be served for ever as it was last. */
  private void checkDropped(Connection connection) throws SQLException {
    FeatureGroup stored = stored(connection);
    if (stored == null || overwrite) {
      return;
    }
    for (Field before : stored.features()) {
      if (table.columns().stream().noneMatch(now -> now.name().equals(before.name()))) {
        throw invalid(
            "it has the feature '"
                + before.name()
                + "', which the spec has no longer (say overwrite: true once to leave it as it is,"
                + " or name another table)");
      }
    }
  }

  private @Nullable FeatureGroup stored(Connection connection) throws SQLException {
    if (!exists(connection, FeatureTable.GROUPS)) {
      return null;
    }
    String definition = ofGroup(connection, "definition");
    return definition == null ? null : FeatureGroup.parse(definition);
  }

  private @Nullable String ofGroup(Connection connection, String column) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT " + column + " FROM " + table.groups() + " WHERE name = ?")) {
      query.setString(1, table.name());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  private Found find(Connection connection) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""")) {
      query.setString(1, table.schema());
      query.setString(2, table.name());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          types.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    String owner = null;
    if (!types.isEmpty() && exists(connection, FeatureTable.GROUPS)) {
      owner = ofGroup(connection, "spec");
    }
    return new Found(types, keys(connection), owner);
  }

  private List<String> keys(Connection connection) throws SQLException {
    List<String> keys = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT a.attname
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, at) ON true
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            WHERE i.indisprimary AND n.nspname = ? AND c.relname = ?
            ORDER BY k.at""")) {
      query.setString(1, table.schema());
      query.setString(2, table.name());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getString(1));
        }
      }
    }
    return keys;
  }

  private boolean exists(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ?")) {
      query.setString(1, table.schema());
      query.setString(2, name);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private boolean hasIndex(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM pg_indexes WHERE schemaname = ? AND tablename = ?"
                + " AND indexdef LIKE '%(expires_at)%'")) {
      query.setString(1, table.schema());
      query.setString(2, table.name());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** A table is to be made there. */
  private void checkSchema(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = ?")) {
      query.setString(1, table.schema());
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new IllegalArgumentException(
              "Unknown schema: '"
                  + table.schema()
                  + "' (create it: CREATE SCHEMA "
                  + Identifiers.quoted(table.schema())
                  + ")");
        }
        if (!rows.getBoolean(1)) {
          throw new SQLException(
              "permission denied to create a table in schema \"" + table.schema() + "\"", "42501");
        }
      }
    }
  }

  private IllegalArgumentException invalid(String what) {
    return new IllegalArgumentException(
        "Invalid table: '" + table.schema() + "." + table.name() + "': " + what);
  }
}
