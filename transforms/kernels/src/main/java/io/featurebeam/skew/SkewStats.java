package io.featurebeam.skew;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a log and a recomputation compare. Statistics of {@link SkewShard}s merge into those of the
 * whole: all of it, also examples, is the same however rows are spread over shards and in whatever
 * order these merge.
 *
 * <p>Every row that was read is counted once: {@code rows = withoutKey + superseded + duplicates +
 * conflicting + pairs + alone}. Memory is bounded: some KB per column, some MB if its distances are
 * of all sizes that there are. Not thread-safe.
 */
public final class SkewStats {

  /**
   * Where the rows of a side went.
   *
   * @param rows that were read
   * @param unreadable records that are no rows, beside those
   * @param withoutKey rows with a null in a column that identifies them
   * @param superseded rows of a key with a higher revision
   * @param duplicates rows equal to the one that counts for their key
   * @param conflicting rows of the same key and revision as the one that counts, with other values
   * @param alone keys that the other side does not have
   */
  public record Rows(
      long rows,
      long unreadable,
      long withoutKey,
      long superseded,
      long duplicates,
      long conflicting,
      long alone) {}

  final SkewPlan plan;
  private final SideSkew logged = new SideSkew();
  private final SideSkew recomputed = new SideSkew();
  final List<ColumnSkew> columns;
  long pairs;

  private SkewStats(SkewPlan plan) {
    this.plan = plan;
    this.columns = new ArrayList<>();
    for (Field field : plan.fields()) {
      columns.add(new ColumnSkew(field, plan.isMasked(field.name()), plan.tolerance()));
    }
  }

  /** Of no rows. */
  public static SkewStats of(SkewPlan plan) {
    return new SkewStats(Objects.requireNonNull(plan, "plan is null"));
  }

  SideSkew side(Side side) {
    return side == Side.LOGGED ? logged : recomputed;
  }

  void addAlone(Side side, KeyTexts keys, int row) {
    side(side).counts[SideSkew.ALONE]++;
    long order = keys.hash(row);
    side(side)
        .alone
        .offer(
            Double.NaN,
            order,
            () -> new Example(keys.of(row), null, null, Double.NaN, Double.NaN, order));
  }

  void addPairs(List<Column> values, int[] logged, int[] recomputed, KeyTexts keys) {
    pairs += logged.length;
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).add(values.get(c), logged, recomputed, keys);
    }
  }

  /**
   * Counts a record that could not be read.
   *
   * @param where file and row, or whatever else finds it again
   * @param reason what is wrong with it
   */
  public void addUnreadable(Side side, String where, String reason) {
    side(side).counts[SideSkew.UNREADABLE]++;
    side(side).unreadable.add(new Example(List.of(where), reason, null, Double.NaN, Double.NaN, 0));
  }

  /** Adds all that {@code other}, of the same plan, has seen; it stays as it is. */
  public void merge(SkewStats other) {
    logged.merge(other.logged);
    recomputed.merge(other.recomputed);
    pairs += other.pairs;
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).merge(other.columns.get(c));
    }
  }

  /** Keys that both sides have. */
  public long pairs() {
    return pairs;
  }

  public Rows rows(Side side) {
    return side(side).result();
  }

  /** Each compared column, in the order of the plan. */
  public List<FeatureSkew> features() {
    return columns.stream().map(ColumnSkew::result).toList();
  }

  /** Some of the keys that the other side does not have: no values, the keys alone. */
  public List<Example> alone(Side side) {
    return side(side).alone.list();
  }

  /** Some of the records that could not be read: the place as key, the reason as logged value. */
  public List<Example> unreadable(Side side) {
    return side(side).unreadable.list();
  }

  public SkewPlan plan() {
    return plan;
  }

  /** The binary form, which {@link #fromBytes} of the same plan reads. */
  public byte[] toBytes() {
    return BatchCodec.encode(SkewForm.of(this));
  }

  /**
   * What {@link #toBytes} wrote; other bytes give an {@link IllegalArgumentException} that says
   * why, or statistics of something else.
   */
  public static SkewStats fromBytes(SkewPlan plan, byte[] bytes) {
    RecordBatch form = BatchCodec.decode(bytes);
    return SkewForm.read(plan, form);
  }
}
