package io.featurebeam.io.jdbc;

import static io.featurebeam.io.lookup.Identifiers.quoted;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.Identifiers;
import io.featurebeam.io.lookup.PgType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table of a feature group, and the SQL that makes, fills and clears it. Names are checked here
 * and quoted wherever they stand in a statement; values are parameters.
 *
 * @param schema of the database
 * @param group its name is the table's
 * @param eventTime the column of event times
 */
record FeatureTable(String schema, FeatureGroup group, String eventTime) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Orders the rows of a key. */
  static final String VERSION = "version";

  static final String EXPIRES_AT = "expires_at";

  /** The table that knows all groups of its schema. */
  static final String GROUPS = "featurebeam_groups";

  private static final Set<String> OWN = Set.of(VERSION, EXPIRES_AT);

  /** PostgreSQL's own limit; wide types lower it, of which it tells itself. */
  private static final int MAX_COLUMNS = 1600 - 2;

  FeatureTable {
    Identifiers.checked("schema", schema);
    Identifiers.checked("table", group.name());
    if (group.name().equals(GROUPS)) {
      throw new IllegalArgumentException(
          "Invalid table: '" + GROUPS + "' (it holds what is known of all; must be another)");
    }
    List<Field> columns = columns(group, eventTime);
    if (columns.size() > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          "Invalid columns: "
              + columns.size()
              + " for table '"
              + group.name()
              + "' (must be at most "
              + MAX_COLUMNS
              + "; part them into several groups)");
    }
    for (Field column : columns) {
      Identifiers.checked("column", column.name());
      if (OWN.contains(column.name())) {
        throw new IllegalArgumentException(
            "Invalid column: '"
                + column.name()
                + "' (the table has one of its own by that name; rename the feature)");
      }
    }
  }

  String name() {
    return group.name();
  }

  /** Those of the key, the event time, and the features. */
  List<Field> columns() {
    return columns(group, eventTime);
  }

  private static List<Field> columns(FeatureGroup group, String eventTime) {
    List<Field> columns = new ArrayList<>(group.keys());
    boolean isThere =
        Stream.concat(group.keys().stream(), group.features().stream())
            .anyMatch(field -> field.name().equals(eventTime));
    if (!isThere) {
      columns.add(Field.of(eventTime, FieldType.TIMESTAMP));
    }
    columns.addAll(group.features());
    return columns;
  }

  private List<String> keys() {
    return group.keys().stream().map(Field::name).toList();
  }

  boolean isNeeded(Field column) {
    return group.keys().contains(column) || column.name().equals(eventTime);
  }

  /** Schema and table, quoted. */
  String place() {
    return place(name());
  }

  String groups() {
    return place(GROUPS);
  }

  private String place(String table) {
    return quoted(schema) + "." + quoted(table);
  }

  /** The column as a definition. */
  String definition(Field field) {
    return quoted(field.name())
        + " "
        + PgType.of(field.type())
        + (isNeeded(field) ? " NOT NULL" : "");
  }

  String create() {
    List<String> definitions = new ArrayList<>();
    columns().forEach(field -> definitions.add(definition(field)));
    // the order of versions is that of bytes, of no language
    definitions.add(quoted(VERSION) + " text COLLATE \"C\" NOT NULL");
    definitions.add(quoted(EXPIRES_AT) + " timestamp with time zone");
    definitions.add("PRIMARY KEY (" + names(keys()) + ")");
    return "CREATE TABLE " + place() + " (\n  " + String.join(",\n  ", definitions) + "\n)";
  }

  String createGroups() {
    return "CREATE TABLE IF NOT EXISTS "
        + groups()
        + """
         (
          name text PRIMARY KEY,
          spec text NOT NULL,
          spec_hash text NOT NULL,
          definition text NOT NULL,
          updated_at timestamp with time zone NOT NULL
        )""";
  }

  /** Makes expired rows quick to find; the name is the server's affair. */
  String createIndex() {
    return "CREATE INDEX ON "
        + place()
        + " ("
        + quoted(EXPIRES_AT)
        + ") WHERE "
        + quoted(EXPIRES_AT)
        + " IS NOT NULL";
  }

  /**
   * Writes rows, of which each is an element of every array: first those of the columns, then
   * versions and, if there is a time to live, when the row expires. A row that is not newer than
   * that in the table changes nothing.
   */
  String upsert() {
    List<String> wires = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<String> sets = new ArrayList<>();
    for (Field field : columns()) {
      wires.add("?::" + PgType.wire(field.type()) + "[]");
      values.add(PgType.fromWire(field.type(), "u.c" + wires.size()));
      if (!group.keys().contains(field)) {
        sets.add(quoted(field.name()) + " = EXCLUDED." + quoted(field.name()));
      }
    }
    wires.add("?::text[]");
    values.add("u.c" + wires.size());
    sets.add(quoted(VERSION) + " = EXCLUDED." + quoted(VERSION));
    if (group.ttlMicros() > 0) {
      wires.add("?::int8[]");
      values.add(PgType.fromWire(FieldType.TIMESTAMP, "u.c" + wires.size()));
    } else {
      values.add("NULL");
    }
    sets.add(quoted(EXPIRES_AT) + " = EXCLUDED." + quoted(EXPIRES_AT));
    String aliases =
        IntStream.rangeClosed(1, wires.size())
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + place()
        + " AS stored ("
        + names(columns().stream().map(Field::name).toList())
        + ", "
        + names(List.of(VERSION, EXPIRES_AT))
        + ")\nSELECT "
        + String.join(", ", values)
        + "\nFROM unnest("
        + String.join(", ", wires)
        + ") AS u("
        + aliases
        + ")\nON CONFLICT ("
        + names(keys())
        + ") DO UPDATE SET "
        + String.join(", ", sets)
        + "\nWHERE stored."
        + quoted(VERSION)
        + " COLLATE \"C\" < EXCLUDED."
        + quoted(VERSION);
  }

  /** Deletes some rows that have expired, and waits for nobody. */
  String deleteExpired(int atMost) {
    String expires = quoted(EXPIRES_AT);
    return ("DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE %2$s <= now()"
            + " ORDER BY %2$s LIMIT %3$d FOR UPDATE SKIP LOCKED)) AND %2$s <= now()")
        .formatted(place(), expires, atMost);
  }

  private static String names(List<String> names) {
    return names.stream().map(Identifiers::quoted).collect(Collectors.joining(", "));
  }
}
