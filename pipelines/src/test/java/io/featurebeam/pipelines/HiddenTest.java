package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SpecException;
import io.featurebeam.pipelines.spec.SpecParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not be seen is in no file that a run writes and in nothing that it prints. */
final class HiddenTest {

  private static final String CANARY = "c4n4ry-4711";

  @TempDir Path folder;

  private final ByteArrayOutputStream console = new ByteArrayOutputStream();

  @BeforeEach
  void writeInput() throws IOException {
    Files.createDirectories(folder.resolve(CANARY));
    Files.writeString(
        folder.resolve(CANARY + "/payments.csv"),
        """
        at,user,amount,card
        2024-05-01T10:10:00Z,ann,5,4111
        2024-05-01T10:20:00Z,ann,oops,4222
        2024-05-01T10:30:00Z,bob,9,4333
        2024-05-01T10:40:00Z,ann,7,4444,too,many
        2024-05-01T10:50:00Z,ann,8,4x55
        """);
  }

  private PipelineSpec spec(String rule, String more) {
    String yaml =
        """
        name: "of-${CANARY}"
        source:
          csv:
            path: "FOLDER/${CANARY}/payments.csv"
            columns: { at: timestamp, user: string, amount: int64, card: int64 }
        eventTime: at
        keys: [user]
        validate:
          - RULE
        MORE
        aggregate:
          - { window: [1h], emit: { every: 1h }, features: { payments: count } }
        sink: { json: { path: "FOLDER/${CANARY}/features" } }
        rejects: { path: "FOLDER/${CANARY}/rejects", format: json }
        report: { path: "FOLDER/${CANARY}/report.html" }
        """
            .replace("FOLDER", folder.toString())
            .replace("RULE", rule)
            .replace("MORE\n", more);
    return SpecParser.withDefaults()
        .withEnvironment(Map.of("CANARY", CANARY))
        .parse(yaml, "payments.yaml");
  }

  private RunResult run(PipelineSpec spec, String... args) throws IOException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream seen = new PrintStream(console, true, StandardCharsets.UTF_8);
    System.setOut(seen);
    System.setErr(seen);
    try {
      return FeaturePipeline.run(spec, FeaturePipeline.options(args));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String written(String file) throws IOException {
    Path at = folder.resolve(CANARY).resolve(file);
    if (!Files.isDirectory(at)) {
      return Files.readString(at);
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(at)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        all.append(Files.readString(each)).append('\n');
      }
    }
    return all.toString();
  }

  private static final String RULE = "{ column: user, rule: in_set, values: [ann, \"${CANARY}\"] }";

  @Test
  void whatCameFromTheEnvironmentIsNowhere() throws IOException {
    RunResult result = run(spec(RULE, ""), "--runner=DirectRunner");

    String printed = result.text() + console.toString(StandardCharsets.UTF_8);
    assertTrue(printed.contains("in 5 = used 3 + rejected 2 + late 0 + duplicate 0"), printed);
    assertTrue(printed.contains("in_set(user, [ann, ${CANARY}])"), printed);
    assertFalse(printed.contains(CANARY), printed);
    for (String output : List.of("features", "rejects", "report.html")) {
      String text = written(output);
      assertFalse(text.contains(CANARY), () -> output + ": " + text);
    }
    assertTrue(written("features/_featurebeam/manifest.json").contains("of-${CANARY}"));
    String rejects = written("rejects");
    assertTrue(rejects.contains("\"rule\":\"in_set(user, [ann, ${CANARY}])\""), rejects);
    assertTrue(rejects.contains("\"source\":\"" + folder + "/${CANARY}/payments.csv\""), rejects);
    assertTrue(written("report.html").contains("in_set(user, [ann, ${CANARY}])"));
  }

  @Test
  void aReplayFindsTheFilesAgain() throws IOException {
    run(spec(RULE, ""), "--runner=DirectRunner");
    String bob =
        written("rejects").lines().filter(line -> line.contains("in_set")).findFirst().orElse("");
    Path repaired =
        Files.writeString(folder.resolve("repaired.jsonl"), bob.replace("bob", "ann") + "\n");

    RunResult result = run(spec(RULE, ""), "--runner=DirectRunner", "--replay=" + repaired);

    assertTrue(
        result.text().contains("in 5 = used 4 + rejected 1 + late 0 + duplicate 0"), result.text());
  }

  @Test
  void featuresOfMaskedColumnsAreAsHidden() throws IOException {
    run(
        spec(
            "{ column: amount, rule: between, max: 6 }",
            "mask: [card]\nfeatures: { filled: { impute: card, value: 0 }, log: { log1p: filled } }\n"),
        "--runner=DirectRunner");

    String report = written("report.html");
    for (String column : List.of("card", "filled", "log")) {
      assertTrue(
          report.replaceAll("<[^>]*>", " ").matches("(?s).*\\b" + column + "\\s.*masked.*"),
          column);
    }
    assertFalse(report.contains("4111"), report);
  }

  @Test
  void aMalformedRecordSaysWhyUnlessTheReasonIsAMaskedValue() throws IOException {
    run(
        spec(
            "{ column: amount, rule: between, max: 6 }",
            "mask: [card]\nfeatures: { filled: { impute: card, value: 0 } }\n"));

    String rejects = written("rejects");
    assertTrue(rejects.contains("\"reason\":\"6 fields (must be 4)\""), rejects);
    assertTrue(rejects.contains("\"reason\":\"column 'amount': 'oops'"), rejects);
    assertTrue(
        rejects.contains("\"reason\":\"column 'card': a masked value cannot be read\""), rejects);
    assertFalse(rejects.contains("4x55"), rejects);
  }

  @Test
  void columnsNamedByMaskedValuesAreRefused() {
    assertEquals(
        "of-${CANARY}: features.one: Invalid one_hot of a masked column: it names its columns by"
            + " values that it learns (declare the categories, or use hash or vocabulary)",
        assertThrows(
                SpecException.class,
                () ->
                    run(
                        spec(
                            RULE,
                            "mask: [card]\nfeatures: { c: { impute: card, value: 0 }, one: { one_hot: c } }\n")))
            .getMessage());
  }
}
