package io.featurebeam.pipelines.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The options of a feature pipeline, beside those of Beam and the runner. */
public interface FeaturePipelineOptions extends PipelineOptions {

  @Description("The pipeline to run, a YAML file; also one in a bucket: gs://BUCKET/flights.yaml.")
  @TemplateParameter(label = "Spec", regex = TemplateParameter.OBJECT, optional = false)
  @Nullable String getSpec();

  void setSpec(@Nullable String spec);

  /**
   * Not serialized with the other options: a value may be a secret, and options show in the
   * runner's UI.
   */
  @JsonIgnore
  @Description(
      "Overrides a key of the spec: path.to.key=value; or several: {path.to.key: value, ...}. May be"
          + " repeated on a command line.")
  @TemplateParameter(label = "Overrides of the spec", regex = "^(\\{[^\\n]*\\}|[^={\\n]+=[^\\n]*)$")
  List<String> getSet();

  void setSet(List<String> overrides);

  @Description(
      "Print the whole plan (columns and types of each step, what is read, fused, shuffled, written,"
          + " options and who gave them) and do not run.")
  @Default.Boolean(false)
  boolean isExplain();

  void setExplain(boolean explain);

  /** On the command line {@code --dry-run}, which is no name that Beam takes. */
  @Description(
      "Check all that can be checked before a run (spec, columns, source, outputs) and do not run;"
          + " leaves nothing.")
  @Default.Boolean(false)
  boolean isDryRun();

  void setDryRun(boolean dryRun);

  @Description("Recompute output from this event time on: 2001-01-31 or 2001-01-31T08:00:00Z.")
  @TemplateParameter(label = "Event time to compute from", regex = TemplateParameter.TIME)
  @Nullable String getFrom();

  void setFrom(@Nullable String from);

  @Description("Recompute output before this event time (not part of it).")
  @TemplateParameter(label = "Event time to compute up to", regex = TemplateParameter.TIME)
  @Nullable String getTo();

  void setTo(@Nullable String to);

  @Description("Repaired rejects to read again; the output that they touch is recomputed.")
  @TemplateParameter(label = "Repaired rejects", regex = TemplateParameter.OBJECT)
  @Nullable String getReplay();

  void setReplay(@Nullable String replay);

  @Description(
      "Build again what this manifest tells of, and compare: the folder of a data set,"
          + " FOLDER@VERSION, or a manifest file. Takes the spec from there; leaves nothing, unless"
          + " --set gives the sink another path.")
  @Nullable String getReproduce();

  void setReproduce(@Nullable String reproduce);

  @Description("Run the spec test in this file, or those that the spec lists if no file is given.")
  @Nullable String getTestSpec();

  void setTestSpec(@Nullable String testSpec);

  @Description("Write the JSON Schema of specs, with your own extensions, for your editor.")
  @Nullable String getWriteSchema();

  void setWriteSchema(@Nullable String writeSchema);

  @Description("Write a Dataflow template to this file and do not run.")
  @Nullable String getTemplateLocation();

  void setTemplateLocation(@Nullable String templateLocation);

  @Description("Print stack traces and more of what happens.")
  @TemplateParameter(label = "Verbose", regex = "^(true|false)$")
  @Default.Boolean(false)
  boolean isVerbose();

  void setVerbose(boolean verbose);
}
