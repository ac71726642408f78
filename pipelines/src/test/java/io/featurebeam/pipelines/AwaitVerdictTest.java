package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class AwaitVerdictTest {

  private static final RecordBatch ONE = Payments.batch("1, a, 1, 2026-03-01T10:00:00Z");
  private static final RecordBatch TWO =
      Payments.batch("2, a, 1, 2026-03-01T10:00:00Z\n3, b, , 2026-03-01T11:00:00Z");

  private static RecordBatch rejects() {
    Rejects.Builder rejects = new Rejects.Builder("validate", List.of(), 0);
    rejects.addMalformed("t-0", 7, new byte[] {'x'}, "no");
    return rejects.build();
  }

  /** The counts of a rule over which a record in three stumbled. */
  private static RecordBatch facts(Validation.OnFail onFail) {
    byte[] count =
        SerializableUtils.serializeToByteArray(
            new RuleCount("between(amount, 0, *)", onFail, 3, 1, List.of()));
    return new Facts.Builder().add("validate", ValidateRecords.RULE_COUNT, count).build();
  }

  private static PCollection<RecordBatch> afterVerdict(TestPipeline pipeline, RecordBatch... flow) {
    return pipeline
        .apply(Create.of(List.of(flow)).withCoder(BatchCoder.of()))
        .apply(AwaitVerdict.withShards(2));
  }

  @Test
  void allGoesOnIfNoRuleThatMayFailTheRunObjects(TestPipeline pipeline) {
    RecordBatch warning = facts(Validation.OnFail.WARN);
    PAssert.that(afterVerdict(pipeline, ONE, rejects(), warning, TWO))
        .containsInAnyOrder(ONE, TWO, rejects(), warning);
    pipeline.run();
  }

  @Test
  void recordsAreDroppedAndTheRestGoesOnIfARuleObjects(TestPipeline pipeline) {
    RecordBatch objection = facts(Validation.OnFail.FAIL);
    PAssert.that(afterVerdict(pipeline, ONE, rejects(), objection, TWO))
        .containsInAnyOrder(rejects(), objection);
    pipeline.run();
  }

  @Test
  void recordsOfWhichNothingIsToldGoOn(TestPipeline pipeline) {
    PAssert.that(afterVerdict(pipeline, ONE, TWO)).containsInAnyOrder(ONE, TWO);
    pipeline.run();
  }
}
