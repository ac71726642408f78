package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import io.featurebeam.io.file.write.WriteFlow.Destination;
import io.featurebeam.io.file.write.WriteFlow.Piece;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteFlowTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("country", FieldType.STRING), Field.required("n", FieldType.INT64));

  @TempDir Path temp;

  private static RecordBatch records(long from) {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (long n = from; n < from + 100; n++) {
      rows.add(n % 2 == 0 ? "NZ" : "CH", n);
    }
    return rows.build();
  }

  private static RecordBatch rejects() {
    Rejects.Builder rejects = new Rejects.Builder("read", List.of(), 0L);
    rejects.addMalformed("a.csv", 3, new byte[] {'x'}, "1 fields (must be 2)");
    return rejects.build();
  }

  private Destination records() {
    return new Destination(
        Publication.of(temp.resolve("records").toString(), SCHEMA)
            .withPartitionBy(PartitionBy.parse("country")),
        ParquetFormat.create(),
        WriteLimits.defaults());
  }

  private Destination rejects(String path) {
    return new Destination(
        Publication.of(path, Rejects.SCHEMA),
        TextFormat.jsonLines().withCompression(TextFormat.Compression.GZIP),
        WriteLimits.defaults());
  }

  private static void publish(Destination to, String name, Iterable<Piece> pieces)
      throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.destination().equals(name)) {
        files.add(piece.file());
      }
    }
    Publisher publisher = new Publisher(to.publication(), "run1");
    publisher.claim();
    publisher.publish(files);
  }

  @Test
  void recordsAndRejectsGoEachToTheirOutputAndNothingIsVisibleBefore() throws IOException {
    Destination records = records();
    Destination rejects = rejects(temp.resolve("rejects").toString());
    List<RecordBatch> batches = List.of(records(0), rejects(), records(100));
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<Piece> pieces =
        pipeline
            .apply(Create.of(batches).withCoder(BatchCoder.of()))
            .apply("Write", WriteFlow.to(records, rejects, "run1"));
    String out = temp.resolve("records").toString();
    PAssert.that(pieces)
        .satisfies(
            found -> {
              try {
                assertEquals(Optional.empty(), Manifest.read(out));
                publish(records, WriteFlow.RECORDS, found);
                publish(rejects, WriteFlow.REJECTS, found);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              return null;
            });
    pipeline.run().waitUntilFinish();
    List<List<@Nullable Object>> expected = ParquetFiles.rows(List.of(records(0), records(100)));
    assertEquals(OutputReader.sorted(expected), OutputReader.records(Path.of(out)));
    Manifest manifest = Manifest.read(temp.resolve("rejects").toString()).orElseThrow();
    assertEquals(1, manifest.rows());
    assertEquals(
        List.of("_featurebeam/manifest.json", "run1-00000.jsonl.gz"),
        OutputReader.tree(temp.resolve("rejects")));
  }

  @Test
  void withoutADestinationRejectsAreDropped() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<Piece> pieces =
        pipeline
            .apply(Create.of(List.of(rejects())).withCoder(BatchCoder.of()))
            .apply("Write", WriteFlow.to(records(), null, "run1"));
    PAssert.that(pieces).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void outputInAnotherIsRefused() {
    String inside = temp.resolve("records/rejects").toString();
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> WriteFlow.to(records(), rejects(inside), "run1"));
    assertEquals(
        "Invalid output paths: records go to "
            + temp
            + "/records/ and rejects to "
            + inside
            + "/ (must be two folders, neither in the other)",
        error.getMessage());
  }

  @Test
  void folderThatIsNotOursIsRefused() throws IOException {
    Files.createDirectories(temp.resolve("records"));
    Files.writeString(temp.resolve("records/diary.txt"), "dear diary");
    assertThrows(IllegalArgumentException.class, () -> WriteFlow.to(records(), null, "run1"));
    assertEquals(List.of("diary.txt"), OutputReader.tree(temp.resolve("records")));
  }

  @Test
  void runIdThatIsNoFileNameIsRefused() {
    assertEquals(
        "Invalid run id: 'a/b' (must be ASCII letters, digits, - and _)",
        assertThrows(IllegalArgumentException.class, () -> WriteFlow.to(records(), null, "a/b"))
            .getMessage());
  }
}
