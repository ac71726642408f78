package io.featurebeam.io.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer for Beam's exactly-once sink, which keeps producers for the bundles to come: one whose
 * bundle was interrupted within a transaction would refuse to begin another, for ever. Here what
 * the bundle had sent is given up; it is done again.
 */
final class ResumingProducer extends KafkaProducer<byte[], byte[]> {

  private boolean inTransaction;

  ResumingProducer(Map<String, Object> config) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void beginTransaction() {
    if (inTransaction) {
      abortTransaction();
    }
    super.beginTransaction();
    inTransaction = true;
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    inTransaction = false;
  }

  @Override
  public void abortTransaction() {
    super.abortTransaction();
    inTransaction = false;
  }
}
