package io.featurebeam.io.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer for Beam's exactly-once sink, which keeps producers for the bundles to come: one whose
 * bundle was interrupted within a transaction would refuse to begin another, for ever. Here what
 * the bundle had sent is given up; it is done again. A commit that is under way is not interrupted,
 * as the sink would not know how it ended.
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
    boolean interrupted = Thread.interrupted();
    try {
      while (inTransaction) {
        try {
          super.commitTransaction();
          inTransaction = false;
        } catch (InterruptException e) { // the same commit is waited for again
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void abortTransaction() {
    super.abortTransaction();
    inTransaction = false;
  }
}
