package io.featurebeam.skew;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.RowKeys;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** On random tables with nulls, NaN, few keys, revisions and copies. */
class SkewLawsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("at", FieldType.FLOAT64),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("count", FieldType.INT64),
          Field.of("city", FieldType.STRING),
          Field.of("flag", FieldType.BOOLEAN),
          Field.of("seen", FieldType.TIMESTAMP),
          Field.of("tags", FieldType.listOf(FieldType.INT64)),
          Field.of("revision", FieldType.INT64));

  private static final int KEYS = 2;
  private static final int REVISION = 8;
  private static final double[] NUMBERS = {
    0.0,
    -0.0,
    1,
    1.5,
    -1,
    1e-300,
    1e300,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private record Tables(SkewPlan plan, List<Object[]> logged, List<Object[]> recomputed) {
    static Tables random(Random random) {
      Tolerance tolerance =
          random.nextBoolean() ? Tolerance.NONE : new Tolerance(0.3, 0.6, 1_000_000);
      return new Tables(
          SkewPlan.of(SCHEMA, SCHEMA, List.of("card", "at")).withTolerance(tolerance),
          rows(random),
          rows(random));
    }

    private static List<Object[]> rows(Random random) {
      List<Object[]> rows = new ArrayList<>();
      int size = random.nextInt(60);
      for (int i = 0; i < size; i++) {
        if (i > 0 && random.nextInt(5) == 0) {
          rows.add(rows.get(random.nextInt(i)).clone());
          continue;
        }
        rows.add(
            new Object[] {
              or(random, "card" + random.nextInt(6)),
              or(random, random.nextInt(4) == 0 ? Double.NaN : random.nextInt(3) * 1.0),
              or(random, number(random)),
              or(random, (long) random.nextInt(4) - 2),
              or(random, random.nextBoolean() ? "x" : "y"),
              or(random, random.nextBoolean()),
              or(random, random.nextInt(4) * 700_000L),
              or(random, random.nextBoolean() ? List.of(1L) : List.of(1L, 2L)),
              or(random, (long) random.nextInt(3))
            });
      }
      return rows;
    }

    private static double number(Random random) {
      return random.nextBoolean()
          ? NUMBERS[random.nextInt(NUMBERS.length)]
          : random.nextInt(100) / 10.0;
    }

    private static @Nullable Object or(Random random, Object value) {
      return random.nextInt(10) == 0 ? null : value;
    }
  }

  private static RecordBatch batch(List<Object[]> rows) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    rows.forEach(builder::add);
    return builder.build();
  }

  private static SkewStats whole(Tables tables) {
    SkewShard shard = new SkewShard(tables.plan);
    shard.add(tables.plan.prepare(Side.LOGGED, batch(tables.logged)));
    shard.add(tables.plan.prepare(Side.RECOMPUTED, batch(tables.recomputed)));
    return shard.finish();
  }

  /** The same, row by row in random order over shards of keys, merged in random order. */
  private static SkewStats inParts(Tables tables, Random random) {
    List<RecordBatch> slices = new ArrayList<>();
    for (Object[] row : tables.logged) {
      slices.add(tables.plan.prepare(Side.LOGGED, batch(Collections.singletonList(row))));
    }
    for (Object[] row : tables.recomputed) {
      slices.add(tables.plan.prepare(Side.RECOMPUTED, batch(Collections.singletonList(row))));
    }
    Collections.shuffle(slices, random);
    List<SkewShard> shards = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      shards.add(new SkewShard(tables.plan));
    }
    for (RecordBatch slice : slices) {
      List<Column> keys = tables.plan.preparedKeys().stream().map(slice::column).toList();
      long hash = RowKeys.hashes(keys, 1)[0];
      shards.get((int) Long.remainderUnsigned(hash, shards.size())).add(slice);
    }
    List<SkewStats> parts = new ArrayList<>();
    for (SkewShard shard : shards) {
      parts.add(SkewStats.fromBytes(tables.plan, shard.finish().toBytes()));
    }
    while (parts.size() > 1) {
      SkewStats one = parts.remove(random.nextInt(parts.size()));
      parts.get(random.nextInt(parts.size())).merge(one);
    }
    return parts.get(0);
  }

  private static RecordBatch form(SkewStats stats) {
    return SkewForm.of(stats);
  }

  @Property(tries = 300)
  void mergedPartsAreTheWholeInAnyOrder(@ForAll Random random) {
    Tables tables = Tables.random(random);
    assertEquals(form(whole(tables)), form(inParts(tables, random)));
  }

  @Property(tries = 300)
  void theBinaryFormIsTheSame(@ForAll Random random) {
    SkewStats stats = whole(Tables.random(random));
    assertEquals(form(stats), form(SkewStats.fromBytes(stats.plan(), stats.toBytes())));
  }

  @Property(tries = 300)
  void sidesChangedAreTheSameChanged(@ForAll Random random) {
    Tables tables = Tables.random(random);
    SkewStats one = whole(tables);
    List<Object[]> first = tables.recomputed;
    List<Object[]> second = tables.logged;
    SkewStats other = whole(new Tables(tables.plan, first, second));
    assertEquals(one.rows(Side.LOGGED), other.rows(Side.RECOMPUTED));
    for (int c = 0; c < one.features().size(); c++) {
      FeatureSkew a = one.features().get(c);
      FeatureSkew b = other.features().get(c);
      assertEquals(a.equal(), b.equal());
      assertEquals(a.missing(), b.extra());
      assertEquals(a.absolute(), b.absolute());
    }
  }

  @Property(tries = 300)
  void whatIsCountedIsWhatBruteForceCounts(@ForAll Random random) {
    Tables tables = Tables.random(random);
    SkewStats stats = whole(tables);
    Map<String, Object[]> logged = new HashMap<>();
    Map<String, Object[]> recomputed = new HashMap<>();
    assertRows(tables.logged, stats.rows(Side.LOGGED), logged);
    assertRows(tables.recomputed, stats.rows(Side.RECOMPUTED), recomputed);

    Set<String> both = new HashSet<>(logged.keySet());
    both.retainAll(recomputed.keySet());
    assertEquals(both.size(), stats.pairs());
    assertEquals(logged.size() - both.size(), stats.rows(Side.LOGGED).alone());
    assertEquals(recomputed.size() - both.size(), stats.rows(Side.RECOMPUTED).alone());
    boolean conflicts =
        stats.rows(Side.LOGGED).conflicting() + stats.rows(Side.RECOMPUTED).conflicting() > 0;
    if (!conflicts) { // else which row counts is a matter of hashes
      for (int c = 0; c < stats.features().size(); c++) {
        assertFeature(tables.plan, c + KEYS, stats.features().get(c), both, logged, recomputed);
      }
    }
  }

  /** Fills in the row that counts for each key. */
  private static void assertRows(
      List<Object[]> rows, SkewStats.Rows counted, Map<String, Object[]> byKey) {
    long withoutKey = 0;
    long superseded = 0;
    Map<String, Set<String>> values = new HashMap<>();
    Map<String, Integer> newest = new HashMap<>();
    for (Object[] row : rows) {
      if (row[0] == null || row[1] == null) {
        withoutKey++;
        continue;
      }
      String key = row[0] + " " + row[1];
      for (Object[] other : rows) {
        if (Objects.equals(other[0], row[0])
            && Objects.equals(other[1], row[1])
            && revision(other) > revision(row)) {
          superseded++;
          row = null;
          break;
        }
      }
      if (row != null) {
        byKey.put(key, row);
        newest.merge(key, 1, Integer::sum);
        values.computeIfAbsent(key, k -> new HashSet<>()).add(text(row));
      }
    }
    assertEquals(rows.size(), counted.rows());
    assertEquals(withoutKey, counted.withoutKey());
    assertEquals(superseded, counted.superseded());
    long copies = newest.values().stream().mapToLong(n -> n - 1).sum();
    assertEquals(copies, counted.duplicates() + counted.conflicting());
    boolean conflicts = values.values().stream().anyMatch(set -> set.size() > 1);
    assertEquals(conflicts, counted.conflicting() > 0);
  }

  private static long revision(Object[] row) {
    return row[REVISION] == null ? -1 : (Long) row[REVISION];
  }

  private static String text(Object[] row) {
    StringBuilder text = new StringBuilder();
    for (int i = KEYS; i < REVISION; i++) {
      Object value = row[i] instanceof Double d ? (Object) (d + 0.0) : row[i];
      text.append(value).append(' ');
    }
    return text.toString();
  }

  private static void assertFeature(
      SkewPlan plan,
      int column,
      FeatureSkew feature,
      Set<String> keys,
      Map<String, Object[]> logged,
      Map<String, Object[]> recomputed) {
    long[] counts = new long[4];
    List<Double> distances = new ArrayList<>();
    double worst = -1;
    for (String key : keys) {
      Object a = logged.get(key)[column];
      Object b = recomputed.get(key)[column];
      if (a == null || b == null) {
        counts[a == b ? 0 : a == null ? 1 : 2]++;
        continue;
      }
      double distance = distance(feature.type(), a, b);
      boolean equal =
          feature.type().equals(FieldType.TIMESTAMP)
              ? distance * 1e6 <= plan.tolerance().micros()
              : a.equals(b)
                  || distance == 0
                  || (Double.isFinite(distance)
                      && (distance <= plan.tolerance().absolute()
                          || distance <= plan.tolerance().relative() * size(a, b)));
      counts[equal ? 0 : 3]++;
      if (Double.isFinite(distance)) {
        distances.add(distance);
        worst = equal ? worst : Math.max(worst, distance);
      }
    }
    assertEquals(keys.size(), feature.pairs());
    assertEquals(counts[0], feature.equal(), feature.name());
    assertEquals(counts[1], feature.missing(), feature.name());
    assertEquals(counts[2], feature.extra(), feature.name());
    assertEquals(counts[3], feature.different(), feature.name());
    assertDistances(distances, feature.absolute());
    assertEquals(
        worst, feature.worst().isEmpty() ? -1 : feature.worst().get(0).distance(), feature.name());
  }

  private static double size(Object a, Object b) {
    return Math.max(Math.abs(((Number) a).doubleValue()), Math.abs(((Number) b).doubleValue()));
  }

  private static double distance(FieldType type, Object a, Object b) {
    if (type.storage() != FieldType.Storage.LONG && type.storage() != FieldType.Storage.DOUBLE) {
      return Double.NaN;
    }
    double distance = Math.abs(((Number) a).doubleValue() - ((Number) b).doubleValue());
    return type.equals(FieldType.TIMESTAMP) ? distance / 1e6 : distance;
  }

  private static void assertDistances(
      List<Double> distances, FeatureSkew.@Nullable Distance found) {
    if (found == null) {
      assertEquals(List.of(), distances);
      return;
    }
    Collections.sort(distances);
    int size = distances.size();
    assertEquals(size, found.measured());
    assertEquals(distances.get(size - 1), found.max());
    BigDecimal sum =
        distances.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertEquals(
        sum.divide(BigDecimal.valueOf(size), MathContext.DECIMAL128).doubleValue(), found.mean());
    assertNear(distances.get((int) Math.ceil(0.5 * size) - 1), found.median());
    assertNear(distances.get((int) Math.ceil(0.9 * size) - 1), found.p90());
    assertNear(distances.get((int) Math.ceil(0.99 * size) - 1), found.p99());
    long counted = found.decades().stream().mapToLong(FeatureSkew.Decade::count).sum();
    assertEquals(size, counted + found.zeros());
  }

  /** Within what is promised of a quantile. */
  private static void assertNear(double expected, double found) {
    assertTrue(
        Math.abs(expected - found) <= expected / 32 + Double.MIN_VALUE,
        found + " instead of " + expected);
  }
}
