package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.Features;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.features.FittedFeaturesCoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class FittedFilesTest {

  @TempDir Path folder;

  private static FittedFeatures fitted() {
    return FeatureSet.builder()
        .add("z", Features.standardize("amount"))
        .build()
        .fitted(
            Payments.SCHEMA,
            TrainingRange.of(
                "seen",
                Instant.parse("2026-03-01T00:00:00Z"),
                Instant.parse("2026-03-02T00:00:00Z")),
            List.of(
                Payments.batch("1, A, 1, 2026-03-01T10:10:00Z\n2, A, 3, 2026-03-01T10:10:00Z")));
  }

  @Test
  void whatIsWrittenIsReadAgainAndReplacesWhatWasThere(TestPipeline pipeline) throws IOException {
    Path file = Files.createDirectory(folder.resolve("states")).resolve("fitted.json");
    Files.writeString(file, "something older, and longer than any state: " + "x".repeat(10_000));

    pipeline
        .apply(Create.of(fitted()).withCoder(FittedFeaturesCoder.of()))
        .apply(FittedFiles.write(file.toString()));
    pipeline.run();

    assertEquals(fitted().toJson(), FittedFiles.read(file.toString()).toJson());
    assertArrayEquals(new String[] {"fitted.json"}, file.getParent().toFile().list());
  }

  @Test
  void aMissingFileSaysHowToMakeOne() {
    String file = folder.resolve("none.json").toString();

    assertEquals(
        "Missing fitted features: " + file + " (a run with fit: {path: ...} writes it)",
        assertThrows(IllegalArgumentException.class, () -> FittedFiles.read(file)).getMessage());
  }

  @Test
  void aFileOfSomethingElseIsNamed() throws IOException {
    String file = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}").toString();

    assertEquals(
        "Invalid fitted features: "
            + file
            + ": Invalid fitted state: 'version' is missing (must be a whole"
            + " number >= 0)",
        assertThrows(IllegalArgumentException.class, () -> FittedFiles.read(file)).getMessage());
  }
}
