package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.Bitmap;
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

/** A rule over a batch; texts are coded, so a verdict is found once per dictionary entry. */
@State(Scope.Thread)
@NullUnmarked
public class RuleKernels {
  @Param({"not_null", "between", "in_set", "matches", "expression"})
  String rule;

  private RecordBatch batch;
  private Checker checker;

  @Setup
  public void bind() {
    batch = CardBatches.batch(1);
    checker = named(rule).bind(CardBatches.SCHEMA);
  }

  private static Rule named(String name) {
    return switch (name) {
      case "not_null" -> Rules.notNull("amount");
      case "between" -> Rules.between("amount", 0, 100_000);
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
