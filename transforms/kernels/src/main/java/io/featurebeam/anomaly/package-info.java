/**
 * Values that do not fit those before them, per key and in the order of event time. A {@link
 * io.featurebeam.anomaly.Scorer} says how far a value is from what is usual, a {@link
 * io.featurebeam.anomaly.Threshold} from where on that is an outlier; the two make a {@link
 * io.featurebeam.anomaly.Detector}, and so do several by an ensemble. Each is a value; what it
 * learns is a small {@link io.featurebeam.anomaly.DetectorState}, one per key, with a binary form.
 *
 * <p>Start with {@link io.featurebeam.anomaly.Detectors}:
 *
 * <pre>{@code
 * Detector detector =
 *     Detectors.any(
 *         Detectors.of(Detectors.robustZScore("amount"), Threshold.fixed(3.5)),
 *         Detectors.of(Detectors.ewmaChart("amount")));
 * DetectorState state = detector.newState();          // of one key
 * for (double amount : amountsInOrderOfTheirTime) {
 *   Judgement judgement = state.next(amount);          // first scored, then learned
 * }
 * byte[] saved = state.toBytes();
 * DetectorState goesOn = detector.fromBytes(saved);    // and gives the same from here on
 * }</pre>
 *
 * <p>Null and NaN get no score and are not learned. An infinity gets an infinite score and is not
 * learned. What a value gets depends on the values of its key before it, and on nothing else.
 *
 * <p>A new scorer is one file (a record with its {@link io.featurebeam.anomaly.Scores} and its
 * {@link io.featurebeam.anomaly.ScorerProvider}), one line in {@code META-INF/services}, and its
 * test. Look at {@code ZScore} first.
 */
@NullMarked
package io.featurebeam.anomaly;

import org.jspecify.annotations.NullMarked;
