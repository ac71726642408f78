package io.featurebeam.io.lookup;

import static io.featurebeam.io.lookup.Identifiers.quoted;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of PostgreSQL that {@code WriteJdbc} of {@code io.featurebeam.io.jdbc} keeps.
 * Rows that are expired by the server's clock are not there.
 *
 * <pre>{@code
 * JdbcStore store = JdbcStore.of(pool, "public");
 * }</pre>
 *
 * <p>Each call takes a connection and gives it back, so the source should be a pool; it is its
 * owner's to close, and to give it timeouts.
 */
public final class JdbcStore implements FeatureStore {

  /** A column or a table that is no longer there. */
  private static final Set<String> CHANGED = Set.of("42703", "42P01");

  private final DataSource source;
  private final String schema;
  private final Map<String, FeatureGroup> groups = new ConcurrentHashMap<>();

  private JdbcStore(DataSource source, String schema) {
    this.source = source;
    this.schema = schema;
  }

  /** The tables of a schema. */
  public static JdbcStore of(DataSource source, String schema) {
    return new JdbcStore(source, Identifiers.checked("schema", schema));
  }

  @Override
  public @Nullable Group group(String name) {
    FeatureGroup group;
    try (Connection connection = source.getConnection()) {
      group = find(connection, name);
    } catch (SQLException e) {
      throw failed(e);
    }
    return group == null ? null : new Group(group, Map.of(group.schemaId(), group));
  }

  private @Nullable FeatureGroup find(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT definition FROM " + place("featurebeam_groups") + " WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        if (rows.next()) {
          FeatureGroup group = FeatureGroup.parse(rows.getString(1));
          groups.put(name, group);
          return group;
        }
      }
    } catch (SQLException e) {
      if (!CHANGED.contains(String.valueOf(e.getSQLState()))) { // else nothing was ever written
        throw e;
      }
    }
    groups.remove(name);
    return null;
  }

  @Override
  public List<@Nullable StoredRow> rows(List<Address> addresses) {
    if (addresses.isEmpty()) {
      return List.of();
    }
    try (Connection connection = source.getConnection()) {
      try {
        return rows(connection, addresses);
      } catch (SQLException e) {
        if (!CHANGED.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
        groups.clear();
        return rows(connection, addresses);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private List<@Nullable StoredRow> rows(Connection connection, List<Address> addresses)
      throws SQLException {
    @Nullable StoredRow[] found = new @Nullable StoredRow[addresses.size()];
    List<Asked> all = asked(connection, addresses);
    if (!all.isEmpty()) {
      String sql = all.stream().map(this::select).collect(Collectors.joining(";\n"));
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        int parameter = 1;
        for (Asked asked : all) {
          parameter = asked.set(connection, query, parameter);
        }
        query.execute();
        for (Asked asked : all) {
          try (ResultSet rows = query.getResultSet()) {
            asked.read(rows, found);
          }
          query.getMoreResults();
        }
      }
    }
    return Arrays.asList(found);
  }

  /** What is asked of each group that is there. */
  private List<Asked> asked(Connection connection, List<Address> addresses) throws SQLException {
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < addresses.size(); i++) {
      places.computeIfAbsent(addresses.get(i).group(), g -> new ArrayList<>()).add(i);
    }
    List<Asked> all = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> of : places.entrySet()) {
      FeatureGroup known = groups.get(of.getKey());
      FeatureGroup group = known == null ? find(connection, of.getKey()) : known;
      if (group != null) {
        List<String> keys = of.getValue().stream().map(i -> addresses.get(i).key()).toList();
        all.add(new Asked(group, keys, of.getValue()));
      }
    }
    return all;
  }

  private String select(Asked asked) {
    FeatureGroup group = asked.group;
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    for (Field key : group.keys()) {
      String name = "c" + names.size();
      arrays.add("?::" + PgType.wire(key.type()) + "[]");
      names.add(name);
      equal.add("t." + quoted(key.name()) + " = " + PgType.fromWire(key.type(), "k." + name));
    }
    String features =
        group.features().stream()
            .map(f -> ", " + PgType.toRead(f.type(), "t." + quoted(f.name())))
            .collect(Collectors.joining());
    return "SELECT k.i, t.version"
        + features
        + "\nFROM unnest("
        + String.join(", ", arrays)
        + ") WITH ORDINALITY AS k("
        + String.join(", ", names)
        + ", i) JOIN "
        + place(group.name())
        + " AS t ON "
        + String.join(" AND ", equal)
        + "\nWHERE t.expires_at IS NULL OR t.expires_at > now()";
  }

  private String place(String table) {
    return quoted(schema) + "." + quoted(table);
  }

  private FeatureStoreException failed(SQLException e) {
    String message = "Cannot read from " + this + ": " + e.getMessage();
    return PgErrors.passes(e)
        ? FeatureStoreException.passing(message, e)
        : new FeatureStoreException(message, e);
  }

  @Override
  public String toString() {
    return "PostgreSQL, schema '" + schema + "'";
  }

  /** The data source is its owner's to close. */
  @Override
  public void close() {}

  /**
   * The keys of a group and their places among all that is asked.
   *
   * @param keys as {@link LatestRow#key()} writes them
   */
  private record Asked(FeatureGroup group, List<String> keys, List<Integer> places) {

    int set(Connection connection, PreparedStatement query, int first) throws SQLException {
      List<List<Object>> values =
          keys.stream().map(key -> KeyText.parse(group.keys(), key)).toList();
      int parameter = first;
      for (int k = 0; k < group.keys().size(); k++) {
        FieldType type = group.keys().get(k).type();
        @Nullable Object[] array = PgType.array(type, values.size());
        for (int i = 0; i < array.length; i++) {
          array[i] = values.get(i).get(k);
        }
        query.setArray(parameter++, connection.createArrayOf(PgType.wire(type), array));
      }
      return parameter;
    }

    void read(ResultSet rows, @Nullable StoredRow[] into) throws SQLException {
      RecordSchema schema = RecordSchema.of(group.features());
      RecordBatch.Builder features = RecordBatch.builder(schema);
      List<Integer> at = new ArrayList<>();
      List<String> versions = new ArrayList<>();
      while (rows.next()) {
        at.add(places.get((int) rows.getLong(1) - 1));
        versions.add(rows.getString(2));
        for (int f = 0; f < schema.size(); f++) {
          features.column(f).append(PgType.read(schema.field(f).type(), rows, f + 3));
        }
        features.endRecord();
      }
      RecordBatch batch = features.build();
      RowCodec.Writer out = new RowCodec.Writer();
      IntStream.range(0, batch.size())
          .forEach(
              row -> {
                out.clear();
                out.row(batch.columns(), row);
                into[at.get(row)] = new StoredRow(versions.get(row), group.schemaId(), out.copy());
              });
    }
  }
}
