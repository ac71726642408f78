/**
 * Streams to look at: a broker, a store, a generator of events and the stream itself, all in one
 * process.
 *
 * <pre>{@code
 * mvn -q -pl pipelines/examples -am compile exec:java@demo -Dexec.args=card-fraud
 * }</pre>
 *
 * <p>{@link io.featurebeam.examples.StreamDemo} is the main class. What it shows is an {@link
 * io.featurebeam.examples.Example}: {@link io.featurebeam.examples.CardFraud}, whose events {@link
 * io.featurebeam.examples.CardPayments} makes in the order in which they happen, with what a fraud
 * looks like planted among them, or {@link io.featurebeam.examples.PatientVitals} with {@link
 * io.featurebeam.examples.WardReadings}. {@link io.featurebeam.examples.Deliveries} sends them as a
 * network does: out of order, some twice, some far too late, some broken. The same seed gives the
 * same. {@link io.featurebeam.examples.StoreReader} asks the store as a service does.
 *
 * <p>The specs, beside this module's sources, know nothing of all this: they are what a user copies
 * for a cluster of their own.
 */
@NullMarked
package io.featurebeam.examples;

import org.jspecify.annotations.NullMarked;
