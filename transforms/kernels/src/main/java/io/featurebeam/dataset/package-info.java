/**
 * What makes a data set of rows: which of them train a model and which test it, and which are left
 * out because there are too many alike.
 *
 * <pre>{@code
 * Split split = KeySplit.by("user").share("train", 0.8).rest("test");
 * Split split = TimeSplit.by("at").until("train", t1).until("validation", t2).rest("test");
 * RecordBatch labelled = split.bind(schema).label(batch);          // a column "split"
 *
 * Sampling sampling = Sampling.of("label == 0", 0.1, List.of("user"), "at");
 * RecordBatch fewer = sampling.bind(schema).sample(batch);         // a column "weight"
 * }</pre>
 *
 * <p>Start with {@link io.featurebeam.dataset.Split} and {@link io.featurebeam.dataset.Sampling}.
 * Both are values that are bound to a schema; what comes of it judges a batch in one pass. A row's
 * fate hangs on its own values alone: it is the same in every run, on every runner and machine,
 * whatever rows are beside it.
 *
 * <p>This package uses {@code columnar}, {@code expression} and {@code time}.
 */
@NullMarked
package io.featurebeam.dataset;

import org.jspecify.annotations.NullMarked;
