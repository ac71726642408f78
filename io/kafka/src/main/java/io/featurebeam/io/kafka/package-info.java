/**
 * Kafka topics in and out of a pipeline, as batches.
 *
 * <p>Start with {@link io.featurebeam.io.kafka.ReadKafka} and {@link
 * io.featurebeam.io.kafka.WriteKafka}. A {@link io.featurebeam.io.kafka.KafkaConnection} says where
 * the brokers are and how to log in, a {@link io.featurebeam.io.kafka.MessageFormat} what a message
 * holds. Messages are parsed straight into columns by the record parsers of the file formats;
 * {@code MessageBatcher} is where they become batches, rejects and counts, whichever way they come:
 * from a topic read up to its end by consumers of our own, or without end through Beam's KafkaIO.
 */
@NullMarked
package io.featurebeam.io.kafka;

import org.jspecify.annotations.NullMarked;
