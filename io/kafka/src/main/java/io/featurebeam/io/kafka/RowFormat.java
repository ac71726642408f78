package io.featurebeam.io.kafka;

/** How a row becomes the value of a message. */
public enum RowFormat {
  /** One JSON object: times ISO 8601, bytes base64, floats that are no number strings. */
  JSON,
  /** One CSV record as RFC 4180 says, without a header; null is empty, the empty text quoted. */
  CSV,
  /** One Avro record in binary form, of {@link WriteKafka#avroSchema}. */
  AVRO
}
