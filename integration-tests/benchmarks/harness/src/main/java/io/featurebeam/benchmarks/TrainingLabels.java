package io.featurebeam.benchmarks;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * Generates the labels of {@code training-set} (id, user, time, label): users as frequent as among
 * the events, at any time once the longest window can be full. The same arguments give the same
 * labels on every machine.
 */
final class TrainingLabels {
  /** Over which the events are spread. */
  static final Duration SPAN = Duration.ofDays(180);

  private static final Duration LONGEST_WINDOW = Duration.ofDays(30);
  private static final double LABEL_SHARE = 0.02;
  private static final int FILES = 4;

  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named("id")
          .required(BINARY)
          .as(stringType())
          .named("user")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("time")
          .required(BOOLEAN)
          .named("label")
          .named("label");

  private TrainingLabels() {}

  /** Writes a directory of files, in no order of time. */
  static void write(Path output, long labels, CardTransactions events, long seed)
      throws IOException {
    Files.createDirectories(output);
    SplittableRandom random = new SplittableRandom(seed);
    long begin = (CardTransactions.START.toEpochMilli() + LONGEST_WINDOW.toMillis()) * 1_000;
    long end = (CardTransactions.START.toEpochMilli() + SPAN.toMillis()) * 1_000;
    for (int file = 0; file < FILES; file++) {
      Path path = output.resolve(String.format(Locale.ROOT, "part-%05d.parquet", file));
      try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
          ExampleParquetWriter.builder(new LocalOutputFile(path))
              .withType(SCHEMA)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .build()) {
        for (long id = labels * file / FILES; id < labels * (file + 1) / FILES; id++) {
          SimpleGroup label = new SimpleGroup(SCHEMA);
          label.add("id", id);
          label.add("user", String.format(Locale.ROOT, "u%08d", events.anyUser(random)));
          label.add("time", random.nextLong(begin, end));
          label.add("label", random.nextDouble() < LABEL_SHARE);
          writer.write(label);
        }
      }
    }
  }
}
