package io.featurebeam.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.JsonLinesBatchReader;
import io.featurebeam.io.file.text.JsonLinesOptions;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Repaired rejects: JSON lines as the rejects output writes them, the {@code record} of each
 * repaired by hand or by a program. A line may be left out; its record stays rejected.
 *
 * @param source the source with the repaired records in their places
 * @param firstTime the earliest event time of a repaired record, in microseconds
 * @param lastTime the latest
 */
record Replay(SourcePlan source, long firstTime, long lastTime) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads what was repaired; a record that still does not parse is an error that names its line.
   */
  static Replay read(String path, SourcePlan original, String eventTime) throws IOException {
    HashMap<String, Set<Long>> places = new HashMap<>();
    StringBuilder records = new StringBuilder();
    TextSource rejects = TextSource.jsonLines(List.of(path), Rejects.SCHEMA.fields(), Map.of());
    for (FileSplit file : rejects.splits(List.of("source", "position", "record"))) {
      try (BatchReader reader = file.open(Replay::refuse)) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          for (int row = 0; row < batch.size(); row++) {
            add(batch, row, file.toString(), places, records);
          }
        }
      }
    }
    List<RecordBatch> repaired = parse(path, original.schema(), records.toString());
    return of(original, new MemorySource(original.schema(), repaired), places, eventTime, path);
  }

  private static void add(
      RecordBatch batch,
      int row,
      String file,
      HashMap<String, Set<Long>> places,
      StringBuilder records)
      throws IOException {
    String record = (String) batch.value(row, "record");
    String source = (String) batch.value(row, "source");
    Long position = (Long) batch.value(row, "position");
    if (record == null || source == null || position == null) {
      throw new IllegalArgumentException(
          "Invalid repaired reject: "
              + file
              + " line "
              + (batch.positions().place(row) + 1)
              + " (source, position and record must be given)");
    }
    JsonNode node = JSON.readTree(record);
    for (JsonNode value : node) {
      if (value.isTextual() && value.textValue().equals(Rejects.MASKED)) {
        throw new IllegalArgumentException(
            "Invalid repaired reject: "
                + file
                + " line "
                + (batch.positions().place(row) + 1)
                + " holds a masked value, "
                + Rejects.MASKED
                + " (put the true one in its place)");
      }
    }
    places.computeIfAbsent(source, s -> new HashSet<>()).add(position);
    records.append(node).append('\n');
  }

  private static void refuse(String file, long line, byte[] raw, String reason) {
    throw new IllegalArgumentException(
        "Invalid repaired reject: " + file + " line " + (line + 1) + ": " + reason);
  }

  private static List<RecordBatch> parse(String path, RecordSchema schema, String lines)
      throws IOException {
    List<RecordBatch> batches = new ArrayList<>();
    try (BatchReader reader =
        JsonLinesBatchReader.open(
            path,
            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
            JsonLinesOptions.of(schema),
            Replay::refuse)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(batch);
      }
    }
    return batches;
  }

  private static Replay of(
      SourcePlan original,
      MemorySource repaired,
      HashMap<String, Set<Long>> places,
      String eventTime,
      String path) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RecordBatch batch : repaired.batches()) {
      for (int row = 0; row < batch.size(); row++) {
        Long time = (Long) batch.value(row, eventTime);
        if (time != null) {
          first = Math.min(first, time);
          last = Math.max(last, time);
        }
      }
    }
    if (first > last) {
      throw new IllegalArgumentException(
          "Nothing to replay: " + path + " (it holds no record with an event time)");
    }
    return new Replay(new ReplayedSource(original, repaired, places), first, last);
  }
}
