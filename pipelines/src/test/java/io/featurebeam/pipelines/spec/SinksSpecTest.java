package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SinksSpecTest {

  private static String spec(String sink) {
    return """
        name: p
        source: { parquet: { path: in.parquet } }
        eventTime: at
        sink:
        %s
        """
        .formatted(sink.indent(2).stripTrailing());
  }

  private static PipelineSpec parse(String sink) {
    return parser().parse(spec(sink), "f.yaml");
  }

  @Test
  void topicsAndAFolderStandSideBySide() {
    PipelineSpec spec =
        parse(
            """
            - kafka: { servers: "a:1", topic: features }
            - kafka: { servers: "a:1", topic: alerts, where: "payments_5m > 3" }
            - parquet: { path: out, where: "amount > 1.0" }
            """);
    SinkSpec features = SinkSpec.kafka(KafkaSink.json("a:1", "features"));
    SinkSpec alerts = SinkSpec.kafka(KafkaSink.json("a:1", "alerts")).where("payments_5m > 3");
    SinkSpec files = SinkSpec.parquet("out").where("amount > 1.0");

    assertEquals(List.of(features, alerts, files), spec.sinks());
    assertEquals(List.of(features, alerts), spec.topics());
    assertEquals(files, spec.files());
    assertEquals("sink[1].kafka", spec.place(alerts));
    assertEquals(spec, parser().parse(SpecWriter.toYaml(spec), "f.yaml"));
  }

  @Test
  void oneSinkNeedsNoList() {
    PipelineSpec spec = parse("kafka: { servers: \"a:1\", topic: features }");

    assertEquals(parse("- kafka: { servers: \"a:1\", topic: features }"), spec);
    assertEquals("sink.kafka", spec.place(spec.sinks().get(0)));
    assertNull(spec.files());
  }

  @Test
  void aFolderSaysWhatItsManifestTellsAndKeeps() {
    PipelineSpec spec = parse("parquet: { path: out, manifest: { inputs: sizes, versions: 7 } }");

    ManifestSpec manifest = new ManifestSpec(ManifestSpec.Inputs.SIZES, 7);
    assertEquals(SinkSpec.parquet("out").manifest(manifest), spec.files());
    assertEquals(spec, parser().parse(SpecWriter.toYaml(spec), "f.yaml"));
    assertEquals(
        new ManifestSpec(ManifestSpec.Inputs.HASHES, 100),
        parse("csv: { path: out }").files().manifest());
  }

  @Test
  void noNumberOfVersionsBelowZeroIsTaken() {
    assertEquals(
        "f.yaml:5:35: sink.parquet.manifest: Invalid versions: -1 (must be between 0 and 10000)",
        errors(spec("parquet: { path: out, manifest: { versions: -1 } }")));
  }

  @Test
  void aSecondFolderIsRefused() {
    assertEquals(
        "f.yaml:1:1: Invalid sink: more than one of files (must be one folder at most, beside any"
            + " number of topics; write the other by a spec of its own)",
        errors(
            spec(
                """
                - parquet: { path: out }
                - csv: { path: out2 }
                """)));
  }

  @Test
  void aMistakeIsToldInItsSink() {
    assertEquals(
        "f.yaml:6:14: sink[1].parquet: Missing key: 'path': The folder.\n"
            + "f.yaml:6:16: sink[1].parquet.pth: Unknown key: 'pth'; did you mean 'path'?",
        errors(
            spec(
                """
                - kafka: { servers: "a:1", topic: features }
                - parquet: { pth: out }
                """)));
  }

  @Test
  void filesForTrainingAreWrittenAsTheyAreRead() {
    PipelineSpec spec =
        parse("tfrecord: { path: out, compression: gzip, partitionBy: [day(at)], fileSize: 1MiB }");

    assertEquals(
        new SinkSpec(
            SinkSpec.Format.TFRECORD,
            "out",
            List.of(SinkSpec.Partition.parse("day(at)")),
            SinkSpec.Compression.GZIP,
            1 << 20,
            false),
        spec.files());
    assertEquals(spec, parser().parse(SpecWriter.toYaml(spec), "f.yaml"));
    PipelineSpec arrays = parse("numpy: { path: out }");
    assertEquals(SinkSpec.Format.NUMPY, arrays.files().format());
    assertEquals(arrays, parser().parse(SpecWriter.toYaml(arrays), "f.yaml"));
  }

  @Test
  void aCompressionThatAFormatDoesNotHaveIsRefused() {
    assertEquals(
        "f.yaml:5:36: sink.numpy.compression: Invalid compression: 'zstd' (must be none, gzip)",
        errors(spec("numpy: { path: out, compression: zstd }")));
    for (SinkSpec.Format format : List.of(SinkSpec.Format.TFRECORD, SinkSpec.Format.NUMPY)) {
      assertEquals(
          "Invalid compression: zstd for " + SpecShape.word(format) + " (must be none or gzip)",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new SinkSpec(
                          format, "out", List.of(), SinkSpec.Compression.ZSTD, 1 << 20, false))
              .getMessage());
    }
  }
}
