package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SourceProvider;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.Use;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a source before it is read, and what a read of it gives. */
@ExtendWith(PipelineExtension.class)
class SourcesTest {

  private static final Providers NONE = Providers.of(List.of(), List.of(), List.of(), List.of());

  @TempDir Path folder;

  private static SourcePlan.Request request(String from, String to, String... columns) {
    return new SourcePlan.Request(
        List.of(columns),
        "seen",
        from == null ? Long.MIN_VALUE : Payments.micros(from),
        to == null ? Long.MAX_VALUE : Payments.micros(to),
        Set.of(),
        0);
  }

  /** A read gives these rows and rejects, and counts them. */
  private static void assertRead(
      TestPipeline pipeline,
      SourcePlan plan,
      SourcePlan.Request request,
      List<String> rows,
      long rejected) {
    PAssert.that(pipeline.apply(plan.read(request)))
        .satisfies(
            flow -> {
              List<String> seen = new ArrayList<>();
              RunFacts facts = new RunFacts();
              for (RecordBatch batch : flow) {
                if (Flow.isFacts(batch)) {
                  facts.add(BatchCodec.encode(batch));
                } else if (Flow.isRecords(batch)) {
                  for (int row = 0; row < batch.size(); row++) {
                    seen.add(Payments.text(batch, row));
                  }
                }
              }
              seen.sort(null);
              assertEquals(rows, seen);
              assertEquals(rows.size(), facts.number(ReadFiles.STEP, Facts.RECORDS_OUT));
              assertEquals(rejected, facts.rejected());
              assertEquals(rows.size() + rejected, facts.in());
              return null;
            });
    pipeline.run();
  }

  private SourcePlan parquet() throws IOException {
    Payments payments = new Payments(folder);
    payments.write(
        "a.parquet", "1, A, 1, 2026-03-01T10:10:00Z\n\n2, B, 2, 2026-03-02T10:10:00Z\n3, C, 3,");
    payments.write("b.parquet", "4, D, 4, 2026-03-01T10:10:00Z");
    return Sources.plan(new SourceSpec.Parquet(List.of(folder + "/*.parquet"), List.of()), NONE);
  }

  @Test
  void parquetKnowsColumnsAndRowsFromFooters(TestPipeline pipeline) throws IOException {
    SourcePlan plan = parquet();

    assertEquals(Payments.SCHEMA, plan.schema());
    assertEquals(4, plan.rows());
    assertEquals(
        List.of(
            "finds    4 rows in 2 files, read as 2 splits",
            "reads    2 of 4 columns; the files' pages of others are skipped"),
        plan.notes(request(null, null, "card", "id")));
    assertRead(
        pipeline,
        plan,
        request(null, null, "id", "card"),
        List.of("1 | A", "2 | B", "3 | C", "4 | D"),
        0);
  }

  @Test
  void parquetSkipsWhatIsOutsideARange(TestPipeline pipeline) throws IOException {
    SourcePlan.Request day = request("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "id", "seen");

    assertEquals(
        "skips    row groups and pages whose seen is outside the range",
        parquet().notes(day).get(2));
    assertRead(pipeline, parquet(), day, List.of("2 | 2026-03-02T10:10:00Z", "3 | null"), 0);
  }

  @Test
  void parquetFilesWithoutRowsAreReadAsNothing(TestPipeline pipeline) throws IOException {
    new Payments(folder).write("a.parquet", "");
    SourcePlan plan =
        Sources.plan(new SourceSpec.Parquet(List.of(folder + "/*.parquet"), List.of()), NONE);

    assertEquals(Payments.SCHEMA, plan.schema());
    PAssert.that(pipeline.apply(plan.read(request(null, null, "id")))).empty();
    pipeline.run();
  }

  private Path csv() throws IOException {
    return Files.writeString(
        folder.resolve("in.csv"),
        """
        id;amount;seen
        1;1.5;01.03.2026 10:10
        2;-;02.03.2026 10:10
        x;3;02.03.2026 10:10
        """);
  }

  @Test
  void csvIsReadAsDeclared(TestPipeline pipeline) throws IOException {
    SourcePlan plan =
        Sources.plan(
            new SourceSpec.Csv(
                List.of(csv().toString()),
                Payments.SCHEMA.project(List.of("id", "amount", "seen")).fields().stream()
                    .collect(
                        LinkedHashMap::new,
                        (map, field) -> map.put(field.name(), field.type()),
                        Map::putAll),
                true,
                new SourceSpec.Dialect(';', '"', (char) 0, (char) 0, false),
                List.of("-"),
                StandardCharsets.UTF_8,
                Map.of("seen", "dd.MM.yyyy HH:mm"),
                1 << 20),
            NONE);

    assertEquals(3, plan.rows());
    assertEquals(
        List.of(
            "finds    1 file of some 3 rows, by size, each read whole", "parses   2 of 3 columns"),
        plan.notes(request(null, null, "id", "amount")));
    assertRead(
        pipeline,
        plan,
        request("2026-03-01T00:00:00Z", null, "id", "amount", "seen"),
        List.of("1 | 1.5 | 2026-03-01T10:10:00Z", "2 | null | 2026-03-02T10:10:00Z"),
        1);
  }

  @Test
  void jsonWithoutDeclaredColumnsIsInferred(TestPipeline pipeline) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("in.jsonl"), "{\"id\": 1, \"card\": \"A\"}\n{\"id\": 2}\n{\"id\n");
    SourcePlan plan =
        Sources.plan(
            new SourceSpec.Json(List.of(file.toString()), Map.of(), Map.of(), 1 << 20), NONE);

    assertEquals(List.of("id", "card"), plan.schema().names());
    assertRead(pipeline, plan, request(null, null, "card", "id"), List.of("A | 1", "null | 2"), 1);
  }

  @Test
  void aSourceOfOnesOwnIsNarrowedAndCounted(TestPipeline pipeline) {
    Providers providers =
        Providers.of(List.of(), List.of(), List.of(), List.of(new ThreePayments()));
    SourcePlan plan =
        Sources.plan(new SourceSpec.Provided(Use.of("three", "card", "A")), providers);

    assertEquals(Payments.SCHEMA, plan.schema());
    assertEquals(-1, plan.rows());
    assertEquals(
        List.of("reads    Three payments. Other columns are dropped behind it"),
        plan.notes(request(null, null, "id", "card")));
    assertRead(
        pipeline,
        plan,
        request("2026-03-02T00:00:00Z", null, "card", "id"),
        List.of("A | 2", "A | 3"),
        0);
  }

  private static final class ThreePayments implements SourceProvider {
    @Override
    public String name() {
      return "three";
    }

    @Override
    public String description() {
      return "Three payments.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.required("card", Parameter.Kind.STRING, "Whose."));
    }

    @Override
    public RecordSchema schema(Settings settings) {
      return Payments.SCHEMA;
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> create(Settings settings) {
      String rows =
          "1, %1$s, 1, 2026-03-01T10:10:00Z\n2, %1$s, 2, 2026-03-02T10:10:00Z\n3, %1$s, 3,";
      return Create.of(Payments.batch(rows.formatted(settings.string("card"))))
          .withCoder(BatchCoder.of());
    }
  }
}
