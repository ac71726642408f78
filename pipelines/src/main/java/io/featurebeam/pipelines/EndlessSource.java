package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.KafkaSource;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.UnionSource;
import io.featurebeam.runners.RunnerLimits;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHints;
import org.apache.beam.sdk.values.PCollection;

/**
 * Whether a source has an end; one without is refused where it cannot be read. The source itself
 * says so once it is part of a pipeline; here it is one that is thrown away.
 */
final class EndlessSource {

  private EndlessSource() {}

  /** What the spec alone tells, before anybody looks at the source. */
  static void checkDeclared(ParsedSpec parsed, PipelineOptions options) {
    if (parsed.spec().source() instanceof UnionSource union) {
      union
          .inputs()
          .forEach(
              (name, input) ->
                  checkDeclared(
                      parsed, "source.union." + name + ".kafka", input.source(), options));
    } else {
      checkDeclared(parsed, place(parsed), followed(parsed), options);
    }
  }

  private static void checkDeclared(
      ParsedSpec parsed, String path, SourceSpec source, PipelineOptions options) {
    if (isDeclared(source)) {
      var unused = SpecChecker.at(parsed, message -> path, () -> refuse(options, source.kind()));
    }
  }

  /** Whether the spec alone tells that the source has no end. */
  private static boolean isDeclared(SourceSpec source) {
    return source instanceof KafkaSource kafka && !kafka.bounded();
  }

  /** The part that may have no end. */
  private static SourceSpec followed(ParsedSpec parsed) {
    SourceSpec source = parsed.spec().source();
    return source instanceof SourceSpec.Hybrid hybrid ? hybrid.stream() : source;
  }

  private static String place(ParsedSpec parsed) {
    boolean isHybrid = parsed.spec().source() instanceof SourceSpec.Hybrid;
    return (isHybrid ? "source.stream." : "source.") + followed(parsed).kind();
  }

  /** Whether the source has no end. */
  static boolean check(ParsedSpec parsed, SourcePlan source, PipelineOptions options) {
    if (options.as(StreamingOptions.class).isStreaming()) {
      refusal(options, "the option streaming is true")
          .ifPresent(
              message -> {
                throw new UsageException(message);
              });
    }
    PipelineSpec spec = parsed.spec();
    String kind = followed(parsed).kind();
    return SpecChecker.at(
        parsed,
        message -> place(parsed),
        () -> {
          boolean isEndless = !hasEnd(spec, source, options);
          return isEndless && refuse(options, kind);
        });
  }

  /** Unless the runner takes it; then true. */
  private static boolean refuse(PipelineOptions options, String kind) {
    refusal(options, "the source '" + kind + "' has no end")
        .ifPresent(
            message -> {
              throw new IllegalArgumentException(message);
            });
    return true;
  }

  private static Optional<String> refusal(PipelineOptions options, String because) {
    return RunnerLimits.refusal(
        RunnerLimits.Need.STREAM, options.getRunner().getSimpleName(), because);
  }

  private static boolean hasEnd(PipelineSpec spec, SourcePlan source, PipelineOptions options) {
    SourcePlan.Request all =
        new SourcePlan.Request(
            source.schema().names(),
            spec.eventTime(),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            Set.copyOf(spec.mask()),
            0);
    // Pipeline.create would ask for a runner that can run here and now.
    Pipeline scratch =
        Pipeline.forTransformHierarchy(new TransformHierarchy(ResourceHints.create()), options);
    PCollection<RecordBatch> records =
        scratch.apply("Read " + spec.source().kind(), source.read(all));
    return records.isBounded() == PCollection.IsBounded.BOUNDED;
  }
}
