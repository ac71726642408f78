package io.featurebeam.rule;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges one record at a time by the rules of a pipeline, in a process that has neither a pipeline
 * nor Beam: what answers requests, say.
 *
 * <pre>{@code
 * RecordChecker checker = RecordChecker.of(rules, schema);
 * for (Failure failure : checker.check(Map.of("origin", "SFO", "delay", -300.0))) {
 *   System.out.println(failure.onFail() + " " + failure.reason());
 * }
 * }</pre>
 *
 * <p>The answers are those of the same rules over a batch, since the same checkers give them.
 * Nulls: as the rules say; a key that a record lacks is a null, also where the schema has none, and
 * one that the schema lacks is not looked at. A rule that needs the whole run cannot be asked about
 * one record and is refused; {@link RuleSet#recordRules()} leaves such rules out.
 *
 * <p>Values are Boolean, Long, Integer, Double, Float, String, {@code byte[]} or a List of these;
 * times are what {@link io.featurebeam.columnar.Column#value} gives (microseconds, days), or
 * Instant, LocalDate and LocalTime. A value of another type than the schema's throws {@link
 * IllegalArgumentException} that names the column, and the checker can be used on.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class RecordChecker {

  private final RecordSchema schema;
  private final RuleSet.Bound rules;
  private final RecordBatch.Builder builder;

  private RecordChecker(RecordSchema schema, RuleSet.Bound rules) {
    this.schema = schema;
    this.rules = rules;
    this.builder = RecordBatch.builder(schema);
  }

  /** Binds the rules to the records' schema; throws what does not fit. */
  public static RecordChecker of(RuleSet rules, RecordSchema schema) {
    if (!rules.runRules().isEmpty()) {
      throw new IllegalArgumentException(
          "Rule "
              + rules.runRules().validations().get(0).rule().id()
              + " needs the whole run and cannot judge a record alone (give recordRules())");
    }
    RecordSchema nullable =
        RecordSchema.of(
            schema.fields().stream().map(field -> Field.of(field.name(), field.type())).toList());
    return new RecordChecker(nullable, rules.bind(nullable));
  }

  /** What a record breaks, in the order of the rules; nothing if it breaks none. */
  public List<Failure> check(Map<String, ? extends @Nullable Object> record) {
    for (int i = 0; i < schema.size(); i++) {
      append(i, record.get(schema.field(i).name()));
    }
    return judge();
  }

  /** The same for a record given as values in the order of the schema. */
  public List<Failure> check(@Nullable Object... values) {
    if (values.length != schema.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + schema.size() + " columns: " + schema);
    }
    for (int i = 0; i < values.length; i++) {
      append(i, values[i]);
    }
    return judge();
  }

  private void append(int index, @Nullable Object value) {
    Field field = schema.field(index);
    ColumnBuilder column = builder.column(index);
    try {
      column.append(plain(field.type(), value));
    } catch (IllegalArgumentException | ArithmeticException e) {
      builder.dropRecord();
      throw new IllegalArgumentException(
          "Invalid value of column '"
              + field.name()
              + "': a "
              + Objects.requireNonNull(value).getClass().getName()
              + " (must be "
              + field.type()
              + ")",
          e);
    }
  }

  private static @Nullable Object plain(FieldType type, @Nullable Object value) {
    if (value instanceof Instant time && type.kind() == FieldType.Kind.TIMESTAMP) {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000L);
    }
    if (value instanceof LocalDate date && type.kind() == FieldType.Kind.DATE) {
      return date.toEpochDay();
    }
    if (value instanceof LocalTime time && type.kind() == FieldType.Kind.TIME) {
      return time.getLong(ChronoField.MICRO_OF_DAY);
    }
    return value;
  }

  private List<Failure> judge() {
    RecordBatch one = builder.endRecord().build();
    RuleSet.Verdict verdict = rules.check(one);
    List<Failure> failures = new ArrayList<>(0);
    for (int i = 0; i < verdict.passed().size(); i++) {
      if (!verdict.passed().get(i).get(0)) {
        Validation broken = rules.validations().get(i);
        Checker checker = rules.checker(i);
        failures.add(
            new Failure(
                broken.rule().id(),
                broken.rule().columns(),
                checker.observed(one, 0),
                checker.requirement(),
                checker.reason(one, 0),
                broken.onFail()));
      }
    }
    return failures;
  }
}
