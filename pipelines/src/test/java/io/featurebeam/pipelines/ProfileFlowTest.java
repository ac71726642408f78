package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.profile.ColumnProfile;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class ProfileFlowTest {

  private static final String ROWS =
      "1, SECRET, 1, 2026-03-01T10:00:00Z\n2, SECRET, , 2026-03-01T11:00:00Z";

  @Test
  void recordsPassAndTheirProfileFollows(TestPipeline pipeline) {
    PAssert.that(
            pipeline
                .apply(
                    Create.of(Payments.batch(ROWS), Payments.batch(ROWS))
                        .withCoder(BatchCoder.of()))
                .apply(ProfileFlow.of(Payments.SCHEMA, Set.of("card", "not of this flow"))))
        .satisfies(
            flow -> {
              long records = 0;
              RunFacts facts = new RunFacts();
              for (RecordBatch batch : flow) {
                if (Flow.isFacts(batch)) {
                  facts.add(BatchCodec.encode(batch));
                } else {
                  assertEquals(Payments.batch(ROWS), batch);
                  records += batch.size();
                }
              }
              assertEquals(4, records);
              assertProfile(facts.profiles());
              return null;
            });
    pipeline.run();
  }

  private static void assertProfile(List<byte[]> parts) {
    BatchProfile whole = BatchProfile.fromBytes(parts.get(0));
    parts.stream().skip(1).map(BatchProfile::fromBytes).forEach(whole::merge);
    List<ColumnProfile> columns = whole.columns();
    assertEquals(
        List.of("id", "card", "amount", "seen"), columns.stream().map(c -> c.name()).toList());
    assertEquals(2, columns.get(2).nulls());
    assertTrue(columns.get(1).masked());
    assertFalse(columns.toString().contains("SECRET"), columns::toString);
  }
}
