package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.parquet.ParquetBatchReader;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.write.BatchFileWriter;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.pipelines.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The small job that the tests of this package share, in a folder of its own. */
record Payments(Path folder) {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("seen", FieldType.TIMESTAMP));

  /** A row per card and hour; its output is cut by day, so that ranges can be replaced. */
  static final String HOURLY =
      """
      aggregate:
        window: 1h
        emit: windowClose
        features: { payments: count, spent: { sum: amount } }
      """;

  static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  /** A batch of rows {@code id, card, amount, seen}; an empty cell is null. */
  static RecordBatch batch(String rows) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    rows.lines()
        .filter(line -> !line.isBlank())
        .map(line -> Arrays.stream(line.split(",", -1)).map(String::strip).toArray(String[]::new))
        .forEach(
            cells ->
                batch.add(
                    cells[0].isEmpty() ? null : Long.valueOf(cells[0]),
                    cells[1].isEmpty() ? null : cells[1],
                    cells[2].isEmpty() ? null : Double.valueOf(cells[2]),
                    cells[3].isEmpty() ? null : (Object) micros(cells[3])));
    return batch.build();
  }

  /** A Parquet file of these rows; what a blank line parts is a row group of its own. */
  Path write(String name, String rows) throws IOException {
    Path file = folder.resolve(name);
    try (BatchFileWriter writer =
        ParquetFormat.create()
            .open(
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE),
                SCHEMA)) {
      for (String group : rows.split("\n\\s*\n", -1)) {
        writer.write(batch(group));
        writer.flush();
      }
    }
    return file;
  }

  Path features() {
    return folder.resolve("features");
  }

  Path rejects() {
    return folder.resolve("rejects");
  }

  Path report() {
    return folder.resolve("report.html");
  }

  /** The spec over {@code *.parquet}, with all outputs, and what {@code more} adds. */
  Path spec(String... more) throws IOException {
    return Files.writeString(folder.resolve("spec.yaml"), yaml(more));
  }

  String yaml(String... more) {
    String partition =
        Stream.of(more).anyMatch(m -> m.contains("windowClose")) ? "window_end" : "seen";
    return """
        name: payments
        source: { parquet: { path: "%1$s/*.parquet" } }
        eventTime: seen
        keys: [card]
        sink: { parquet: { path: %1$s/features, partitionBy: [day(%2$s)] } }
        rejects: { path: %1$s/rejects }
        report: { path: %1$s/report.html }
        """
            .formatted(folder, partition)
        + String.join("\n", more);
  }

  /** Runs the command line in this JVM. */
  static Result run(Path spec, String... args) {
    String[] all =
        Stream.concat(Stream.of("--spec=" + spec), Stream.of(args)).toArray(String[]::new);
    return run(all);
  }

  static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        Cli.run(
            args,
            (invocation, context) -> new SpecRun(invocation, context, printed).run(),
            printed,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).strip());
  }

  /** Lines as {@code --replay} takes them: {@code source, position, record} per line. */
  Path repaired(String... lines) throws IOException {
    return Files.write(folder.resolve("repaired.jsonl"), List.of(lines));
  }

  static String repair(Path source, long position, String record) {
    return "{\"source\": \"%s\", \"position\": %d, \"record\": \"%s\"}"
        .formatted(source, position, record.replace("\"", "\\\""));
  }

  /** What a run said. */
  record Result(int code, String out, String err) {
    Result succeeded() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + "\n" + out + err);
      }
      return this;
    }

    /** The line of the summary that says where every record went. */
    String balance() {
      return out.lines().filter(l -> l.startsWith("  in ")).collect(Collectors.joining()).strip();
    }
  }

  /** These columns of a published folder's rows, sorted: {@code A | 2026-03-01T01:00:00Z | 2}. */
  static List<String> rows(Path folder, String... columns) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String file : Manifest.read(folder.toString()).orElseThrow().paths(folder.toString())) {
      try (ParquetBatchReader reader = ParquetBatchReader.open(file, List.of(columns), List.of())) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          for (int row = 0; row < batch.size(); row++) {
            rows.add(text(batch, row));
          }
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  static String text(RecordBatch batch, int row) {
    List<String> cells = new ArrayList<>();
    for (int c = 0; c < batch.schema().size(); c++) {
      Object value = batch.column(c).value(row);
      cells.add(value == null ? "null" : BatchPrinter.text(batch.schema().field(c).type(), value));
    }
    return String.join(" | ", cells);
  }

  /** Every file below the folder of the job. */
  List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
