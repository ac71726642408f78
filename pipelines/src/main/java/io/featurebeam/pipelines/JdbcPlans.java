package io.featurebeam.pipelines;

import io.featurebeam.io.jdbc.JdbcAccess;
import io.featurebeam.io.jdbc.WriteJdbc;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.pipelines.spec.JdbcSink;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import java.util.List;
import java.util.Map;

/** What a spec says of tables in a database as writing them. */
final class JdbcPlans {

  private JdbcPlans() {}

  /** The name of the table, and of its feature group. */
  static String table(PipelineSpec spec, JdbcSink sink) {
    String table = sink.table();
    return table == null ? spec.name() : table;
  }

  /**
   * The newest rows of a run in a table.
   *
   * @param features the columns of the output that are looked up
   * @param own the columns of the output that come from one event
   */
  static WriteJdbc sink(
      PipelineGraph graph, SinkSpec sink, List<String> features, List<String> own) {
    PipelineSpec spec = graph.spec;
    JdbcSink jdbc = sink.jdbc();
    FeatureGroup group =
        FeatureGroup.of(table(spec, jdbc), graph.outputSchema(), spec.outputKeys(), features)
            .withSpecHash(SpecHash.of(spec))
            .withTtl(jdbc.ttlMicros());
    WriteJdbc write =
        WriteJdbc.of(access(jdbc), group, graph.outputSchema(), graph.outputTime())
            .withSchema(jdbc.schema())
            .withOwn(own)
            .withSpec(spec.secrets().redact(spec.name()))
            .addingColumns(jdbc.addColumns())
            .overwriting(jdbc.overwrite());
    return sink.where() == null ? write : write.withWhere(sink.where());
  }

  private static JdbcAccess access(JdbcSink sink) {
    return JdbcAccess.of(sink.url(), sink.user(), sink.password());
  }

  /** Whether the server answers and lets us in. */
  static String look(PipelineSpec spec, JdbcSink sink) {
    access(sink).check();
    return "the database of table " + table(spec, sink) + " answers";
  }

  /** Which part of the sink's section a message is about. */
  static String placeOf(String message) {
    for (Map.Entry<String, String> part :
        Map.of(
                "Invalid url", ".url",
                "Cannot reach", ".url",
                "Unknown database", ".url",
                "Cannot log in", ".user",
                "No right", ".user",
                "Invalid schema", ".schema",
                "Unknown schema", ".schema",
                "Invalid group", ".table",
                "Invalid table", ".table")
            .entrySet()) {
      if (message.startsWith(part.getKey())) {
        return part.getValue();
      }
    }
    return "";
  }
}
