package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.Rules;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A rule over a batch. Texts are coded, so that a verdict is found once per dictionary entry; where
 * they are not, as in what a stream brings, once per record.
 */
@State(Scope.Thread)
@NullUnmarked
public class RuleKernels {
  @Param({
    "not_null",
    "between",
    "positive",
    "finite",
    "multiple_of",
    "z_score",
    "greater_than",
    "sum_equals",
    "in_set",
    "in_set_uncoded",
    "matches",
    "matches_uncoded",
    "uuid_uncoded",
    "length_uncoded",
    "expression",
    "when"
  })
  String rule;

  private RecordBatch batch;
  private Checker checker;

  @Setup
  public void bind() {
    batch = CardBatches.batch(1);
    if (rule.endsWith("_uncoded")) {
      RecordBatch.Builder uncoded = RecordBatch.builder(batch.schema());
      for (int row = 0; row < batch.size(); row++) {
        int at = row;
        uncoded.add(batch.columns().stream().map(column -> column.value(at)).toArray());
      }
      batch = uncoded.build();
    }
    DoubleColumn amounts = batch.doubles("amount");
    double[] limits = new double[batch.size()];
    double[] totals = new double[batch.size()];
    for (int row = 0; row < limits.length; row++) {
      limits[row] = amounts.get(row) + row % 3 - 1;
      totals[row] = amounts.get(row) + limits[row];
    }
    batch =
        batch.with(
            List.of(Field.of("limit", FieldType.FLOAT64), Field.of("total", FieldType.FLOAT64)),
            List.of(DoubleColumn.of(limits), DoubleColumn.of(totals)));
    checker = named(rule.replace("_uncoded", "")).bind(batch.schema());
  }

  private static Rule named(String name) {
    return switch (name) {
      case "not_null" -> Rules.notNull("amount");
      case "between" -> Rules.between("amount", 0, 100_000);
      case "positive" -> Rules.positive("amount");
      case "finite" -> Rules.finite("amount");
      case "multiple_of" -> Rules.multipleOf("amount", 5);
      case "z_score" -> Rules.zScore("amount", 50, 20, 3);
      case "greater_than" -> Rules.greaterThan("amount", "limit");
      case "sum_equals" -> Rules.sumEquals(List.of("amount", "limit"), "total", 0.001);
      case "uuid" -> Rules.uuid("user");
      case "length" -> Rules.lengthBetween("merchant", 3L, 10L);
      case "when" -> Rules.when(Rules.between("amount", 0, 100_000), "channel == 'channel1'");
      case "in_set" -> Rules.inSet("channel", List.of("channel0", "channel1", "channel2"));
      case "matches" -> Rules.matches("merchant", "m[0-9]{5}");
      case "expression" -> Rules.expression("amount > 1.0 && amount * 2.0 < 100000.0");
      default -> throw new IllegalArgumentException("Unknown rule: " + name);
    };
  }

  @Benchmark
  @OperationsPerInvocation(CardBatches.SIZE)
  public Bitmap check() {
    return checker.check(batch);
  }
}
