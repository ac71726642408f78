package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.PublishMode;
import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.publish.PublishedFile;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBatchesTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("date", FieldType.TIMESTAMP),
          Field.of("country", FieldType.STRING),
          Field.required("n", FieldType.INT64));

  @TempDir Path temp;
  private Path out;

  @BeforeEach
  void chooseFolder() {
    out = temp.resolve("out");
  }

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }

  /** Records over three days; numbers tell runs apart. */
  private static List<RecordBatch> threeDays(long first) {
    List<RecordBatch> batches = new ArrayList<>();
    for (int b = 0; b < 4; b++) {
      RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 30; i++) {
        long hour = micros("2001-01-30T00:00:00Z") + (long) (b * 30 + i) % 72 * 3_600_000_000L;
        rows.add(hour, i % 3 == 0 ? "NZ" : i % 3 == 1 ? "a/../b=c%" : null, first + b * 30L + i);
      }
      batches.add(rows.build());
    }
    return batches;
  }

  private WriteBatches byDay() {
    return WriteBatches.to(out.toString(), SCHEMA)
        .partitionedBy(PartitionBy.parse("day(date)"))
        .withEventTime("date");
  }

  private static void run(List<RecordBatch> batches, WriteBatches write) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(Create.of(batches).withCoder(BatchCoder.of())).apply("Write", write);
    pipeline.run().waitUntilFinish();
  }

  private Manifest manifest() throws IOException {
    return Manifest.read(out.toString()).orElseThrow();
  }

  @Test
  void everyRecordIsInOneFileOfItsPartitionAndNothingIsLeftOver() throws IOException {
    List<RecordBatch> batches = threeDays(0);
    run(batches, byDay().withRunId("run1"));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(batches)), OutputReader.records(out));
    List<String> expected = new ArrayList<>();
    for (PublishedFile file : manifest().files()) {
      expected.add(file.path());
      String day = file.partition().get("date_day");
      assertTrue(file.path().startsWith("date_day=" + day + "/run1-"), file.path());
      for (List<@Nullable Object> row :
          ParquetFiles.read(out.resolve(file.path()), manifest().recordSchema())) {
        long at = (Long) row.get(0);
        assertEquals(day, Instant.ofEpochMilli(at / 1000).toString().substring(0, 10));
        assertTrue(file.minEventTime() <= at && at <= file.maxEventTime());
      }
      assertEquals(Files.size(out.resolve(file.path())), file.bytes());
    }
    expected.add("_featurebeam/manifest.json");
    assertEquals(
        expected.stream().sorted().toList(), OutputReader.tree(out).stream().sorted().toList());
    assertEquals(120, manifest().rows());
    assertEquals(SCHEMA, manifest().recordSchema());
    assertEquals(List.of("day(date)"), manifest().partitionBy());
    assertEquals("run1", manifest().runId());
  }

  @Test
  void hostilePartitionValuesStayInTheirFolder() throws IOException {
    List<RecordBatch> batches = threeDays(0);
    run(
        batches,
        WriteBatches.to(out.toString(), SCHEMA)
            .partitionedBy(PartitionBy.parse("country", "month(date)")));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(batches)), OutputReader.records(out));
    List<String> folders =
        manifest().files().stream()
            .map(f -> f.path().substring(0, f.path().lastIndexOf('/')))
            .distinct()
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "country=NZ/date_month=2001-01",
            "country=NZ/date_month=2001-02",
            "country=__HIVE_DEFAULT_PARTITION__/date_month=2001-01",
            "country=__HIVE_DEFAULT_PARTITION__/date_month=2001-02",
            "country=a%2F..%2Fb%3Dc%25/date_month=2001-01",
            "country=a%2F..%2Fb%3Dc%25/date_month=2001-02"),
        folders);
    assertEquals(
        List.of("out"),
        OutputReader.tree(temp).stream().map(p -> p.split("/", 2)[0]).distinct().toList());
  }

  @Test
  void secondRunReplacesTheFirst() throws IOException {
    run(threeDays(0), byDay());
    List<RecordBatch> second = threeDays(1000).subList(0, 2);
    run(second, byDay().withRunId("run2"));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(second)), OutputReader.records(out));
    assertEquals(manifest().files().size() + 1, OutputReader.tree(out).size());
  }

  @Test
  void emptyInputPublishesAnEmptyOutput() throws IOException {
    run(threeDays(0), byDay());
    run(List.of(), byDay());
    assertEquals(List.of(), manifest().files());
    assertEquals(List.of("_featurebeam/manifest.json"), OutputReader.tree(out));
  }

  @Test
  void rangeReplacesOnlyItsDays() throws IOException {
    List<RecordBatch> first = threeDays(0);
    run(first, byDay());
    long from = micros("2001-01-31T00:00:00Z");
    long to = micros("2001-02-01T00:00:00Z");
    RecordBatch day =
        RecordBatch.builder(SCHEMA).add(from, "NZ", 5000L).add(to - 1, "NZ", 5001L).build();
    run(List.of(day), byDay().withMode(PublishMode.replaceRange(from, to)));
    List<List<@Nullable Object>> expected =
        new ArrayList<>(
            ParquetFiles.rows(first).stream()
                .filter(r -> (Long) r.get(0) < from || (Long) r.get(0) >= to)
                .toList());
    expected.addAll(ParquetFiles.rows(List.of(day)));
    assertEquals(OutputReader.sorted(expected), OutputReader.records(out));
    assertEquals(manifest().files().size() + 1, OutputReader.tree(out).size());
  }

  @Test
  void recordOutsideTheRangeFailsAndTheOldOutputStands() throws IOException {
    List<RecordBatch> first = threeDays(0);
    run(first, byDay());
    WriteBatches oneDay =
        byDay()
            .withMode(
                PublishMode.replaceRange(
                    micros("2001-01-30T00:00:00Z"), micros("2001-01-31T00:00:00Z")));
    Pipeline.PipelineExecutionException error =
        assertThrows(Pipeline.PipelineExecutionException.class, () -> run(threeDays(1000), oneDay));
    assertTrue(
        error
            .getMessage()
            .contains(
                "the run gave records for partition {date_day=2001-01-31} (filter its output to"
                    + " the range)"),
        error.getMessage());
    assertEquals(OutputReader.sorted(ParquetFiles.rows(first)), OutputReader.records(out));
  }

  @Test
  void objectionWithholdsAndTheOldOutputStands() throws IOException {
    List<RecordBatch> first = threeDays(0);
    run(first, byDay());
    List<String> before = OutputReader.tree(out);
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionView<List<String>> objections =
        pipeline
            .apply(
                "Verdict",
                Create.of(List.of("12% of delay is null")).withCoder(StringUtf8Coder.of()))
            .apply(View.asList());
    PCollection<PublishOutcome> outcome =
        pipeline
            .apply(Create.of(threeDays(1000)).withCoder(BatchCoder.of()))
            .apply("Write", byDay().withRunId("run2").unless(objections))
            .outcome();
    PAssert.thatSingleton(outcome)
        .isEqualTo(
            new PublishOutcome(out + "/", "run2", false, 0, 0, 0, List.of("12% of delay is null")));
    pipeline.run().waitUntilFinish();
    assertEquals(OutputReader.sorted(ParquetFiles.rows(first)), OutputReader.records(out));
    assertEquals(before, OutputReader.tree(out));
  }

  @Test
  void filesRollAtTheTargetSizeAndOpenFilesAreBounded() throws IOException {
    List<RecordBatch> batches = threeDays(0);
    run(
        batches,
        WriteBatches.to(out.toString(), SCHEMA)
            .partitionedBy(PartitionBy.parse("country"))
            .withLimits(new WriteLimits(1, 2, 1)));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(batches)), OutputReader.records(out));
    assertEquals(12, manifest().files().size());
  }

  @Test
  void compressedTextIsPublishedUnderItsWholeExtension() throws IOException {
    run(
        threeDays(0),
        byDay()
            .withRunId("run1")
            .withFormat(TextFormat.csv().withCompression(TextFormat.Compression.ZSTD)));
    assertEquals(120, manifest().rows());
    for (PublishedFile file : manifest().files()) {
      assertTrue(file.path().matches(".*/run1-[0-9]{5}\\.csv\\.zst"), file.path());
      assertEquals(Files.size(out.resolve(file.path())), file.bytes());
    }
  }

  @Test
  void runAfterOneThatFailedInTheMiddleIsClean() throws IOException {
    List<RecordBatch> first = threeDays(0);
    run(first, byDay());
    RecordBatch other =
        RecordBatch.builder(RecordSchema.of(Field.of("x", FieldType.INT64))).add(1L).build();
    List<RecordBatch> broken = new ArrayList<>(threeDays(1000));
    broken.add(other);
    assertThrows(
        RuntimeException.class, () -> run(broken, WriteBatches.to(out.toString(), SCHEMA)));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(first)), OutputReader.records(out));
    List<RecordBatch> third = threeDays(2000);
    run(third, byDay());
    assertEquals(OutputReader.sorted(ParquetFiles.rows(third)), OutputReader.records(out));
    assertEquals(manifest().files().size() + 1, OutputReader.tree(out).size());
  }

  @Test
  void laterRunOfTheSameSecondSortsBehindTheEarlierOne() {
    String earlier = WriteBatches.newRunId(Instant.parse("2026-01-31T12:00:00.099Z"));
    String later = WriteBatches.newRunId(Instant.parse("2026-01-31T12:00:00.100Z"));

    assertEquals("20260131-120000099-", earlier.substring(0, 19));
    assertEquals("20260131-120000100-", later.substring(0, 19));
  }

  @Test
  void runIdThatIsNoFileNameIsRefusedWhenThePipelineIsBuilt() {
    assertEquals(
        "Invalid run id: 'a b' (must be ASCII letters, digits, - and _)",
        assertThrows(
                IllegalArgumentException.class, () -> run(threeDays(0), byDay().withRunId("a b")))
            .getMessage());
  }

  @Test
  void pathWithOddCharactersAndDotsIsOneFolder() throws IOException {
    out = temp.resolve("a b%20+\u00e9/x/../out");
    List<RecordBatch> batches = threeDays(0);
    run(batches, byDay());
    run(batches, byDay());
    assertEquals(OutputReader.sorted(ParquetFiles.rows(batches)), OutputReader.records(out));
    assertEquals(
        manifest().files().size() + 1, OutputReader.tree(temp.resolve("a b%20+\u00e9/out")).size());
  }

  @Test
  void folderThatIsNotOursIsRefusedWhenThePipelineIsBuilt() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("diary.txt"), "dear diary");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> run(threeDays(0), byDay()));
    assertEquals(
        "Output path exists and is not ours: "
            + out
            + "/ holds 'diary.txt' and no _featurebeam/manifest.json (choose another path, or set"
            + " overwrite: true to replace the data files in it)",
        error.getMessage());
  }

  @Test
  void overwriteReplacesForeignDataAndNothingElse() throws IOException {
    Files.createDirectories(out.resolve("old"));
    Files.writeString(out.resolve("diary.txt"), "dear diary");
    Files.writeString(out.resolve("old/part-0.parquet"), "data");
    Files.writeString(out.resolve("_SUCCESS"), "");
    List<RecordBatch> batches = threeDays(0);
    run(batches, byDay().withOverwrite(true));
    assertEquals(OutputReader.sorted(ParquetFiles.rows(batches)), OutputReader.records(out));
    assertEquals("dear diary", Files.readString(out.resolve("diary.txt")));
    assertEquals(manifest().files().size() + 2, OutputReader.tree(out).size());
  }

  @Test
  void pathBelowAFileIsRefusedWhenThePipelineIsBuilt() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> run(threeDays(0), WriteBatches.to(file + "/out", SCHEMA)));
    assertEquals(
        "Invalid output path: "
            + file
            + "/out/ ("
            + file
            + " is a file, not a folder; choose another path)",
        error.getMessage());
  }

  @Test
  void windowedInputIsRefused() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<RecordBatch> windowed =
        pipeline
            .apply(Create.of(threeDays(0)).withCoder(BatchCoder.of()))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> windowed.apply("Write", byDay()));
    assertEquals(
        "Cannot write windowed batches to "
            + out
            + "/ (must be in the global window, which batches always are)",
        error.getMessage());
  }

  @Test
  void limitsAre256MiBFilesAndMemoryAnd64OpenFiles() {
    assertEquals(new WriteLimits(268_435_456, 64, 268_435_456), WriteLimits.defaults());
  }
}
