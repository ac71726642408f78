package io.featurebeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.JsonLinesBatchReader;
import io.featurebeam.io.file.text.JsonLinesOptions;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.UnionSource;
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

  /** Reads what was repaired; what cannot be used is an error that names its line. */
  static Replay read(String path, SourcePlan original, PipelineSpec spec) throws IOException {
    UnionSource union = spec.source() instanceof UnionSource several ? several : null;
    if (union != null) {
      checkOnce(union);
    }
    Reader reader = new Reader(!spec.mask().isEmpty());
    TextSource rejects = TextSource.jsonLines(List.of(path), Rejects.SCHEMA.fields(), Map.of());
    for (FileSplit file : rejects.splits(List.of("source", "position", "record"))) {
      reader.read(file);
    }
    MemorySource repaired = new MemorySource(original.schema(), reader.parse(original.schema()));
    if (union != null) {
      repaired.batches().forEach(batch -> checkInputs(batch, union));
    }
    return of(
        new ReplayedSource(original, repaired, new HashMap<>(reader.places()), path),
        spec.eventTime(),
        path);
  }

  private static Replay of(ReplayedSource source, String eventTime, String path) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RecordBatch batch : source.repaired().batches()) {
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
    return new Replay(source, first, last);
  }

  /** A place in a file that two inputs read is that of two records. */
  private static void checkOnce(UnionSource union) {
    Set<String> paths = new HashSet<>();
    for (UnionSource.Input input : union.inputs().values()) {
      for (String path : Places.read(input.source())) {
        if (!paths.add(path)) {
          throw new IllegalArgumentException(
              "Invalid --replay: two inputs of the union read "
                  + path
                  + " (where a reject stood does not say of which; repair the input itself)");
        }
      }
    }
  }

  private static void checkInputs(RecordBatch batch, UnionSource union) {
    for (int row = 0; row < batch.size(); row++) {
      Object input = batch.value(row, UnionSource.INPUT);
      if (!union.inputs().containsKey(String.valueOf(input))) {
        throw Reader.invalid(
            batch.positions().source(row)
                + " "
                + batch.positions().place(row)
                + " has the input '"
                + input
                + "' (must be one of "
                + union.inputs().keySet()
                + ")");
      }
    }
  }

  /** Takes the repaired records out of their files, and keeps for each where it belongs. */
  private static final class Reader {

    /** A line of a file of rejects, and the place of its record in the source. */
    private record Line(String file, long number, String source, long position) {
      @Override
      public String toString() {
        return file + " line " + number;
      }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean masked;
    private final List<Line> lines = new ArrayList<>();
    private final StringBuilder records = new StringBuilder();
    private final HashMap<String, Set<Long>> places = new HashMap<>();

    Reader(boolean masked) {
      this.masked = masked;
    }

    Map<String, Set<Long>> places() {
      return places;
    }

    void read(FileSplit file) throws IOException {
      try (BatchReader reader =
          file.open(
              (name, line, raw, reason) -> {
                throw invalid(name + " line " + (line + 1) + ": " + shown(reason));
              })) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          for (int row = 0; row < batch.size(); row++) {
            add(batch, row);
          }
        }
      }
    }

    private void add(RecordBatch batch, int row) {
      String record = (String) batch.value(row, "record");
      String source = (String) batch.value(row, "source");
      Long position = (Long) batch.value(row, "position");
      Positions read = batch.positions();
      if (record == null || source == null || position == null) {
        throw invalid(
            read.source(row)
                + " line "
                + (read.place(row) + 1)
                + " (source, position and record must be given)");
      }
      Line line = new Line(read.source(row), read.place(row) + 1, source, position);
      if (!places.computeIfAbsent(source, s -> new HashSet<>()).add(position)) {
        throw invalid(line + " repairs " + source + " " + position + " again (must be given once)");
      }
      lines.add(line);
      records.append(object(line, record)).append('\n');
    }

    private ObjectNode object(Line line, String record) {
      JsonNode node;
      try {
        node = JSON.readTree(record);
      } catch (JsonProcessingException e) {
        throw invalid(line + ": " + shown(e.getOriginalMessage()));
      }
      if (!(node instanceof ObjectNode object)) {
        throw invalid(line + ": its record is not a JSON object");
      }
      for (JsonNode value : object) {
        if (value.isTextual() && value.textValue().equals(Rejects.MASKED)) {
          throw invalid(
              line
                  + " holds a masked value, "
                  + Rejects.MASKED
                  + " (put the true one in its place)");
        }
      }
      return object;
    }

    /** The records, each at the place of the one that it replaces. */
    List<RecordBatch> parse(RecordSchema schema) throws IOException {
      List<RecordBatch> batches = new ArrayList<>();
      try (BatchReader reader =
          JsonLinesBatchReader.open(
              "repaired records",
              new ByteArrayInputStream(records.toString().getBytes(StandardCharsets.UTF_8)),
              JsonLinesOptions.of(schema),
              (name, line, raw, reason) -> {
                throw invalid(lines.get((int) line) + ": " + shown(reason));
              })) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          batches.add(batch.withPositions(positions(batch.positions(), batch.size())));
        }
      }
      return batches;
    }

    private Positions positions(Positions read, int size) {
      List<String> sources = List.copyOf(places.keySet());
      int[] sourceOf = new int[size];
      long[] position = new long[size];
      for (int row = 0; row < size; row++) {
        Line line = lines.get((int) read.place(row));
        sourceOf[row] = sources.indexOf(line.source);
        position[row] = line.position;
      }
      return Positions.of(sources, sourceOf, position);
    }

    private String shown(String reason) {
      return masked ? "cannot be parsed (details withheld: masked columns)" : reason;
    }

    private static IllegalArgumentException invalid(String what) {
      return new IllegalArgumentException("Invalid repaired reject: " + what);
    }
  }
}
