package io.featurebeam.pipelines;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.parquet.ColumnRange;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.pipelines.spec.KafkaSource;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SourceProvider;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.UnionSource;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Looks at the source of a spec: finds files, reads their footers or headers, learns the columns.
 */
final class Sources {

  private Sources() {}

  static SourcePlan plan(SourceSpec source, Providers providers) {
    if (source instanceof SourceSpec.Parquet parquet) {
      return new Parquet(
          ParquetSplits.plan(parquet.paths(), parquet.columns(), List.of()), parquet.paths());
    } else if (source instanceof SourceSpec.Csv csv) {
      return new Text(
          TextSource.csv(
              csv.paths(),
              fields(csv.columns()),
              csv.header(),
              csv.timestampFormats(),
              options(csv)),
          csv.paths());
    } else if (source instanceof SourceSpec.Json json) {
      return new Text(
          TextSource.jsonLines(
              json.paths(),
              fields(json.columns()),
              json.timestampFormats(),
              (int) json.maxRecord()),
          json.paths());
    } else if (source instanceof SourceSpec.Avro avro) {
      return new Text(TextSource.avro(avro.paths(), avro.columns()), avro.paths());
    }
    if (source instanceof KafkaSource kafka) {
      return KafkaPlans.source(kafka);
    }
    if (source instanceof UnionSource union) {
      List<UnionPlan.Input> inputs = new ArrayList<>();
      union
          .inputs()
          .forEach(
              (name, input) ->
                  inputs.add(UnionPlan.Input.of(name, input, plan(input.source(), providers))));
      return UnionPlan.of(inputs);
    }
    if (source instanceof SourceSpec.Hybrid hybrid) {
      return HybridSource.of(
          plan(hybrid.batch(), providers), plan(hybrid.stream(), providers), hybrid.cutMicros());
    }
    SourceSpec.Provided provided = (SourceSpec.Provided) source;
    return new Provided(providers.source(provided), providers.settings(provided));
  }

  private static CsvOptions options(SourceSpec.Csv csv) {
    SourceSpec.Dialect dialect = csv.dialect();
    return CsvOptions.of(RecordSchema.of())
        .withDialect(
            new CsvOptions.Dialect(
                dialect.delimiter(),
                dialect.quote(),
                dialect.escape(),
                dialect.comment(),
                dialect.trim()))
        .withNulls(csv.nulls())
        .withEncoding(csv.encoding())
        .withMaxRecordBytes((int) csv.maxRecord());
  }

  private static List<Field> fields(
      java.util.Map<String, io.featurebeam.columnar.FieldType> columns) {
    List<Field> fields = new ArrayList<>();
    columns.forEach((name, type) -> fields.add(Field.of(name, type)));
    return fields;
  }

  private static ReadFiles read(
      RecordSchema schema, List<FileSplit> splits, Set<String> files, SourcePlan.Request request) {
    Map<String, String> hashed = new HashMap<>(request.hashed());
    hashed.keySet().retainAll(files);
    ReadFiles read =
        ReadFiles.of(schema.project(request.columns()), splits)
            .withMasked(request.masked())
            .withRejectedAt(request.rejectedAt())
            .withHashes(hashed);
    return request.isRanged()
        ? read.withRange(request.eventTime(), request.from(), request.to())
        : read;
  }

  private static String count(long count, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
  }

  private record Parquet(ParquetSplits plan, List<String> paths) implements SourcePlan {
    @Override
    public RecordSchema schema() {
      return plan.schema();
    }

    @Override
    public long rows() {
      return plan.rows();
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
      return Sources.read(
          schema(),
          ParquetSource.splits(plan, request.columns(), ranges(request)),
          plan.files().keySet(),
          request);
    }

    @Override
    public List<Origin.Input> reads() {
      return Inputs.of(paths, plan.files());
    }

    private List<ColumnRange> ranges(Request request) {
      return request.isRanged()
          ? List.of(ColumnRange.of(request.eventTime(), request.from(), request.to()).orNull())
          : List.of();
    }

    @Override
    public List<String> notes(Request request) {
      List<String> notes = new ArrayList<>();
      notes.add(
          String.format(
              Locale.ROOT,
              "finds    %s in %s, read as %s",
              count(plan.rows(), "row"),
              count(plan.files().size(), "file"),
              count(plan.splits().size(), "split")));
      int all = plan.schema().size();
      notes.add(
          "reads    "
              + (request.columns().size() == all ? "all" : request.columns().size() + " of " + all)
              + " columns"
              + (request.columns().size() == all
                  ? ""
                  : "; the files' pages of others are skipped"));
      for (ColumnRange range : ranges(request)) {
        notes.add(
            "skips    row groups and pages whose " + range.column() + " is outside the range");
      }
      return notes;
    }
  }

  /** Files that are read whole, one by one. */
  private record Text(TextSource source, List<String> paths) implements SourcePlan {
    @Override
    public RecordSchema schema() {
      return source.schema();
    }

    @Override
    public long rows() {
      return source.estimatedRows();
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
      return Sources.read(schema(), source.splits(request.columns()), files().keySet(), request);
    }

    @Override
    public List<Origin.Input> reads() {
      return Inputs.of(paths, files());
    }

    private Map<String, Long> files() {
      Map<String, Long> files = new HashMap<>();
      source.files().forEach(file -> files.put(file.name(), file.bytes()));
      return files;
    }

    @Override
    public List<String> notes(Request request) {
      int all = source.schema().size();
      List<String> notes = new ArrayList<>();
      int files = source.files().size();
      notes.add(
          "finds    "
              + count(files, "file")
              + " of some "
              + source.estimatedRows()
              + " rows, by size, each read whole");
      notes.add(
          "parses   "
              + (request.columns().size() == all
                  ? "all columns"
                  : request.columns().size() + " of " + all + " columns"));
      if (!source.leftOut().isEmpty()) {
        notes.add("skips    " + String.join(", ", source.leftOut()) + ": no column can hold them");
      }
      return notes;
    }
  }

  /** A source of a user's own; it is read as it gives itself. */
  private record Provided(SourceProvider provider, Settings settings) implements SourcePlan {
    @Override
    public RecordSchema schema() {
      return Objects.requireNonNull(provider.schema(settings), "schema() gave null");
    }

    @Override
    public long rows() {
      return -1;
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
      return new PTransform<>() {
        private static final long serialVersionUID = 1L;

        @Override
        public PCollection<RecordBatch> expand(PBegin begin) {
          return begin
              .apply("Read", provider.create(settings))
              .apply("Narrow", NarrowFlow.of(request, schema()));
        }
      };
    }

    @Override
    public List<Origin.Input> reads() {
      return List.of(Origin.Input.other(provider.name()));
    }

    @Override
    public List<String> notes(Request request) {
      return List.of("reads    " + provider.description() + " Other columns are dropped behind it");
    }
  }
}
