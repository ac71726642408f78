package io.featurebeam.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolledSourceTest {

  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  private static PolledSource source(EmbeddedBroker broker, String topic) {
    return source(broker.servers(), topic, "v", "job");
  }

  private static PolledSource source(String servers, String topic, String column, String job) {
    return new PolledSource(
        KafkaConnection.to(servers),
        List.of(topic),
        ReadSettings.of(MessageFormat.text(column)).withLimits(100, 2, 1000),
        StartAt.earliest(),
        new EventTimePolicy.Lag(
            Duration.ZERO, Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO),
        Duration.ofSeconds(10),
        job);
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

  @Test
  void aSplitOfAnEarlierRunReadsAsTheSpecSaysNow(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      broker.createTopic("t", 1);
      broker.send(List.of(Flows.message("t", 0, "a0"), Flows.message("t", 0, "a1")));
      PolledSource.Part part = new PolledSource.Part("t", 0);
      PolledSource.Mark mark =
          new PolledSource.Mark(List.of(new PolledSource.Progress(part, 1, 0)), null);
      PolledSource split = source(broker, "t").split(1, OPTIONS).get(0);
      PipelineOptions now = PipelineOptionsFactory.fromArgs("--jobName=now").create();
      SerializableUtils.clone(source(broker.servers(), "t", "w", "now"));

      PolledReader reader = SerializableUtils.clone(split).createReader(now, mark);
      List<RecordBatch> read = next(reader, true);
      reader.close();

      assertEquals(List.of("w"), read.get(0).schema().names());
      assertEquals(List.of("t-0@1 [a1]"), Flows.records(read));
    }
  }

  @Test
  void aSplitOfATopicThatThisRunDoesNotReadIsRefused() {
    PolledSource split = source("localhost:1", "before", "v", "earlier").withParts(List.of());
    source("localhost:1", "after", "v", "other");
    PipelineOptions now = PipelineOptionsFactory.fromArgs("--jobName=other").create();
    assertEquals(
        "Cannot go on from the saved offsets: they are of topic before, and this run reads [after]"
            + " (undo that, or start without the savepoint)",
        assertThrows(IllegalStateException.class, () -> split.createReader(now, null))
            .getMessage());
  }
}
