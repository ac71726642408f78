package io.featurebeam.io.lookup;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Feature vectors from a store: of many keys and several groups in one round trip.
 *
 * <pre>{@code
 * try (FeatureLookup lookup =
 *     FeatureLookup.over(RedisStore.at("redis:6379", Duration.ofMillis(50)))
 *         .features("card-features", "spent_1h", "payments_1d")
 *         .features("shop-features") // all of them
 *         .orElse("payments_1d", 0L)
 *         .maxAge("card-features", Duration.ofDays(7))
 *         .build()) {
 *   FeatureVector vector = lookup.get(Map.of("card", "c-17", "shop", 42L));
 *   Double spent = (Double) vector.value("spent_1h");
 * }
 * }</pre>
 *
 * <p>A value that the store has not, or that is too old, is null unless {@link Builder#orElse} or
 * {@link Builder#orFail} says otherwise; a null that the store holds is a value. Thread-safe. What
 * the store does wrong is a {@link FeatureStoreException}; it takes no longer than the store's
 * timeout (twice that after a restart of the store).
 *
 * <p>Rows that an earlier run wrote with fewer columns are read by the schema that they bear. The
 * features are those that the groups have when this is built: build another to see columns added
 * later.
 */
public final class FeatureLookup implements AutoCloseable {

  private final FeatureStore store;
  private final List<Group> groups;
  private final Columns columns;
  private final InstantSource clock;
  private final LookupMetrics metrics = new LookupMetrics();

  /** The names of vectors' values. */
  static final class Columns {
    private final List<String> names;
    private final Map<String, Integer> indexes = new HashMap<>();

    Columns(List<String> names) {
      this.names = List.copyOf(names);
      for (int i = 0; i < names.size(); i++) {
        indexes.put(names.get(i), i);
      }
    }

    List<String> names() {
      return names;
    }

    int indexOf(String feature) {
      Integer index = indexes.get(Objects.requireNonNull(feature, "feature is null"));
      if (index == null) {
        throw new IllegalArgumentException(
            "Unknown feature: '" + feature + "'" + Spelling.hint(feature, names));
      }
      return index;
    }
  }

  /** What a vector holds where the store has no value. */
  private record Otherwise(boolean fails, @Nullable Object value) {}

  /**
   * A group that is read.
   *
   * @param first where in vectors its features begin
   * @param plans by schema id, for each wanted feature its place in the row; -1 if it has none
   */
  private record Group(
      FeatureGroup definition,
      List<Field> features,
      int first,
      long maxAgeMicros,
      List<Otherwise> otherwise,
      Map<String, Plan> plans) {}

  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  private record Plan(List<Field> fields, int[] places) {}

  private FeatureLookup(
      FeatureStore store, List<Group> groups, Columns columns, InstantSource clock) {
    this.store = store;
    this.groups = groups;
    this.columns = columns;
    this.clock = clock;
  }

  /** Begins with no features; the lookup closes the store. */
  public static Builder over(FeatureStore store) {
    return new Builder(Objects.requireNonNull(store, "store is null"));
  }

  /** The names of the values in vectors, in order. */
  public List<String> features() {
    return columns.names();
  }

  public LookupMetrics.Snapshot metrics() {
    return metrics.snapshot();
  }

  /** The vector of one entity: a value for each key of each group. */
  public FeatureVector get(Map<String, ? extends Object> entity) {
    return get(List.of(entity)).get(0);
  }

  /** The vectors of entities, in that order, in one round trip. */
  public List<FeatureVector> get(List<? extends Map<String, ? extends Object>> entities) {
    List<FeatureStore.Address> addresses = new ArrayList<>(entities.size() * groups.size());
    for (int e = 0; e < entities.size(); e++) {
      for (Group group : groups) {
        addresses.add(address(group.definition(), entities.get(e), e));
      }
    }
    long start = System.nanoTime();
    boolean failed = true;
    try {
      List<FeatureVector> vectors = vectors(entities.size(), store.rows(addresses));
      failed = false;
      return vectors;
    } finally {
      metrics.took(System.nanoTime() - start);
      if (failed) {
        metrics.failed();
      }
    }
  }

  private static FeatureStore.Address address(
      FeatureGroup group, Map<String, ? extends Object> entity, int place) {
    List<@Nullable Object> values = new ArrayList<>(group.keys().size());
    for (Field key : group.keys()) {
      if (!entity.containsKey(key.name())) {
        throw new IllegalArgumentException(
            "Entity "
                + place
                + " has no key '"
                + key.name()
                + "' of group '"
                + group.name()
                + "' (it has "
                + String.join(", ", entity.keySet().stream().sorted().toList())
                + ")");
      }
      values.add(entity.get(key.name()));
    }
    return new FeatureStore.Address(group.name(), KeyText.of(group.keys(), values));
  }

  private List<FeatureVector> vectors(int entities, List<@Nullable StoredRow> rows) {
    long now = micros();
    int found = 0;
    int missing = 0;
    List<FeatureVector> vectors = new ArrayList<>(entities);
    int at = 0;
    for (int e = 0; e < entities; e++) {
      @Nullable Object[] values = new @Nullable Object[columns.names().size()];
      FeatureVector.Status[] statuses = new FeatureVector.Status[values.length];
      long[] times = new long[values.length];
      for (Group group : groups) {
        fill(group, rows.get(at++), now, e, values, statuses, times);
      }
      for (FeatureVector.Status status : statuses) {
        found += status == FeatureVector.Status.FOUND ? 1 : 0;
        missing += status == FeatureVector.Status.MISSING ? 1 : 0;
      }
      vectors.add(new FeatureVector(columns, values, statuses, times, now));
    }
    metrics.counted(found, missing, (long) entities * columns.names().size() - found - missing);
    return vectors;
  }

  private long micros() {
    Instant now = clock.instant();
    return Math.addExact(
        Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1000);
  }

  private void fill(
      Group group,
      @Nullable StoredRow row,
      long now,
      int entity,
      @Nullable Object[] values,
      FeatureVector.Status[] statuses,
      long[] times) {
    Plan plan = row == null ? null : plan(group, row.schemaId());
    long time = row == null ? 0 : eventTime(group, row);
    boolean isStale = row != null && time < now - group.maxAgeMicros();
    @Nullable Object[] read = plan == null || isStale ? null : decode(group, plan, row);
    for (int f = 0; f < group.features().size(); f++) {
      int at = group.first() + f;
      times[at] = time;
      if (plan == null || plan.places()[f] < 0) {
        statuses[at] = FeatureVector.Status.MISSING;
      } else {
        statuses[at] = isStale ? FeatureVector.Status.STALE : FeatureVector.Status.FOUND;
      }
      if (statuses[at] == FeatureVector.Status.FOUND) {
        values[at] = read[plan.places()[f]];
      } else if (group.otherwise().get(f).fails()) {
        throw new FeatureStoreException(
            "No value of '"
                + group.features().get(f).name()
                + "' for entity "
                + entity
                + ": "
                + (isStale
                    ? "the row of group '" + group.definition().name() + "' is too old"
                    : "group '" + group.definition().name() + "' has none"));
      } else {
        values[at] = group.otherwise().get(f).value();
      }
    }
  }

  private long eventTime(Group group, StoredRow row) {
    try {
      return RowVersion.parse(row.version()).eventTime();
    } catch (IllegalArgumentException e) {
      throw unreadable(group, e.getMessage());
    }
  }

  private @Nullable Object[] decode(Group group, Plan plan, StoredRow row) {
    try {
      return RowCodec.decode(plan.fields(), row.encoded(), row.from());
    } catch (IllegalArgumentException e) {
      throw unreadable(group, e.getMessage());
    }
  }

  private FeatureStoreException unreadable(Group group, @Nullable String why) {
    return new FeatureStoreException(
        "Cannot read a row of group '" + group.definition().name() + "' in " + store + ": " + why);
  }

  private Plan plan(Group group, String schemaId) {
    Plan known = group.plans().get(schemaId);
    if (known != null) {
      return known;
    }
    FeatureStore.Group stored = store.group(group.definition().name()); // another run wrote
    FeatureGroup schema = stored == null ? null : stored.schemas().get(schemaId);
    if (schema == null) {
      throw unreadable(group, "its schema " + schemaId + " is not there");
    }
    Plan plan = plan(group.features(), schema);
    group.plans().put(schemaId, plan);
    return plan;
  }

  private static Plan plan(List<Field> wanted, FeatureGroup schema) {
    return new Plan(
        schema.features(), wanted.stream().mapToInt(schema.features()::indexOf).toArray());
  }

  /** Closes the store. */
  @Override
  public void close() {
    store.close();
  }

  /** Says what is looked up and what stands for what is missing. */
  public static final class Builder {
    private final FeatureStore store;
    private final Map<String, List<String>> wanted = new LinkedHashMap<>();
    private final Map<String, Otherwise> otherwise = new LinkedHashMap<>();
    private final Map<String, Duration> maxAges = new LinkedHashMap<>();
    private InstantSource clock = InstantSource.system();

    private Builder(FeatureStore store) {
      this.store = store;
    }

    /** Adds features of a group; all that it has if none is named. */
    public Builder features(String group, String... names) {
      if (wanted.putIfAbsent(group, List.of(names)) != null) {
        throw new IllegalArgumentException("Duplicate group: '" + group + "'");
      }
      return this;
    }

    /** What stands for a feature without a value, or for all of a group. */
    public Builder orElse(String featureOrGroup, @Nullable Object value) {
      otherwise.put(featureOrGroup, new Otherwise(false, value));
      return this;
    }

    /** Lets a lookup fail if a feature, or one of a group, has no value. */
    public Builder orFail(String featureOrGroup) {
      otherwise.put(featureOrGroup, new Otherwise(true, null));
      return this;
    }

    /** Older rows of a group have no values. */
    public Builder maxAge(String group, Duration age) {
      if (age.isNegative()) {
        throw new IllegalArgumentException("Invalid maxAge: " + age + " (must not be negative)");
      }
      maxAges.put(group, age);
      return this;
    }

    /** What ages are counted to; the machine's clock if not said. */
    public Builder clock(InstantSource now) {
      clock = Objects.requireNonNull(now, "now is null");
      return this;
    }

    /** Reads what the store knows of the groups, a round trip each. */
    public FeatureLookup build() {
      if (wanted.isEmpty()) {
        throw new IllegalArgumentException("Invalid lookup: no features (say features(GROUP))");
      }
      List<Group> groups = new ArrayList<>();
      List<String> names = new ArrayList<>();
      Set<String> unused = new LinkedHashSet<>(otherwise.keySet());
      for (Map.Entry<String, List<String>> entry : wanted.entrySet()) {
        Group group = group(entry.getKey(), entry.getValue(), names.size());
        groups.add(group);
        unused.remove(entry.getKey());
        for (Field feature : group.features()) {
          unused.remove(feature.name());
          if (names.contains(feature.name())) {
            throw new IllegalArgumentException(
                "Duplicate feature: '"
                    + feature.name()
                    + "' of group '"
                    + entry.getKey()
                    + "' (another group has it too; name the features that are wanted)");
          }
          names.add(feature.name());
        }
      }
      unused.forEach(new Columns(names)::indexOf);
      for (String group : maxAges.keySet()) {
        if (!wanted.containsKey(group)) {
          throw new IllegalArgumentException(
              "Unknown group: '" + group + "'" + Spelling.hint(group, wanted.keySet()));
        }
      }
      return new FeatureLookup(store, List.copyOf(groups), new Columns(names), clock);
    }

    private Group group(String name, List<String> features, int first) {
      FeatureStore.Group stored = store.group(name);
      if (stored == null) {
        throw new FeatureStoreException(
            "Unknown group: '" + name + "' in " + store + " (nothing was written there yet)");
      }
      FeatureGroup current = stored.current();
      List<String> known = current.features().stream().map(Field::name).toList();
      List<Field> fields = new ArrayList<>();
      for (String feature : features.isEmpty() ? known : features) {
        int index = known.indexOf(feature);
        if (index < 0) {
          throw new IllegalArgumentException(
              "Unknown feature: '"
                  + feature
                  + "' of group '"
                  + name
                  + "'"
                  + Spelling.hint(feature, known));
        }
        fields.add(current.features().get(index));
      }
      Map<String, Plan> plans = new ConcurrentHashMap<>();
      stored.schemas().forEach((id, schema) -> plans.put(id, plan(fields, schema)));
      Duration maxAge = maxAges.get(name);
      return new Group(
          current,
          List.copyOf(fields),
          first,
          maxAge == null ? Long.MAX_VALUE : maxAge.toNanos() / 1000,
          fields.stream().map(field -> otherwise(name, field)).toList(),
          plans);
    }

    private Otherwise otherwise(String group, Field field) {
      Otherwise found =
          otherwise.getOrDefault(
              field.name(), otherwise.getOrDefault(group, new Otherwise(false, null)));
      Object value = found.value();
      if (value != null && !fits(field.type(), value)) {
        throw new IllegalArgumentException(
            "Invalid default of '"
                + field.name()
                + "': "
                + value
                + " ("
                + value.getClass().getSimpleName()
                + ", must be of type "
                + field.type()
                + ")");
      }
      return found;
    }

    private static boolean fits(FieldType type, Object value) {
      return switch (type.storage()) {
        case BOOLEAN -> value instanceof Boolean;
        case LONG -> value instanceof Long;
        case DOUBLE -> value instanceof Double;
        case BYTES ->
            type.equals(FieldType.STRING) ? value instanceof String : value instanceof byte[];
        case LIST -> value instanceof List<?>;
      };
    }
  }
}
