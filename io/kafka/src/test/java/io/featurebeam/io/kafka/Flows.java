package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What is in a flow, as sorted lines, and messages to send. */
final class Flows {

  private Flows() {}

  static ProducerRecord<byte[], byte[]> message(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8));
  }

  static ProducerRecord<byte[], byte[]> message(
      String topic, int partition, long timestamp, @Nullable String key, byte @Nullable [] value) {
    return new ProducerRecord<>(
        topic, partition, timestamp, key == null ? null : key.getBytes(UTF_8), value);
  }

  /** Each record as position and values: {@code t-0@3 [1, a]}. */
  static List<String> records(Iterable<RecordBatch> flow) {
    List<String> lines = new ArrayList<>();
    for (RecordBatch batch : flow) {
      if (Flow.isRecords(batch)) {
        for (int row = 0; row < batch.size(); row++) {
          int at = row;
          lines.add(
              batch.positions().source(row)
                  + "@"
                  + batch.positions().place(row)
                  + " "
                  + IntStream.range(0, batch.schema().size())
                      .mapToObj(c -> shown(batch.column(c).value(at)))
                      .toList());
        }
      }
    }
    return lines.stream().sorted().toList();
  }

  private static String shown(@Nullable Object value) {
    return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
  }

  /** Each reject as position, reason and raw bytes. */
  static List<String> rejects(Iterable<RecordBatch> flow) {
    List<String> lines = new ArrayList<>();
    for (RecordBatch batch : flow) {
      if (Flow.isRejects(batch)) {
        for (int row = 0; row < batch.size(); row++) {
          lines.add(
              batch.value(row, "source")
                  + "@"
                  + batch.value(row, "position")
                  + " "
                  + batch.value(row, "reason")
                  + ": "
                  + shown(
                      batch.value(row, "raw") == null
                          ? batch.value(row, "record")
                          : batch.value(row, "raw")));
        }
      }
    }
    return lines.stream().sorted().toList();
  }

  /** The numbers of all facts, added up, but for times. */
  static String facts(Iterable<RecordBatch> flow) {
    TreeMap<String, Long> numbers = new TreeMap<>();
    for (RecordBatch batch : flow) {
      if (Flow.isFacts(batch)) {
        Facts.read(
            batch,
            (step, fact, value, bytes) -> {
              if (bytes == null && !fact.equals(Facts.NANOS)) {
                numbers.merge(step + " " + fact, value, Long::sum);
              }
            });
      }
    }
    return numbers.toString();
  }
}
