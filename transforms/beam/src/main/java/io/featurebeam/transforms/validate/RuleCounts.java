package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.transforms.records.Facts;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;

/** The counts of rules that travel among the facts of a flow. */
public final class RuleCounts {

  private RuleCounts() {}

  static byte[] toBytes(RuleCount count) {
    return SerializableUtils.serializeToByteArray(count);
  }

  /** A count from the bytes of a fact named {@link ValidateRecords#RULE_COUNT}. */
  public static RuleCount fromBytes(byte[] bytes) {
    return (RuleCount) SerializableUtils.deserializeFromByteArray(bytes, "the count of a rule");
  }

  /** The counts among some facts, one per rule and bundle. */
  static List<RuleCount> in(RecordBatch facts) {
    List<RuleCount> counts = new ArrayList<>();
    Facts.read(
        facts,
        (step, fact, value, bytes) -> {
          if (bytes != null && fact.equals(ValidateRecords.RULE_COUNT)) {
            counts.add(fromBytes(bytes));
          }
        });
    return counts;
  }
}
