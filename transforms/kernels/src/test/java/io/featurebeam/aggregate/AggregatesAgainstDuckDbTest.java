package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The definitions are SQL's: an engine that shares no code with ours gives the same numbers. */
class AggregatesAgainstDuckDbTest {

  private static final int ROWS = 2000;
  private static final long HOUR = 3_600_000_000L;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("shop", FieldType.INT64),
          Field.of("time", FieldType.TIMESTAMP),
          Field.of("x", FieldType.FLOAT64),
          Field.of("w", FieldType.FLOAT64));

  /** What SQL calls them; lists as text. */
  private static Map<String, Aggregate> aggregates() {
    Map<String, Aggregate> aggregates = new LinkedHashMap<>();
    aggregates.put("skewness(x)", Aggregates.skewness("x"));
    aggregates.put("kurtosis(x)", Aggregates.kurtosis("x"));
    aggregates.put("kurtosis_pop(x)", new Kurtosis("x", true));
    aggregates.put("var_pop(x)", Aggregates.populationVariance("x"));
    aggregates.put("stddev_pop(x)", Aggregates.populationStddev("x"));
    aggregates.put("median(x)", Aggregates.median("x"));
    aggregates.put("nullif(regr_slope(x, t / 1e6), 'nan'::double)", Aggregates.slope("x"));
    aggregates.put("sum(x * w)", Aggregates.weightedSum("x", "w"));
    aggregates.put("sum(x * w) / sum(w) filter (x is not null)", Aggregates.weightedMean("x", "w"));
    aggregates.put(
        "arg_max(x, t) filter (x is not null) - arg_min(x, t) filter (x is not null)",
        Aggregates.difference("x"));
    aggregates.put("max(x, 3)::varchar", Aggregates.topK("x", 3));
    aggregates.put("min(x, 3)::varchar", Aggregates.bottomK("x", 3));
    aggregates.put(
        "arg_max(x, w, 3) filter (x is not null)::varchar", Aggregates.topK("x", 3, "w"));
    aggregates.put("arg_min(x, t, 2) filter (x is not null)::varchar", Aggregates.firstK("x", 2));
    aggregates.put("arg_max(x, t, 2) filter (x is not null)::varchar", Aggregates.lastK("x", 2));
    return aggregates;
  }

  @Test
  void theNumbersAreThoseOfSql() throws SQLException {
    List<List<@Nullable Object>> events = events(new Random(5));
    Map<String, Map<String, @Nullable Object>> expected = sql(events);
    Map<String, Map<String, @Nullable Object>> actual = kernels(events);
    assertEquals(expected.keySet(), actual.keySet());
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (group, values) ->
            values.forEach(
                (name, value) -> {
                  Object ours = actual.get(group).get(name);
                  if (!isSame(value, ours)) {
                    differences.add(name + " of " + group + " is " + ours + ", in SQL " + value);
                  }
                }));
    assertEquals(List.of(), differences);
  }

  private static boolean isSame(@Nullable Object sql, @Nullable Object ours) {
    if (sql instanceof Double a && ours instanceof Double b) {
      return Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a)); // it adds up in doubles
    }
    return sql == null ? ours == null : ours != null && sql.equals(ours.toString());
  }

  /** Each time and each w is there once, so that SQL has no ties either. */
  private static List<List<@Nullable Object>> events(Random random) {
    List<List<@Nullable Object>> events = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      events.add(
          Arrays.asList(
              (long) random.nextInt(9),
              1_000_000_000_000_000L + i * 37_000_001L,
              random.nextInt(8) == 0 ? null : Math.round(random.nextGaussian() * 1000) / 8.0,
              random.nextInt(8) == 0 ? null : i * 0.25 + 0.25));
    }
    return events;
  }

  private static Map<String, Map<String, @Nullable Object>> kernels(
      List<List<@Nullable Object>> events) {
    List<Feature> features = new ArrayList<>();
    List<String> names = new ArrayList<>(aggregates().keySet());
    names.forEach(name -> features.add(Feature.of("f" + features.size(), aggregates().get(name))));
    WindowedAggregates spec =
        new WindowedAggregates(
            List.of("shop"),
            "time",
            null,
            Emission.every(HOUR),
            List.of(new Group(List.of(Window.of("1h")), WindowBounds.DEFAULT, features)));
    Map<String, Map<String, @Nullable Object>> groups = new TreeMap<>();
    BoundAggregates plan = BoundAggregates.bind(spec, SCHEMA);
    for (List<@Nullable Object> row : Plans.all(3).rows(plan, Plans.events(SCHEMA, events), 1)) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), row.get(2 + i));
      }
      groups.put(row.get(0) + " " + ((Long) row.get(1) / HOUR - 1), values);
    }
    return groups;
  }

  private static Map<String, Map<String, @Nullable Object>> sql(List<List<@Nullable Object>> events)
      throws SQLException {
    List<String> names = new ArrayList<>(aggregates().keySet());
    Map<String, Map<String, @Nullable Object>> groups = new TreeMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:")) {
      load(db, events);
      try (Statement statement = db.createStatement();
          ResultSet result =
              statement.executeQuery(
                  "select shop, t // "
                      + HOUR
                      + ", "
                      + String.join(", ", names)
                      + " from events group by all")) {
        while (result.next()) {
          Map<String, @Nullable Object> values = new LinkedHashMap<>();
          for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), result.getObject(3 + i));
          }
          groups.put(result.getLong(1) + " " + result.getLong(2), values);
        }
      }
    }
    return groups;
  }

  private static void load(Connection db, List<List<@Nullable Object>> events) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute("create table events (shop bigint, t bigint, x double, w double)");
    }
    try (PreparedStatement insert = db.prepareStatement("insert into events values (?, ?, ?, ?)")) {
      for (List<@Nullable Object> event : events) {
        for (int i = 0; i < event.size(); i++) {
          insert.setObject(i + 1, event.get(i));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
