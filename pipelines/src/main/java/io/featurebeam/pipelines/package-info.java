/**
 * A spec as a running pipeline, and the mains that run it.
 *
 * <p>Start with {@link io.featurebeam.pipelines.FeaturePipeline}, the main job: {@code SpecRun}
 * reads the spec (package {@link io.featurebeam.pipelines.spec}), looks at the source, and makes a
 * {@code PipelineGraph}, in which every schema is computed and every rule, feature and aggregate
 * bound. That graph is applied to a Beam pipeline or, with {@code --explain}, told in words by
 * {@code GraphPlan}:
 *
 * <pre>{@code
 * Read -> Validate -> Deduplicate -> Engineer features -> Profile -> Aggregate -> Write -> Finish
 * }</pre>
 *
 * <p>One collection of batches runs through all of it. Rejects and facts (counts, times, parts of
 * the profile) travel among the records ({@link io.featurebeam.transforms.records.Flow}), so what
 * is counted is committed with the data. {@code FinishRun}, on one worker, adds the facts up in
 * {@code RunFacts}, publishes the files that were written unless a rule objects, and hands all to
 * {@code RunReporter}, which makes the summary and the HTML report (package {@link
 * io.featurebeam.pipelines.report}).
 *
 * <p>Beside a whole run: a range of it ({@code --from}, {@code --to}; {@code KeptRejects}), a
 * replay of repaired records ({@code Replay}), a fit that runs first ({@code FittedFiles}), a spec
 * test over records in memory ({@code SpecTestRun}), and a template for Dataflow ({@code
 * Dataflow}).
 */
package io.featurebeam.pipelines;
