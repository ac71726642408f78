package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the main job does without a spec; the integration tests run it with one. */
final class FeaturePipelineTest {

  private static String errorsOf(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    System.setErr(new PrintStream(seen, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, FeaturePipeline.run(args));
    } finally {
      System.setErr(before);
    }
    return seen.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void schemaIsWrittenWithWhatTheClassPathOffers(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("spec.schema.json");
    assertEquals(0, FeaturePipeline.run("--writeSchema=" + file));
    assertEquals(
        Files.readString(Path.of("src/main/resources/featurebeam-spec.schema.json")),
        Files.readString(file));
  }

  @Test
  void schemaWantsAFile() {
    assertEquals(
        "Missing value: --writeSchema=FILE (the JSON Schema to write for an editor)",
        errorsOf("--writeSchema"));
  }

  @Test
  void runWantsASpec() {
    assertEquals(
        "Missing option: --spec=FILE (the pipeline to run; see --help)",
        errorsOf("--runner=DirectRunner"));
  }

  @Test
  void versionsAreOneLine() {
    PrintStream before = System.out;
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    System.setOut(new PrintStream(seen, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, FeaturePipeline.run("--version"));
    } finally {
      System.setOut(before);
    }
    String text = seen.toString(StandardCharsets.UTF_8).strip();
    assertTrue(text.matches("FeatureBeam \\S+, Apache Beam \\d\\S+, Java \\d\\S+"), text);
  }
}
