package io.featurebeam.io.file.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class ReadFilesTest {

  @TempDir Path folder;

  private ReadFiles csv(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    TextSource source =
        TextSource.csv(List.of(file.toString()), List.of(), ',', true, List.of(), Map.of());
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
}
