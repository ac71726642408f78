package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.transforms.PipelineExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A value that ends a run shows in the error, unless its column is masked. */
@ExtendWith(PipelineExtension.class)
class MaskedValueTest {

  @TempDir Path directory;

  private String errorOf(TestPipeline pipeline, List<String> masked) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { optional int64 big (INTEGER(64,false)); }");
    Path file =
        Samples.write(
            directory.resolve("big.parquet"),
            List.of(new SimpleGroup(schema).append("big", -1L)),
            b -> b);
    ParquetSplits plan = ParquetSplits.plan(List.of(file.toString()), List.of(), List.of());
    pipeline.apply(
        ReadFiles.of(ParquetSource.splits(plan, List.of("big"), List.of())).withMasked(masked));
    return assertThrows(PipelineExecutionException.class, pipeline::run)
        .getCause()
        .getMessage()
        .replace(directory.toString(), "FOLDER");
  }

  @Test
  void maskedValueIsNotInTheError(TestPipeline pipeline) throws IOException {
    assertEquals(
        "Invalid value in FOLDER/big.parquet, row 0, column 'big': a masked value is out of range",
        errorOf(pipeline, List.of("big")));
  }

  @Test
  void anotherValueIs(TestPipeline pipeline) throws IOException {
    assertEquals(
        "Invalid value in FOLDER/big.parquet, row 0, column 'big': uint64 value"
            + " 18446744073709551615 is too large (at most 9223372036854775807)",
        errorOf(pipeline, List.of()));
  }
}
