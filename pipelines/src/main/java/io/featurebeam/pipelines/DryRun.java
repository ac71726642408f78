package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.UnionSource;
import org.jspecify.annotations.Nullable;

/** The end of a dry run: whether outputs can be written, and what would be run. */
final class DryRun {

  private DryRun() {}

  static RunResult of(
      ParsedSpec parsed,
      String runner,
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects) {
    PipelineSpec spec = parsed.spec();
    SpecRun.checkOutputs(parsed, records, rejects, Publication::checkWritable);
    if (spec.report() != null) {
      new ReportFile(spec.report()).check();
    }
    return RunResult.of(spec.secrets().redact(text(spec, runner)));
  }

  private static String text(PipelineSpec spec, String runner) {
    StringBuilder out = new StringBuilder("Dry run: everything checks out, nothing is written\n\n");
    if (spec.source() instanceof UnionSource union) {
      union
          .inputs()
          .forEach((name, input) -> line(out, "source", name + ", " + shown(input.source())));
    } else {
      line(out, "source", shown(spec.source()));
    }
    for (SinkSpec sink : spec.sinks()) {
      line(out, "features", shown(spec, sink));
    }
    if (spec.rejects() != null) {
      line(out, "rejects", spec.rejects().path());
    }
    if (spec.report() != null) {
      line(out, "report", spec.report());
    }
    out.append("\nWithout --dry-run this runs ").append(spec.name());
    return out.append(" on ").append(runner).append('\n').toString();
  }

  private static String shown(PipelineSpec spec, SinkSpec sink) {
    if (sink.isStore()) {
      return StorePlans.of(spec, sink).place();
    }
    return sink.kafka() == null ? sink.path() : "kafka " + sink.kafka().topic();
  }

  private static String shown(SourceSpec source) {
    return (source.kind() + " " + String.join(", ", Places.read(source))).strip();
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append("  ").append(name).append(" ".repeat(10 - name.length())).append(value).append('\n');
  }
}
