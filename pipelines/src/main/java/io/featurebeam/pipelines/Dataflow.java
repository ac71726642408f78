package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.FeaturePipelineOptions;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.runners.RunnerLimits;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a run on Google Cloud Dataflow needs beside the pipeline. The runner is on the class path
 * when it is chosen and not when this is compiled, so its options are asked for by name.
 */
final class Dataflow {

  private static final String RUNNER = "DataflowRunner";
  private static final String OPTIONS =
      "org.apache.beam.runners.dataflow.options.DataflowPipelineOptions";

  private final FeaturePipelineOptions options;

  Dataflow(FeaturePipelineOptions options) {
    this.options = options;
  }

  static boolean isChosen(FeaturePipelineOptions options) {
    return options.getRunner().getSimpleName().equals(RUNNER);
  }

  /**
   * Refuses, before anything is read, what Dataflow would say piece by piece, with a stack trace or
   * only in the cloud; and templates where no Dataflow is.
   */
  static void check(FeaturePipelineOptions options, PipelineSpec spec) {
    String template = options.getTemplateLocation();
    if (template != null) {
      checkTemplate(options, spec);
      options.setTemplateLocation(FileSystems.matchNewResource(template, false).toString());
    }
    if (isChosen(options) && !options.isExplain()) {
      Dataflow dataflow = new Dataflow(options);
      dataflow.checkPlace();
      if (template == null || !Places.isLocal(template)) {
        checkPaths(Places.local(spec));
      }
      dataflow.checkCredentials();
    }
  }

  /** The same of a run whose paths these are. */
  static void check(FeaturePipelineOptions options, List<String> paths) {
    if (isChosen(options)) {
      Dataflow dataflow = new Dataflow(options);
      dataflow.checkPlace();
      checkPaths(paths.stream().filter(Places::isLocal).toList());
      dataflow.checkCredentials();
    }
  }

  private static void checkTemplate(FeaturePipelineOptions options, PipelineSpec spec) {
    RunnerLimits.refusal(
            RunnerLimits.Need.TEMPLATE,
            options.getRunner().getSimpleName(),
            "--templateLocation is given")
        .ifPresent(
            message -> {
              throw new UsageException(message);
            });
    if (spec.fit() != null) {
      throw new UsageException(
          "Invalid --templateLocation with fit (a template cannot learn; learn in a run, then use"
              + " fitted: with its file)");
    }
  }

  private void checkPlace() {
    List<String> missing = new ArrayList<>();
    if (isEmpty(option("getProject"))) {
      missing.add("--project=ID (of Google Cloud)");
    }
    if (isEmpty(option("getRegion"))) {
      missing.add("--region=NAME (where workers run, for example us-central1)");
    }
    if (!missing.isEmpty()) {
      throw new UsageException("Missing options of " + RUNNER + ": " + String.join(", ", missing));
    }
    String temp = options.getTempLocation();
    if (temp != null && Places.isLocal(temp)) {
      throw new UsageException(
          "Invalid --tempLocation: " + temp + " (must be gs://BUCKET/FOLDER for " + RUNNER + ")");
    }
  }

  private static void checkPaths(List<String> local) {
    if (!local.isEmpty()) {
      throw new UsageException(
          "Invalid paths for "
              + RUNNER
              + ": "
              + String.join(", ", local)
              + " (are on this machine, which its workers do not see; change the spec, or use for"
              + " example --set=sink.parquet.path=gs://BUCKET/FOLDER)");
    }
  }

  private void checkCredentials() {
    if (option("getGcpCredential") == null) {
      throw new UsageException(
          "Missing credentials of Google Cloud (run gcloud auth application-default login, or name"
              + " a service account's key file in the variable GOOGLE_APPLICATION_CREDENTIALS)");
    }
  }

  /** The runner's place for temporary files, known once it has checked its options. */
  @Nullable String tempLocation() {
    return (String) option("getGcpTempLocation");
  }

  /** Where a person sees the job. */
  String page(PipelineResult job) {
    return "https://console.cloud.google.com/dataflow/jobs/"
        + option("getRegion")
        + "/"
        + call(job, job.getClass(), "getJobId")
        + "?project="
        + option("getProject");
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null || value.equals("");
  }

  private @Nullable Object option(String getter) {
    try {
      Class<? extends PipelineOptions> view =
          Class.forName(OPTIONS, true, options.getRunner().getClassLoader())
              .asSubclass(PipelineOptions.class);
      return call(options.as(view), view, getter);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Cannot find the options of " + RUNNER, e);
    }
  }

  private static @Nullable Object call(Object target, Class<?> type, String method) {
    try {
      return type.getMethod(method).invoke(target);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot ask " + RUNNER + " by " + method, e);
    }
  }
}
