package io.featurebeam.io.redis;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.store.KeepNewest;
import io.featurebeam.io.store.NewestRows;
import io.featurebeam.io.store.OnlineStore;
import io.featurebeam.transforms.records.Patience;
import java.time.Duration;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Keeps the newest row of each key of a flow in Redis, and hands on the rest of the flow: rejects,
 * and facts with its own; the records too if another output follows ({@link #handingOn}).
 *
 * <pre>{@code
 * rows.apply(WriteRedis.of(RedisConnection.to("redis:6379"), LatestRows.Plan.of(group, schema, "at", own)));
 * }</pre>
 *
 * <p>An older row never replaces a newer one ({@link io.featurebeam.io.lookup.RowVersion} is the
 * order), whatever order bundles and writers come in; a bundle that is done again changes nothing.
 * A group with a {@code ttl} keeps a row for so long after its event time. A store that is down is
 * tried again for {@link #withPatience}, then the bundle fails.
 *
 * <p>Rows are written with each bundle ({@link KeepNewest}). The store is looked at when the
 * pipeline is built: one that does not answer, refuses the login, or holds another schema of the
 * group is an error then.
 */
public final class WriteRedis
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** What this store is called in facts, counters and counts. */
  public static final String KIND = "redis";

  /** For how long a store that is down is tried again, if nothing else is said. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

  private final Store store;
  private final NewestRows rows;

  /** Where rows go, and on what terms. */
  private record Store(
      RedisConnection connection, FeatureGroup features, boolean overwrite, Duration patience)
      implements OnlineStore {

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String group() {
      return features.name();
    }

    @Override
    public void check() {
      writer().check();
    }

    @Override
    public RedisWriter writer() {
      return new RedisWriter(connection, features, overwrite, patience);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("server", connection.server()))
          .add(DisplayData.item("group", features.name()))
          .add(DisplayData.item("ttlMicros", features.ttlMicros()));
    }
  }

  private WriteRedis(Store store, NewestRows rows) {
    this.store = store;
    this.rows = rows;
  }

  /** Refuses to follow another schema of the group. */
  public static WriteRedis of(RedisConnection connection, LatestRows.Plan plan) {
    Objects.requireNonNull(connection, "connection is null");
    Objects.requireNonNull(plan, "plan is null");
    return new WriteRedis(
        new Store(connection, plan.group(), false, DEFAULT_PATIENCE), NewestRows.of(plan));
  }

  /** Goes on with this schema of the group whatever the store holds. */
  public WriteRedis withOverwrite(boolean overwrite) {
    return new WriteRedis(
        new Store(store.connection, store.features, overwrite, store.patience), rows);
  }

  /** For how long a store that is down is tried again. */
  public WriteRedis withPatience(Duration patience) {
    return new WriteRedis(
        new Store(store.connection, store.features, store.overwrite, Patience.checked(patience)),
        rows);
  }

  /** Writes only the rows for which a condition over the plan's columns is true. */
  public WriteRedis withWhere(String cel) {
    return new WriteRedis(store, rows.withWhere(cel));
  }

  /** Hands the records on too, all of them, for an output behind this one. */
  public WriteRedis handingOn() {
    return new WriteRedis(store, rows.handingOn());
  }

  /** Whether the store answers and what it has of the group fits; an error that says if not. */
  public void check() {
    store.check();
  }

  /** The same without another look at the store, for those who called {@link #check}. */
  public KeepNewest unchecked() {
    return KeepNewest.in(store, rows);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    return unchecked().expand(flow);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.delegate(store);
  }
}
