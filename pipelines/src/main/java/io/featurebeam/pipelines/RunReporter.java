package io.featurebeam.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.pipelines.spec.PipelineSpec;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

record RunReporter(String name, String summaryPath, boolean aggregates) implements FinishRun.Reporter {
  private static final ObjectMapper JSON = new ObjectMapper();

  static RunReporter of(PipelineSpec spec, String path, PipelineGraph graph) {
    return new RunReporter(spec.name(), path, !spec.aggregate().isEmpty());
  }

  @Override
  public void report(RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects) throws IOException {
    ObjectNode n = JSON.createObjectNode();
    n.put("in", facts.in()).put("rejected", facts.rejected()).put("duplicate", facts.duplicates()).put("late", 0);
    n.put("used", aggregates ? facts.aggregated() : records == null ? 0 : records.rows());
    n.put("objections", String.join("; ", facts.objections()));
    ArrayNode steps = n.putArray("steps");
    for (String s : facts.steps()) {
      steps.addObject().put("name", s).put("in", facts.number(s, "records_in")).put("out", facts.number(s, "records_out")).put("rejected", facts.number(s, "rejected")).put("nanos", facts.number(s, "nanos"));
    }
    n.put("rows", records == null ? 0 : records.rows());
    JSON.writeValue(new File(summaryPath), n);
  }

  String printSummary(PrintStream out) throws IOException {
    JsonNode n = JSON.readTree(new File(summaryPath));
    out.println(n.toPrettyString());
    return n.get("objections").asText();
  }
}
