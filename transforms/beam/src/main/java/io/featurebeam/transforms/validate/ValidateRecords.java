package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Judges every record by every rule, and parts those that go on from those that do not.
 *
 * <pre>{@code
 * ValidateRecords.Result checked =
 *     records.apply(ValidateRecords.of(rules, schema).withEventTime("date"));
 * checked.valid();    // batches of the same schema
 * checked.rejected(); // batches of Rejects.SCHEMA
 * checked.counts();   // RuleCount per rule and bundle: add them up
 * }</pre>
 *
 * <p>Each record comes out exactly once, valid or rejected. A record that breaks several rules is
 * one reject, which names the first of them in declared order; the counts count all. A rule with
 * {@code WARN} only counts; one with {@code FAIL} rejects, and whoever publishes must ask the
 * counts whether it may. Nulls: as the rules say. A batch whose records all pass is handed on as it
 * is, and rejects leave as one batch per batch.
 *
 * <p>Unique rules run after the others, over the records that these accepted (or, if a unique rule
 * before rejected some, over what is left). Each costs one shuffle of the records, in {@link
 * #withShards shards} by the hash of its key, of which a worker holds one at a time in memory. Of
 * records with one key the first by (event time, source, place in the source, content hash) stays,
 * whatever the order of arrival. They need bounded input, or {@link #withHorizon a horizon}: then a
 * stream is judged as {@link io.featurebeam.rule.RecentKeys} says, with what it remembers in the
 * memory of the worker and, as a journal, in the runner's state. The other rules take any input.
 */
public final class ValidateRecords
    extends PTransform<PCollection<RecordBatch>, ValidateRecords.Result> {

  private static final long serialVersionUID = 1L;

  /** How many groups of keys a unique rule splits the records into unless told otherwise. */
  public static final int DEFAULT_SHARDS = 64;

  /** The rule of records that come too late to know whether they are copies. */
  public static final String LATE = "late";

  /** The name of the fact that holds the count of a rule. */
  public static final String RULE_COUNT = "rule_count";

  /** Records that no rule let go on, by attempt: what progress shows. */
  public static final String RECORDS_REJECTED = CheckRecords.RECORDS_REJECTED;

  /** How far apart copies may be, and how far behind a record of a stream, in microseconds. */
  record Horizon(long within, long lateness) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** What the DoFns need of the settings. */
  record Plan(
      RuleSet rules,
      RecordSchema schema,
      String step,
      Set<String> masked,
      @Nullable String eventTime,
      long rejectedAt,
      int shards,
      @Nullable Horizon horizon)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    Rejects.Builder rejects() {
      return new Rejects.Builder(step, masked, rejectedAt);
    }

    boolean isHidden(Validation validation) {
      return validation.rule().columns().stream().anyMatch(masked::contains);
    }
  }

  private final Plan plan;

  private ValidateRecords(Plan plan) {
    this.plan = plan;
  }

  /** Binds the rules to the records' schema; throws what does not fit. */
  public static ValidateRecords of(RuleSet rules, RecordSchema schema) {
    Objects.requireNonNull(rules, "rules is null");
    Objects.requireNonNull(schema, "schema is null");
    rules.validations().forEach(v -> v.rule().bind(schema));
    long now = System.currentTimeMillis() * 1000;
    return new ValidateRecords(
        new Plan(rules, schema, "validate", Set.of(), null, now, DEFAULT_SHARDS, null));
  }

  /** What rejects call this step; {@code validate} by default. */
  public ValidateRecords withStep(String step) {
    Objects.requireNonNull(step, "step is null");
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            step,
            plan.masked,
            plan.eventTime,
            plan.rejectedAt,
            plan.shards,
            plan.horizon));
  }

  /** The columns whose values must not be seen in rejects and counts; none by default. */
  public ValidateRecords withMasked(Collection<String> columns) {
    columns.forEach(plan.schema::indexOf);
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            plan.step,
            Set.copyOf(columns),
            plan.eventTime,
            plan.rejectedAt,
            plan.shards,
            plan.horizon));
  }

  /**
   * The column of the event time, which orders duplicates and stands in rejects; none by default.
   */
  public ValidateRecords withEventTime(String column) {
    FieldType type = plan.schema.field(column).type();
    if (type.kind() != FieldType.Kind.TIMESTAMP) {
      throw new IllegalArgumentException(
          "Invalid event time: '" + column + "' is " + type + " (must be timestamp)");
    }
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            plan.step,
            plan.masked,
            column,
            plan.rejectedAt,
            plan.shards,
            plan.horizon));
  }

  /**
   * The time that rejects bear, in microseconds since 1970; the time of this call chain by default.
   */
  public ValidateRecords withRejectedAt(long micros) {
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            plan.step,
            plan.masked,
            plan.eventTime,
            micros,
            plan.shards,
            plan.horizon));
  }

  /**
   * Into how many groups unique rules split the keys: so many that one fits into a worker's memory.
   */
  public ValidateRecords withShards(int shards) {
    if (shards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + shards + " (must be > 0)");
    }
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            plan.step,
            plan.masked,
            plan.eventTime,
            plan.rejectedAt,
            shards,
            plan.horizon));
  }

  /**
   * Unique rules take records of one key for copies only if their event times are at most {@code
   * within} apart, and take a stream too: there the first that arrives stays, and records that are
   * more than {@code lateness} behind, so that what they may be copies of is forgotten, are rejects
   * of rule {@value #LATE}. Both in microseconds.
   */
  public ValidateRecords withHorizon(long within, long lateness) {
    if (plan.eventTime == null) {
      throw new IllegalArgumentException(
          "Invalid horizon: no event time given (call withEventTime before)");
    }
    if (within <= 0 || lateness < 0) {
      throw new IllegalArgumentException(
          "Invalid horizon: "
              + within
              + " microseconds with a lateness of "
              + lateness
              + " (must be > 0, and >= 0)");
    }
    return new ValidateRecords(
        new Plan(
            plan.rules,
            plan.schema,
            plan.step,
            plan.masked,
            plan.eventTime,
            plan.rejectedAt,
            plan.shards,
            new Horizon(within, lateness)));
  }

  /**
   * The same as a step of a {@link Flow}: valid records, rejects and facts come out together, the
   * counts of rules among the facts (see {@link RuleCounts}).
   */
  public PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> inFlow() {
    return new InFlow(plan);
  }

  @Override
  public Result expand(PCollection<RecordBatch> records) {
    Flow.Parts parts = records.apply("Validate", inFlow()).apply("Split", Flow.split());
    PCollection<RuleCount> counts =
        parts
            .facts()
            .apply(
                "Counts",
                FlatMapElements.into(TypeDescriptor.of(RuleCount.class)).via(RuleCounts::in))
            .setCoder(SerializableCoder.of(RuleCount.class));
    return new Result(parts.records(), parts.rejects(), counts);
  }

  private static final class InFlow
      extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final Plan plan;

    InFlow(Plan plan) {
      this.plan = plan;
    }

    @Override
    public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
      PCollection<RecordBatch> checked =
          flow.apply("Check records", ParDo.of(new CheckRecords(plan))).setCoder(BatchCoder.of());
      for (Validation unique : plan.rules.runRules().validations()) {
        boolean isStream = flow.isBounded() == PCollection.IsBounded.UNBOUNDED;
        if (isStream && (plan.horizon == null || !unique.onFail().rejects())) {
          throw new IllegalArgumentException(
              "Rule "
                  + unique.rule().id()
                  + " needs a bounded input: '"
                  + flow.getName()
                  + "' is unbounded");
        }
        checked = isStream ? keepNew(unique, checked) : keepFirst(unique, checked);
      }
      return checked;
    }

    private PCollection<RecordBatch> keepNew(Validation unique, PCollection<RecordBatch> records) {
      String id = unique.rule().id();
      return records
          .apply("Shard by " + id, ParDo.of(new ShardByKey(unique.rule().columns(), plan.shards)))
          .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
          .apply("Keep first of " + id, ParDo.of(new KeepNew(plan, unique)))
          .setCoder(BatchCoder.of());
    }

    private PCollection<RecordBatch> keepFirst(
        Validation unique, PCollection<RecordBatch> records) {
      String id = unique.rule().id();
      return records
          .apply("Shard by " + id, ParDo.of(new ShardByKey(unique.rule().columns(), plan.shards)))
          .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
          .apply(
              "Keep time of " + id, // so that a batch may leave with its own time
              Window.<KV<Integer, RecordBatch>>configure()
                  .withTimestampCombiner(TimestampCombiner.EARLIEST))
          .apply("Group for " + id, GroupByKey.create())
          .apply("Keep first of " + id, ParDo.of(new KeepFirst(plan, unique)))
          .setCoder(BatchCoder.of());
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    List<String> ids = plan.rules.validations().stream().map(v -> v.rule().id()).toList();
    builder
        .add(DisplayData.item("rules", String.join("; ", ids)))
        .add(DisplayData.item("step", plan.step))
        .add(DisplayData.item("shards", plan.shards));
  }

  /** The outputs by name. */
  public static final class Result implements POutput {
    private final PCollection<RecordBatch> valid;
    private final PCollection<RecordBatch> rejected;
    private final PCollection<RuleCount> counts;

    private Result(
        PCollection<RecordBatch> valid,
        PCollection<RecordBatch> rejected,
        PCollection<RuleCount> counts) {
      this.valid = valid;
      this.rejected = rejected;
      this.counts = counts;
    }

    /** The records that go on. */
    public PCollection<RecordBatch> valid() {
      return valid;
    }

    /** Those that do not: batches of {@link Rejects#SCHEMA}. */
    public PCollection<RecordBatch> rejected() {
      return rejected;
    }

    /** Per rule and bundle how many were judged and how many failed; see {@link RuleCount#plus}. */
    public PCollection<RuleCount> counts() {
      return counts;
    }

    @Override
    public Pipeline getPipeline() {
      return valid.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(
          new TupleTag<RecordBatch>("valid"), valid,
          new TupleTag<RecordBatch>("rejected"), rejected,
          new TupleTag<RuleCount>("counts"), counts);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
