package io.featurebeam.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolledSourceTest {

  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  private static PolledSource source(EmbeddedBroker broker, String topic) {
    return new PolledSource(
        KafkaConnection.to(broker.servers()),
        List.of(topic),
        ReadSettings.of(MessageFormat.text("v")).withLimits(100, 2, 1000),
        StartAt.earliest(),
        new EventTimePolicy.Lag(
            Duration.ZERO, Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO),
        Duration.ofSeconds(10),
        null);
  }

  /** The batches of the next element. */
  private static List<RecordBatch> next(PolledReader reader, boolean first) throws IOException {
    boolean found = first ? reader.start() : reader.advance();
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!found) {
      assertTrue(System.nanoTime() < until, "nothing came");
      found = reader.advance();
    }
    return reader.getCurrent();
  }

  @Test
  void aReaderGoesOnWhereTheCheckpointOfAnotherWasAndNowhereElse(@TempDir Path directory)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      broker.createTopic("t", 2);
      for (int i = 0; i < 5; i++) {
        broker.send(List.of(Flows.message("t", 0, "a" + i), Flows.message("t", 1, "b" + i)));
      }
      PolledSource source = source(broker, "t").split(1, OPTIONS).get(0);
      List<RecordBatch> read = new ArrayList<>();
      PolledReader before = source.createReader(OPTIONS, null);
      read.addAll(next(before, true));
      PolledSource.Mark mark =
          CoderUtils.clone(source.getCheckpointMarkCoder(), before.getCheckpointMark());
      next(before, false); // of which the checkpoint knows nothing
      before.close();
      PolledReader after = source.createReader(OPTIONS, mark);
      read.addAll(next(after, true));
      while (Flows.records(read).size() < 10) {
        read.addAll(next(after, false));
      }
      after.close();
      List<String> expected = new ArrayList<>();
      for (int partition = 0; partition < 2; partition++) {
        for (int i = 0; i < 5; i++) {
          expected.add("t-" + partition + "@" + i + " [" + (partition == 0 ? "a" : "b") + i + "]");
        }
      }
      assertEquals(expected, Flows.records(read));
    }
  }

  @Test
  void partitionsAreSharedAmongSplits(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      broker.createTopic("t", 3);
      assertEquals(2, source(broker, "t").split(2, OPTIONS).size());
      assertEquals(3, source(broker, "t").split(8, OPTIONS).size());
    }
  }
}
