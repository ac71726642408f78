/**
 * The pipeline spec: what a pipeline reads, checks, computes and writes, as immutable values.
 *
 * <p>Start with {@link io.featurebeam.pipelines.spec.PipelineSpec}: each section of the YAML file
 * is one of its components, so whatever YAML can say Java can say, and the other way round. {@link
 * io.featurebeam.pipelines.spec.SpecParser} reads YAML, {@link
 * io.featurebeam.pipelines.spec.SpecWriter} writes it, {@link
 * io.featurebeam.pipelines.spec.SpecChecker} compares a spec with the columns of its source. Rules,
 * features, aggregates and sources are open: a spec names them by a {@link
 * io.featurebeam.pipelines.spec.Use}, and {@link io.featurebeam.pipelines.spec.Providers} finds
 * them.
 *
 * <p>The keys of the file are declared once, in {@link io.featurebeam.pipelines.spec.SpecShape};
 * the parser, the JSON Schema and the reference page all come from that declaration. A skew check
 * has a file of its own kind: {@link io.featurebeam.pipelines.spec.SkewSpec}, declared in {@code
 * SkewShape}.
 */
@NullMarked
package io.featurebeam.pipelines.spec;

import org.jspecify.annotations.NullMarked;
