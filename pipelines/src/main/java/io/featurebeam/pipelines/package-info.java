/**
 * The YAML spec and its composition into a pipeline, and the main that runs it.
 *
 * <p>Start with {@link io.featurebeam.pipelines.FeaturePipeline}. What YAML can say, Java can say
 * with the value types of {@link io.featurebeam.pipelines.spec}, which the parser makes too:
 *
 * <pre>{@code
 * PipelineSpec spec =
 *     PipelineSpec.builder("flight-delays")
 *         .source(SourceSpec.parquet("pipelines/examples/flights/data/*.parquet"))
 *         .eventTime("date")
 *         .keys("origin")
 *         .validate(RuleSpec.of(Use.of("between", "column", "delay", "min", -180, "max", 1440)))
 *         .feature("log_distance", Use.of("log1p", "column", "distance"))
 *         .aggregate(
 *             AggregateSpec.of(
 *                     List.of(Window.of("1h"), Window.of("1d")),
 *                     List.of(
 *                         AggregateColumn.of("flights", Use.of("count")),
 *                         AggregateColumn.of(
 *                             "mean_log_distance", Use.of("mean", "column", "log_distance"))))
 *                 .withEmit(Emission.every(Spans.parse("1h"))))
 *         .sink(SinkSpec.parquet("out/flights/features").partitionedBy("day(window_end)"))
 *         .build();
 *
 * RunResult result = FeaturePipeline.run(spec, FeaturePipeline.options("--runner=DirectRunner"));
 * System.out.print(result.text());
 * }</pre>
 *
 * <p>The way of a run: {@code SpecRun} looks at the source ({@code Sources}), checks the spec
 * against its columns, composes steps of {@code io.featurebeam.transforms} and {@code
 * io.featurebeam.io.file} into one flow of records, rejects and facts ({@code PipelineGraph}), and
 * ends in {@code FinishRun}, which publishes all of it at once and hands the counts to {@code
 * RunReporter}.
 *
 * <pre>{@code
 * Read -> Validate -> Deduplicate -> Engineer features -> Profile -> Aggregate -> Write -> Finish
 * }</pre>
 *
 * <p>Beside a whole run: a range of it ({@code KeptRejects}), a replay of repaired records ({@code
 * Replay}), a fit that runs first ({@code FittedFiles}), a spec test over records in memory ({@code
 * SpecTestRun}), the plan in words ({@code GraphPlan}), a template for Dataflow ({@code Dataflow}),
 * all but the run itself ({@code DryRun}), its early end ({@code Interruption}). {@link
 * io.featurebeam.pipelines.Doctor} looks whether a machine can run it at all.
 *
 * <p>{@link io.featurebeam.pipelines.SkewCheck} is a main of its own, with a spec of its own: what
 * was logged at serving time against what is computed later ({@code SkewRun}).
 *
 * <p>What came from the environment is hidden where text leaves: {@code HideSecrets} in rejects,
 * {@code RunReporter} in summary and report, {@link io.featurebeam.pipelines.cli.Console} in
 * whatever is printed.
 */
package io.featurebeam.pipelines;
