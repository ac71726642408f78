package io.featurebeam.io.file.write;

import io.featurebeam.columnar.ContentHash;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.AbandonedRuns;
import io.featurebeam.io.file.publish.OutputFolder;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.WrittenFile;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that one worker is writing, one per partition. A file that is large enough is
 * completed; if there are too many, or they hold too much memory, the one that holds most is
 * completed early.
 */
final class OpenFiles {

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Publication publication;
  private final RecordSchema schema;
  private final FileFormat format;
  private final String runId;
  private final WriteLimits limits;
  private final Map<List<@Nullable String>, OpenFile> open = new HashMap<>();
  private final List<WrittenFile> completed = new ArrayList<>();
  private long memoryBytes;

  OpenFiles(Publication publication, FileFormat format, String runId, WriteLimits limits) {
    this.publication = publication;
    this.schema = publication.recordSchema();
    this.format = format;
    this.runId = runId;
    this.limits = limits;
  }

  private static final class OpenFile {
    final List<@Nullable String> values;
    final String tempPath;
    final WritableByteChannel channel;
    final BatchFileWriter writer;
    long memoryBytes;
    long rows;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    final @Nullable ContentHash content;

    OpenFile(
        List<@Nullable String> values,
        String tempPath,
        WritableByteChannel channel,
        BatchFileWriter writer,
        @Nullable ContentHash content) {
      this.content = content;
      this.values = values;
      this.tempPath = tempPath;
      this.channel = channel;
      this.writer = writer;
    }
  }

  void write(List<@Nullable String> values, RecordBatch batch) throws IOException {
    OpenFile file = open.get(values);
    if (file != null && !file.writer.accepts(batch)) {
      complete(file);
      file = null;
    }
    if (file == null) {
      if (open.size() >= limits.maxOpenFiles()) {
        complete(largest());
      }
      file = begin(values);
      open.put(values, file);
    }
    try {
      file.writer.write(batch);
    } catch (IOException e) {
      throw failed(file.tempPath, file.rows, e);
    }
    file.rows += batch.size();
    if (file.content != null) {
      file.content.add(batch);
    }
    if (publication.eventTime() != null) {
      observe(file, batch.longs(publication.eventTime()));
    }
    long now = file.writer.memoryBytes();
    memoryBytes += now - file.memoryBytes;
    file.memoryBytes = now;
    if (file.writer.fileBytes() >= limits.targetFileBytes()) {
      complete(file);
    }
    while (memoryBytes > limits.maxMemoryBytes() && open.size() > 1) {
      complete(largest());
    }
  }

  private OpenFile begin(List<@Nullable String> values) throws IOException {
    String tempPath = OutputFolder.newTempPath(runId, format.extension());
    try {
      checkGoesOn(tempPath);
      WritableByteChannel channel = publication.output().create(tempPath);
      try {
        checkGoesOn(tempPath);
        ContentHash content = publication.origin() == null ? null : new ContentHash();
        return new OpenFile(values, tempPath, channel, format.open(channel, schema), content);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(tempPath, 0, e);
    }
  }

  private void checkGoesOn(String tempPath) throws IOException {
    if (AbandonedRuns.contains(runId)) {
      publication.output().delete(List.of(tempPath));
      throw new IOException("the run is given up");
    }
  }

  private OpenFile largest() {
    return open.values().stream().max(Comparator.comparingLong(f -> f.memoryBytes)).orElseThrow();
  }

  private void observe(OpenFile file, LongColumn times) {
    long[] values = times.values();
    for (int i = 0; i < times.size(); i++) {
      if (!times.isNull(i)) {
        file.min = Math.min(file.min, values[i]);
        file.max = Math.max(file.max, values[i]);
      }
    }
  }

  private void complete(OpenFile file) throws IOException {
    try {
      file.writer.close();
      checkGoesOn(file.tempPath); // some file systems show a file only now
    } catch (IOException e) {
      throw failed(file.tempPath, file.rows, e);
    }
    open.remove(file.values);
    memoryBytes -= file.memoryBytes;
    PartitionBy partitionBy = publication.partitionBy();
    Map<String, @Nullable String> partition = new LinkedHashMap<>();
    for (int i = 0; i < file.values.size(); i++) {
      partition.put(partitionBy.parts().get(i).name(), file.values.get(i));
    }
    completed.add(
        new WrittenFile(
            file.tempPath,
            partitionBy.folder(file.values),
            partition,
            file.rows,
            file.writer.fileBytes(),
            file.min > file.max ? null : micros(file.min),
            file.min > file.max ? null : micros(file.max),
            file.content == null ? null : file.content.toString()));
  }

  private long micros(long eventTime) {
    String column = publication.eventTime();
    boolean date = column != null && schema.field(column).type().kind() == FieldType.Kind.DATE;
    if (!date) {
      return eventTime;
    }
    long limit =
        Long.MAX_VALUE / MICROS_PER_DAY; // days in the far future are as late as can be said
    return Math.max(-limit, Math.min(limit, eventTime)) * MICROS_PER_DAY;
  }

  private IOException failed(String tempPath, long rows, IOException cause) {
    return new IOException(
        "Cannot write "
            + publication.output()
            + tempPath
            + " (after "
            + rows
            + " records): "
            + cause.getMessage()
            + "; the old output stands. Free space or choose another output path, and run again",
        cause);
  }

  /** Completes what is open and gives every file completed since the last call. */
  List<WrittenFile> finish() throws IOException {
    for (OpenFile file : List.copyOf(open.values())) {
      complete(file);
    }
    List<WrittenFile> result = List.copyOf(completed);
    completed.clear();
    return result;
  }

  private static void abandon(OpenFile file) {
    try (file.channel) {
      file.writer.abandon();
    } catch (IOException | RuntimeException e) {
      // It was broken before, and its error is on its way.
    }
  }

  /** Closes without completing; the publish of this or the next run deletes what is left. */
  void abandon() {
    for (OpenFile file : open.values()) {
      abandon(file);
    }
    open.clear();
    completed.clear();
  }
}
