package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that writes one small file per day given, whose text says run and day, and publishes them.
 */
final class TestRun {

  static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("at", FieldType.TIMESTAMP), Field.of("n", FieldType.INT64));
  static final Clock CLOCK = Clock.fixed(Instant.parse("2001-02-03T04:05:06Z"), ZoneOffset.UTC);

  final String id;
  final Publication publication;
  final Publisher publisher;
  private final List<String> days;

  TestRun(String path, String id, String... days) {
    this(partitioned(path), id, step -> {}, days);
  }

  TestRun(Publication publication, String id, Recovery.StepHook hook, String... days) {
    this.id = id;
    this.publication = publication;
    this.publisher = new Publisher(publication, id, CLOCK, hook);
    this.days = List.of(days);
  }

  static Publication partitioned(String path) {
    return Publication.of(path, SCHEMA)
        .withPartitionBy(PartitionBy.parse("day(at)"))
        .withEventTime("at");
  }

  static long micros(String day) {
    return TimeUnit.DAY.parseStart(day);
  }

  PublishOutcome run() throws IOException {
    publisher.claim();
    return publisher.publish(write());
  }

  List<WrittenFile> write() throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    for (String day : days) {
      files.add(write(day));
    }
    return files;
  }

  private WrittenFile write(@Nullable String day) throws IOException {
    byte[] text = (id + " " + day).getBytes(StandardCharsets.UTF_8);
    String temp = OutputFolder.newTempPath(id, "txt");
    try (WritableByteChannel channel = publication.output().create(temp)) {
      channel.write(ByteBuffer.wrap(text));
    }
    return new WrittenFile(
        temp,
        publication.partitionBy().folder(List.of(day)),
        Map.of("at_day", day),
        1,
        text.length,
        micros(day),
        micros(day));
  }

  /** What its files say, sorted. */
  List<String> texts() {
    return days.stream().map(day -> id + " " + day).sorted().toList();
  }
}
