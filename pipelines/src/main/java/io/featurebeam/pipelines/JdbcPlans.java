package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.jdbc.JdbcAccess;
import io.featurebeam.io.jdbc.WriteJdbc;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.pipelines.spec.JdbcSink;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** A table of a database. */
record JdbcPlans(PipelineSpec spec, SinkSpec sink, JdbcSink jdbc) implements StorePlans {

  /** What messages begin with, and the key that they are about. */
  private static final Map<String, String> PLACES =
      Map.of(
          "Invalid url", ".url",
          "Cannot reach", ".url",
          "Unknown database", ".url",
          "Cannot log in", ".user",
          "No right", ".user",
          "Invalid schema", ".schema",
          "Unknown schema", ".schema",
          "Invalid group", ".table",
          "Invalid table", ".table");

  @Override
  public String place() {
    return "table " + jdbc.schema() + "." + table();
  }

  private String table() {
    String table = jdbc.table();
    return table == null ? spec.name() : table;
  }

  @Override
  public long ttlMicros() {
    return jdbc.ttlMicros();
  }

  @Override
  public PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> write(
      Rows rows, boolean handsOn) {
    WriteJdbc write = write(rows);
    return (handsOn ? write.handingOn() : write).unchecked();
  }

  private WriteJdbc write(Rows rows) {
    FeatureGroup group = rows.group(table(), jdbc.ttlMicros());
    WriteJdbc write =
        WriteJdbc.of(access(), group, rows.schema(), rows.eventTime())
            .withSchema(jdbc.schema())
            .withOwn(rows.own())
            .withSpec(spec.secrets().redact(spec.name()))
            .addingColumns(jdbc.addColumns())
            .overwriting(jdbc.overwrite());
    return sink.where() == null ? write : write.withWhere(sink.where());
  }

  private JdbcAccess access() {
    return JdbcAccess.of(jdbc.url(), jdbc.user(), jdbc.password());
  }

  @Override
  public void check(Rows rows) {
    write(rows).check();
  }

  @Override
  public String look() {
    access().check();
    return "the database of table " + table() + " answers";
  }

  @Override
  public String placeOf(String message) {
    return PLACES.entrySet().stream()
        .filter(place -> message.startsWith(place.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
