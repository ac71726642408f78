package io.featurebeam.pipelines;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.write.BatchFileWriter;
import io.featurebeam.io.file.write.FileFormat;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.io.file.write.TextFormat;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PipelineExtension.class)
class KeptRejectsTest {

  @TempDir Path folder;

  /** Rejects of places 0, 1, ... at these times, the last of them of a line that was not parsed. */
  private static RecordBatch rejects(Long... times) {
    RecordBatch.Builder rejects = RecordBatch.builder(Rejects.SCHEMA);
    for (int i = 0; i < times.length; i++) {
      boolean parsed = i < times.length - 1;
      rejects.add(
          parsed ? "validate" : "read",
          parsed ? "between(x, 0, *)" : "malformed",
          parsed ? "x" : null,
          parsed ? "-1, \"quoted\"\n" : null,
          "why",
          "in.csv",
          (long) i,
          times[i],
          7L,
          parsed ? "{\"x\":-1}" : null,
          parsed ? null : "a\u0000b".getBytes(StandardCharsets.UTF_8));
    }
    return rejects.build();
  }

  private String write(FileFormat format, RecordBatch rejects) throws IOException {
    Path file = folder.resolve("rejects." + format.extension());
    try (BatchFileWriter writer =
        format.open(
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Rejects.SCHEMA)) {
      writer.write(rejects);
    }
    return file.toString();
  }

  private static FileFormat format(String name) {
    return name.equals("parquet") ? ParquetFormat.create() : TextFormat.jsonLines();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json"})
  void rejectsBeforeAndBehindTheRangeAreKeptAsTheyAre(String format, TestPipeline pipeline)
      throws IOException {
    RecordBatch rejects = rejects(99L, 100L, 199L, 200L, null, null);
    String file = write(format(format), rejects);

    PAssert.that(pipeline.apply(KeptRejects.of(List.of(file), 100, 200, Map.of())))
        .containsInAnyOrder(rejects.gather(new int[] {0, 3}));
    pipeline.run();
  }

  @Test
  void rejectsWhoseRecordsAreReplacedAreNotKept(TestPipeline pipeline) throws IOException {
    RecordBatch rejects = rejects(1L, 2L, 3L, null);
    String file = write(ParquetFormat.create(), rejects);
    Map<String, Set<Long>> replaced =
        new HashMap<>(Map.of("in.csv", Set.of(1L), "other.csv", Set.of(0L, 2L)));

    PAssert.that(pipeline.apply(KeptRejects.of(List.of(file), 100, 200, replaced)))
        .containsInAnyOrder(rejects.gather(new int[] {0, 2}));
    pipeline.run();
  }

  @Test
  void rejectsOfAGroupAreKeptOutsideOfWhatTheGroupReads(TestPipeline pipeline) throws IOException {
    RecordBatch rejects =
        rejects(49L, 50L, 99L, 99L, 200L)
            .with(
                Rejects.SCHEMA.field("step"),
                BytesColumn.ofStrings(
                    "card: validate", "card: validate", "card: read", "validate", "card: read"));
    String file = write(ParquetFormat.create(), rejects);

    PAssert.that(
            pipeline.apply(
                KeptRejects.of(List.of(file), 100, 200, Map.of()).withGroup("card", 50, 200)))
        .containsInAnyOrder(rejects.gather(new int[] {0, 3, 4}));
    pipeline.run();
  }

  @Test
  void noneAreKeptIfAllTimesAreRead(TestPipeline pipeline) throws IOException {
    String file = write(ParquetFormat.create(), rejects(1L, 2L, null));

    PAssert.that(
            pipeline.apply(KeptRejects.of(List.of(file), Long.MIN_VALUE, Long.MAX_VALUE, Map.of())))
        .empty();
    pipeline.run();
  }
}
