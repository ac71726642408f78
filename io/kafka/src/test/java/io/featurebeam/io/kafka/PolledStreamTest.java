package io.featurebeam.io.kafka;

/** Reading without end by our own source: all that holds of KafkaIO holds of it. */
class PolledStreamTest extends StreamTest {

  @Override
  ReadKafka read(String topic) {
    return super.read(topic).polled();
  }
}
