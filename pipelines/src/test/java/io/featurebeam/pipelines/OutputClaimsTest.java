package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.OutputFolder;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that ends early gives back. */
class OutputClaimsTest {

  @TempDir Path folder;

  private Publication publication(String name) {
    return Publication.of(
        folder.resolve(name).toString(), RecordSchema.of(Field.of("n", FieldType.INT64)));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList();
    }
  }

  @Test
  void whatIsNotPublishedIsGoneWithItsClaim() throws Exception {
    Publication features = publication("features");
    OutputClaims claims = new OutputClaims("run1");
    claims.take(features);
    features.output().create(OutputFolder.newTempPath("run1", "parquet")).close();

    assertEquals(List.of(), claims.giveBack());
    assertEquals(List.of(), files());
  }

  @Test
  void whatIsPublishedAlreadyStaysAndIsTold() throws Exception {
    OutputClaims claims = new OutputClaims("run1");
    claims.take(publication("features"));
    claims.take(publication("rejects"));
    var unused = new Publisher(publication("rejects"), "run1").publish(List.of());

    assertEquals(List.of(folder + "/rejects/"), claims.giveBack());
    assertEquals(List.of("rejects/_featurebeam/manifest.json"), files());
  }
}
