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
import io.featurebeam.time.WindowBounds.Ties;
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

/** Bounds that count rows or look at ties are frames of SQL: a row for each event is the same. */
class FramesAgainstDuckDbTest {

  private static final int ROWS = 1500;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.required("shop", FieldType.INT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("x", FieldType.INT64),
          Field.of("s", FieldType.STRING));

  private static final String ROWS_OF = "partition by shop order by time, id rows between ";
  private static final String RANGE_OF = "partition by shop order by time range between ";

  private record Frame(Aggregate aggregate, Window window, WindowBounds bounds) {}

  private static Map<String, Frame> frames() {
    WindowBounds own = WindowBounds.OPENMLDB;
    Window all = Window.LIFETIME;
    Window ten = new Window(10);
    Aggregate sum = Aggregates.sum("x");
    Map<String, Frame> frames = new LinkedHashMap<>();
    frames.put(
        "sum(x) over (" + ROWS_OF + "unbounded preceding and current row)",
        new Frame(sum, all, own));
    frames.put(
        "sum(x) over (" + ROWS_OF + "5 preceding and 3 preceding)",
        new Frame(sum, all, own.withRowDelay(3).withRowCap(3)));
    frames.put(
        "sum(x) over (" + ROWS_OF + "unbounded preceding and 2 preceding)",
        new Frame(sum, all, own.withRowDelay(2)));
    frames.put(
        "min(s) over (" + ROWS_OF + "4 preceding and 1 preceding)",
        new Frame(Aggregates.min("s"), all, own.withExcludeCurrent(true).withRowCap(4)));
    frames.put(
        "max(s) over (" + ROWS_OF + "1 preceding and current row)",
        new Frame(Aggregates.max("s"), all, own.withRowCap(2)));
    frames.put(
        "sum(x) over (" + RANGE_OF + "10 preceding and current row)",
        new Frame(sum, ten, own.withTies(Ties.ALL)));
    frames.put(
        "sum(x) over (" + RANGE_OF + "10 preceding and current row exclude ties)",
        new Frame(sum, ten, own.withTies(Ties.NONE)));
    frames.put(
        "sum(x) over (" + RANGE_OF + "10 preceding and current row exclude group)",
        new Frame(sum, ten, own.withTies(Ties.NONE).withExcludeCurrent(true)));
    frames.put(
        "count(distinct s) over (" + RANGE_OF + "10 preceding and current row exclude ties)",
        new Frame(Aggregates.distinct("s"), ten, own.withTies(Ties.NONE)));
    for (int n : new int[] {0, 1, 3}) {
      frames.put(
          "lag(s, " + n + ") over (partition by shop order by time, id)",
          new Frame(Aggregates.lag("s", n), all, own));
    }
    return frames;
  }

  @Test
  void everyRowIsThatOfSql() throws SQLException {
    List<List<@Nullable Object>> events = events(new Random(3));
    Map<Long, List<String>> actual = kernels(events);
    Map<Long, List<String>> expected = sql(events);
    List<String> frames = new ArrayList<>(frames().keySet());
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (id, values) -> {
          for (int f = 0; f < values.size(); f++) {
            String ours = actual.get(id).get(f);
            if (!values.get(f).equals(ours)) {
              differences.add(frames.get(f) + " at " + id + ": " + ours + ", SQL " + values.get(f));
            }
          }
        });
    assertEquals(List.of(), differences);
    assertEquals(ROWS, actual.size());
  }

  /** About three at each time of a shop; ids are in no order of time. */
  private static List<List<@Nullable Object>> events(Random random) {
    List<List<@Nullable Object>> events = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      events.add(
          Arrays.asList(
              (long) i * 7919 % ROWS,
              (long) random.nextInt(4),
              (long) random.nextInt(ROWS / 12),
              random.nextInt(6) == 0 ? null : (Long) (long) (random.nextInt(200) - 100),
              random.nextInt(6) == 0 ? null : "s" + random.nextInt(12)));
    }
    return events;
  }

  private static Map<Long, List<String>> kernels(List<List<@Nullable Object>> events) {
    List<Group> groups = new ArrayList<>();
    for (Frame frame : frames().values()) {
      Feature feature = Feature.of("f" + groups.size(), frame.aggregate());
      groups.add(new Group(List.of(frame.window()), frame.bounds(), List.of(feature)));
    }
    WindowedAggregates spec =
        new WindowedAggregates(List.of("shop"), "time", "id", Emission.everyEvent(), groups);
    Map<Long, List<String>> rows = new TreeMap<>();
    BoundAggregates plan = BoundAggregates.bind(spec, SCHEMA);
    for (List<@Nullable Object> row : Plans.all(2).rows(plan, Plans.events(SCHEMA, events), 1)) {
      List<String> values = new ArrayList<>();
      row.subList(SCHEMA.size(), row.size()).forEach(value -> values.add(String.valueOf(value)));
      rows.put((Long) row.get(0), values);
    }
    return rows;
  }

  private static Map<Long, List<String>> sql(List<List<@Nullable Object>> events)
      throws SQLException {
    List<String> frames = new ArrayList<>(frames().keySet());
    Map<Long, List<String>> rows = new TreeMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:")) {
      load(db, events);
      try (Statement statement = db.createStatement();
          ResultSet result =
              statement.executeQuery("select id, " + String.join(", ", frames) + " from events")) {
        while (result.next()) {
          List<String> values = new ArrayList<>();
          for (int f = 0; f < frames.size(); f++) {
            values.add(String.valueOf(result.getObject(2 + f)));
          }
          rows.put(result.getLong(1), values);
        }
      }
    }
    return rows;
  }

  private static void load(Connection db, List<List<@Nullable Object>> events) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(
          "create table events (id bigint, shop bigint, time bigint, x bigint, s varchar)");
    }
    try (PreparedStatement insert =
        db.prepareStatement("insert into events values (?, ?, ?, ?, ?)")) {
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
