package io.featurebeam.io.redis;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.FeatureVector;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows of one output, and what a store has of them. */
final class Payments {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("spent", FieldType.FLOAT64),
          Field.of("revision", FieldType.INT64));

  private static final List<String> OWN = List.of("card", "at", "amount");

  private Payments() {}

  /** Groups differ by test, as a server is shared. */
  static FeatureGroup group(String name) {
    return FeatureGroup.of(name, SCHEMA, List.of("card"), List.of("at", "spent"));
  }

  static LatestRows.Plan plan(FeatureGroup group) {
    return LatestRows.Plan.of(group, SCHEMA, "at", OWN);
  }

  static RecordBatch rows(@Nullable Object[]... rows) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (@Nullable Object[] row : rows) {
      builder.add(row);
    }
    return builder.build();
  }

  /** A payment of {@code amount} after which so much is spent. */
  static Object[] row(String card, long at, double amount, double spent, long revision) {
    return new Object[] {card, at, amount, spent, revision};
  }

  static List<LatestRow> entries(FeatureGroup group, RecordBatch batch) {
    LatestRows rows = LatestRows.of(plan(group));
    List<LatestRow> entries = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) { // each row, not the newest of them alone
      rows.add(batch.slice(i, i + 1));
      entries.addAll(rows.take());
    }
    return entries;
  }

  /** What is spent on each card. */
  static Map<String, @Nullable Object> spent(EmbeddedRedis redis, String group, String... cards) {
    Map<String, @Nullable Object> spent = new TreeMap<>();
    try (FeatureLookup lookup =
        FeatureLookup.over(RedisStore.at(redis.connection())).features(group).build()) {
      List<Map<String, String>> entities = new ArrayList<>();
      for (String card : cards) {
        entities.add(Map.of("card", card));
      }
      List<FeatureVector> vectors = lookup.get(entities);
      for (int i = 0; i < cards.length; i++) {
        spent.put(cards[i], vectors.get(i).value("spent"));
      }
    }
    return spent;
  }
}
