package io.featurebeam.transforms.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class ProfileRecordsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("origin", FieldType.STRING),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("card", FieldType.STRING));

  private static List<RecordBatch> batches() {
    List<RecordBatch> batches = new ArrayList<>();
    for (int b = 0; b < 5; b++) {
      RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 7; i++) {
        rows.add(i % 2 == 0 ? "SFO" : "JFK", i == 3 ? null : b + i * 0.1, "4111");
      }
      batches.add(rows.build());
    }
    return batches;
  }

  @Test
  void allBundlesBecomeOneProfile(TestPipeline pipeline) {
    List<RecordBatch> batches = batches();
    BatchProfile expected = BatchProfile.of(SCHEMA, List.of("card"));
    batches.forEach(expected::add);
    String columns = expected.columns().toString();
    PCollection<BatchProfile> profile =
        pipeline
            .apply(Create.of(batches).withCoder(BatchCoder.of()))
            .apply(ProfileRecords.of(SCHEMA).withMasked(List.of("card")));

    PAssert.thatSingleton(profile)
        .satisfies(
            found -> {
              assertEquals(35, found.records());
              assertEquals(columns, found.columns().toString());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void noRecordsGiveAnEmptyProfile(TestPipeline pipeline) {
    PCollection<BatchProfile> profile =
        pipeline.apply(Create.empty(BatchCoder.of())).apply(ProfileRecords.of(SCHEMA));

    PAssert.thatSingleton(profile)
        .satisfies(
            found -> {
              assertEquals(0, found.records());
              assertEquals(3, found.columns().size());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void anUnknownMaskedColumnIsRefusedWhenBuilt() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ProfileRecords.of(SCHEMA).withMasked(List.of("dellay")));
    assertEquals("Unknown column: 'dellay'; did you mean 'delay'?", e.getMessage());
  }

  @Test
  void unboundedInputIsRefused() {
    PCollection<RecordBatch> records =
        Pipeline.create()
            .apply("Records", Create.empty(BatchCoder.of()))
            .setIsBoundedInternal(IsBounded.UNBOUNDED);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ProfileRecords.of(SCHEMA).expand(records));
    assertEquals(
        "ProfileRecords needs a bounded input: '" + records.getName() + "' is unbounded",
        e.getMessage());
  }

  @Test
  void theCoderKeepsAProfileAndRefusesAnythingElse() throws IOException {
    BatchProfile profile = BatchProfile.of(SCHEMA);
    batches().forEach(profile::add);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProfileCoder.of().encode(profile, bytes);

    BatchProfile decoded = ProfileCoder.of().decode(new ByteArrayInputStream(bytes.toByteArray()));
    assertEquals(profile.columns(), decoded.columns());
    CoderException e =
        assertThrows(
            CoderException.class,
            () -> ProfileCoder.of().decode(new ByteArrayInputStream(new byte[] {3, 1, 2, 3})));
    assertEquals(
        "Invalid profile at byte 0 of 3: it does not start with the mark of a profile",
        e.getMessage());
  }
}
