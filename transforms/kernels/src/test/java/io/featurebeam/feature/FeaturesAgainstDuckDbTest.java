package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.DateParts.Part;
import io.featurebeam.feature.Impute.Strategy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The same features in SQL, by an engine that shares no code with ours, on flights made up at
 * random.
 */
class FeaturesAgainstDuckDbTest {

  private static final int ROWS = 4000;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("date", FieldType.TIMESTAMP),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("distance", FieldType.INT64),
          Field.of("origin", FieldType.STRING));

  private static final FeatureSet FEATURES =
      FeatureSet.builder()
          .add("log_distance", Features.log1p("distance"))
          .add("delay_z", Features.standardize("delay"))
          .add("delay_zs", Features.standardize("delay").withSample())
          .add("delay_scaled", Features.minMax("delay"))
          .add("delay_bucket", Features.bucketize("delay", -15, 0, 15, 60))
          .add("delay_filled", Features.impute("delay", Strategy.MEDIAN))
          .add("distance_filled", Features.impute("distance", Strategy.MEAN))
          .add("origin_filled", Features.impute("origin", Strategy.MODE))
          .add("origin_rank", Features.vocabulary("origin"))
          .add("from", Features.oneHot("origin", List.of("ORD", "ATL")))
          .add(
              "date",
              Features.dateParts(
                  "date",
                  Part.YEAR,
                  Part.QUARTER,
                  Part.MONTH,
                  Part.WEEK,
                  Part.DAY,
                  Part.DAY_OF_WEEK,
                  Part.DAY_OF_YEAR,
                  Part.HOUR,
                  Part.MINUTE,
                  Part.SECOND))
          .build();

  private static final String SQL =
      """
      WITH counted AS (
        SELECT origin AS word, row_number() OVER (ORDER BY count(*) DESC, origin) - 1 AS rank
        FROM flights WHERE origin IS NOT NULL GROUP BY origin)
      SELECT
        ln(1 + distance) AS log_distance,
        (delay - (SELECT avg(delay) FROM flights)) / (SELECT stddev_pop(delay) FROM flights)
          AS delay_z,
        (delay - (SELECT avg(delay) FROM flights)) / (SELECT stddev_samp(delay) FROM flights)
          AS delay_zs,
        (delay - (SELECT min(delay) FROM flights))
          / (SELECT max(delay) - min(delay) FROM flights) AS delay_scaled,
        CASE WHEN delay < -15 THEN 0 WHEN delay < 0 THEN 1 WHEN delay < 15 THEN 2
          WHEN delay < 60 THEN 3 WHEN delay >= 60 THEN 4 END AS delay_bucket,
        coalesce(delay, (SELECT median(delay) FROM flights)) AS delay_filled,
        coalesce(distance, (SELECT avg(distance) FROM flights)) AS distance_filled,
        coalesce(origin, (SELECT word FROM counted WHERE rank = 0)) AS origin_filled,
        (SELECT rank FROM counted WHERE word = origin) AS origin_rank,
        CASE WHEN origin = 'ORD' THEN 1.0 ELSE 0.0 END AS "from_ORD",
        CASE WHEN origin = 'ATL' THEN 1.0 ELSE 0.0 END AS "from_ATL",
        year(date) AS date_year, quarter(date) AS date_quarter, month(date) AS date_month,
        weekofyear(date) AS date_week, day(date) AS date_day, isodow(date) AS date_day_of_week,
        dayofyear(date) AS date_day_of_year, hour(date) AS date_hour,
        minute(date) AS date_minute, floor(second(date)) AS date_second
      FROM flights ORDER BY id
      """;

  @Test
  void sqlComputesTheSame() throws SQLException {
    RecordBatch flights = flights();
    FittedFeatures fitted =
        FEATURES.fitted(
            SCHEMA,
            TrainingRange.everything(),
            List.of(flights.slice(0, 1234), flights.slice(1234, ROWS)));
    RecordBatch ours = FEATURES.bind(SCHEMA, fitted).map(flights);
    List<String> columns = ours.schema().names().subList(SCHEMA.size(), ours.schema().size());
    assertEquals(21, columns.size());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      load(statement, flights);
      int row = 0;
      try (ResultSet theirs = statement.executeQuery(SQL)) {
        for (; theirs.next(); row++) {
          for (String column : columns) {
            assertSame(theirs.getObject(column), ours.value(row, column), column + " of " + row);
          }
        }
      }
      assertEquals(ROWS, row);
    }
  }

  private static void assertSame(@Nullable Object theirs, @Nullable Object ours, String what) {
    if (ours instanceof Double number && theirs instanceof Number other) {
      assertEquals(other.doubleValue(), number, 1e-12 * Math.max(1, Math.abs(number)), what);
    } else if (ours instanceof Long number && theirs instanceof Number other) {
      assertEquals(other.longValue(), number, what);
    } else {
      assertEquals(theirs, ours, what);
    }
  }

  /** Times from 1931 to 2040, an eighth of delays and origins and a tenth of distances missing. */
  private static RecordBatch flights() {
    Random random = new Random(20);
    String[] origins = {"ORD", "ATL", "DFW", "LAX", "ABE", "ANC", "BUF"};
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          (long) (random.nextDouble() * 3.45e15 - 1.23e15),
          i % 8 == 1 ? null : Double.valueOf(Math.rint(random.nextGaussian() * 40)),
          i % 10 == 3 ? null : Long.valueOf(30 + random.nextInt(2500)),
          i % 8 == 5 ? null : origins[(int) Math.min(6, Math.abs(random.nextGaussian() * 3))]);
    }
    return rows.build();
  }

  private static void load(Statement statement, RecordBatch flights) throws SQLException {
    statement.execute(
        "CREATE TABLE flights (id INT, date TIMESTAMP, delay DOUBLE, distance BIGINT, origin TEXT)");
    List<String> tuples = new ArrayList<>();
    for (int i = 0; i < flights.size(); i++) {
      Object origin = flights.value(i, "origin");
      tuples.add(
          "(%d, make_timestamp(%s), %s, %s, %s)"
              .formatted(
                  i,
                  flights.value(i, "date"),
                  flights.value(i, "delay"),
                  flights.value(i, "distance"),
                  origin == null ? "NULL" : "'" + origin + "'"));
    }
    statement.execute("INSERT INTO flights VALUES " + String.join(", ", tuples));
  }
}
