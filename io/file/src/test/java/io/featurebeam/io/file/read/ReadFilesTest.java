package io.featurebeam.io.file.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PipelineExtension.class)
class ReadFilesTest {

  private static final CsvOptions CSV = CsvOptions.of(RecordSchema.of());

  @TempDir Path folder;

  private ReadFiles csv(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    TextSource source = TextSource.csv(List.of(file.toString()), List.of(), true, Map.of(), CSV);
    return ReadFiles.of(source.splits(source.schema().names()));
  }

  private static void assertRejects(PCollection<RecordBatch> flow, long rejects, long mostBytes) {
    PAssert.that(flow.apply(Flow.split()).rejects())
        .satisfies(
            batches -> {
              List<Integer> sizes = new ArrayList<>();
              for (RecordBatch batch : batches) {
                sizes.add(batch.size());
                assertTrue(batch.byteSize() < mostBytes, batch.byteSize() + " bytes at once");
              }
              assertEquals(rejects, sizes.stream().mapToLong(s -> s).sum());
              return null;
            });
  }

  @Test
  void rejectsOfAFileOfNothingElseLeaveInParts(TestPipeline pipeline) throws IOException {
    ReadFiles read = csv("a,b\n" + "1,2,\n".repeat(100_000));
    assertRejects(pipeline.apply(read), 100_000, 1 << 20);
    pipeline.run();
  }

  @Test
  void largeRejectsLeaveInPartsToo(TestPipeline pipeline) throws IOException {
    ReadFiles read = csv("a,b\n" + ("1," + "x".repeat(1_000_000) + ",\n").repeat(60));
    assertRejects(pipeline.apply(read), 60, 17L << 20);
    pipeline.run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n1,2\n", "a,b\n1,2,\n"})
  void theFirstRecordOfABundleIsTimedParsedOrNot(String text, TestPipeline pipeline)
      throws IOException {
    long before = System.currentTimeMillis() * 1000;
    PAssert.that(pipeline.apply(csv(text)).apply(Flow.split()).facts())
        .satisfies(
            batches -> {
              List<Long> first = firstRecords(batches);
              assertEquals(1, first.size());
              assertTrue(first.get(0) >= before, first + " is before " + before);
              assertTrue(first.get(0) <= System.currentTimeMillis() * 1000, first + " is to come");
              return null;
            });
    pipeline.run();
  }

  @Test
  void aFileWithoutRecordsHasNoFirst(TestPipeline pipeline) throws IOException {
    PAssert.that(pipeline.apply(csv("a,b\n")).apply(Flow.split()).facts())
        .satisfies(
            batches -> {
              assertEquals(List.of(), firstRecords(batches));
              return null;
            });
    pipeline.run();
  }

  private static List<Long> firstRecords(Iterable<RecordBatch> batches) {
    List<Long> first = new ArrayList<>();
    for (RecordBatch batch : batches) {
      Facts.read(
          batch,
          (step, fact, value, bytes) -> {
            if (fact.equals(ReadFiles.FIRST_RECORD)) {
              first.add(value);
            }
          });
    }
    return first;
  }

  @Test
  void noSplitsGiveNoRecords(TestPipeline pipeline) {
    RecordSchema schema = RecordSchema.of(Field.of("n", FieldType.INT64));
    ReadFiles read = ReadFiles.of(schema, List.of());
    assertEquals(schema, read.schema());
    PAssert.that(pipeline.apply(read)).empty();
    pipeline.run();
  }

  /** The first half of a packed file of good lines. */
  private Path truncated(String name, String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        name.endsWith(".gz") ? new GZIPOutputStream(packed) : new ZstdOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Files.write(
        folder.resolve(name), Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
  }

  /** Digits that no packing makes small. */
  private static String lines(String format) {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      text.append(format.formatted(random.nextLong())).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv.gz", "a.csv.zst", "a.jsonl.gz", "a.jsonl.zst"})
  void aTruncatedFileFailsTheRunWithItsName(String name) throws IOException {
    boolean csv = name.contains("csv");
    Path file = truncated(name, csv ? "n\n" + lines("%d") : lines("{\"n\":%d}"));
    List<Field> columns = List.of(Field.of("n", FieldType.INT64));
    List<String> path = List.of(file.toString());
    TextSource source =
        csv
            ? TextSource.csv(path, columns, true, Map.of(), CSV)
            : TextSource.jsonLines(path, columns, Map.of(), 1 << 20);
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(ReadFiles.of(source.splits(List.of("n"))));
    Throwable failure = assertThrows(RuntimeException.class, pipeline::run).getCause();
    assertEquals(
        "Cannot read "
            + file
            + (name.endsWith(".gz")
                ? ": it ends early (was its writer interrupted?)"
                : ": Truncated source"),
        failure.getMessage());
  }
}
