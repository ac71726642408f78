package io.featurebeam.integration;

import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Batches that a pipeline in this JVM gives, as they come: a sink for tests.
 *
 * <pre>{@code
 * Collected out = new Collected();
 * batches.apply(ParDo.of(out));
 * pipeline.run().waitUntilFinish();
 * out.batches();
 * }</pre>
 */
final class Collected extends DoFn<RecordBatch, Void> {

  private static final long serialVersionUID = 1L;

  /** By id: a runner works with copies of this object. */
  private static final Map<String, Queue<RecordBatch>> BATCHES = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();

  Collected() {
    BATCHES.put(id, new ConcurrentLinkedQueue<>());
  }

  @ProcessElement
  public void take(@Element RecordBatch batch) {
    BATCHES.get(id).add(batch);
  }

  List<RecordBatch> batches() {
    return new ArrayList<>(BATCHES.get(id));
  }
}
