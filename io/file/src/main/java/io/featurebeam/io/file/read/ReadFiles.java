package io.featurebeam.io.file.read;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.FileHashes;
import io.featurebeam.io.file.Unreadable;
import io.featurebeam.io.file.parquet.InvalidValueException;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.Malformed;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that were planned when the pipeline was built, as a flow of batches.
 *
 * <pre>{@code
 * PCollection<RecordBatch> flow =
 *     pipeline.apply(ReadFiles.of(ParquetSource.splits(plan, List.of("date", "delay"), List.of())));
 * }</pre>
 *
 * <p>Bounded. Splits are read side by side, each by one worker. A record that cannot be parsed
 * becomes a reject with file and position; a file that cannot be read at all fails the pipeline
 * with its name.
 */
public final class ReadFiles extends PTransform<PBegin, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts and rejects. */
  public static final String STEP = "read";

  /**
   * The name of a fact whose bytes say why a record could not be parsed, as its reject does: of
   * each bundle the first few in the order of the alphabet, so that those of all are those of the
   * run.
   */
  public static final String MALFORMED_REASON = "malformed_reason";

  /**
   * The name of a fact that tells when a bundle had read its first record, in microseconds since
   * 1970: it does not add up, the least of all bundles is that of the run.
   */
  public static final String FIRST_RECORD = "first_record";

  /**
   * The name of a fact whose bytes are the SHA-256 of a file, a space and what it is called; see
   * {@link #withHashes}.
   */
  public static final String SHA256 = "sha256";

  /** How many reasons are told. */
  public static final int MAX_REASONS = 5;

  /** Records read, by attempt: what progress shows. */
  public static final String RECORDS_READ = "records_read";

  private final RecordSchema schema;
  private final List<FileSplit> splits;
  private final Map<String, String> hashed;
  private final Settings settings;

  /** What the readers need beside their split. */
  private record Settings(
      Set<String> masked,
      long rejectedAt,
      @Nullable String eventTime,
      long from,
      long to,
      boolean live)
      implements Serializable {}

  /** A file to be hashed, and what facts call it. */
  private record Hashed(String file, String name) implements Serializable {}

  /** A split as an element: of a class, not an interface, as its coder wants it; or a file. */
  private record Planned(@Nullable FileSplit split, @Nullable Hashed hashed)
      implements Serializable {}

  private ReadFiles(
      RecordSchema schema, List<FileSplit> splits, Map<String, String> hashed, Settings settings) {
    this.schema = schema;
    this.splits = splits;
    this.hashed = hashed;
    this.settings = settings;
  }

  /** At least one split; all of one schema. */
  public static ReadFiles of(List<? extends FileSplit> splits) {
    if (splits.isEmpty()) {
      throw new IllegalArgumentException("Invalid splits: none (there must be a file to read)");
    }
    return of(splits.get(0).schema(), splits);
  }

  /** All of this schema; none gives a flow of no records, as files without rows do. */
  public static ReadFiles of(RecordSchema schema, List<? extends FileSplit> splits) {
    long now = System.currentTimeMillis() * 1000;
    return new ReadFiles(
        schema,
        List.copyOf(splits),
        Map.of(),
        new Settings(Set.of(), now, null, Long.MIN_VALUE, Long.MAX_VALUE, true));
  }

  /** The columns of the records. */
  public RecordSchema schema() {
    return schema;
  }

  /** The columns whose values must not be seen in rejects. */
  public ReadFiles withMasked(Collection<String> columns) {
    return new ReadFiles(
        schema,
        splits,
        hashed,
        new Settings(
            Set.copyOf(columns),
            settings.rejectedAt,
            settings.eventTime,
            settings.from,
            settings.to,
            settings.live));
  }

  /** The time that rejects bear, in microseconds since 1970. */
  public ReadFiles withRejectedAt(long micros) {
    return new ReadFiles(
        schema,
        splits,
        hashed,
        new Settings(
            settings.masked,
            micros,
            settings.eventTime,
            settings.from,
            settings.to,
            settings.live));
  }

  /**
   * Only records whose event time is in {@code [from, to)}, in microseconds, or missing: what a
   * missing one means is for a rule to say. The others are not counted as read.
   */
  public ReadFiles withRange(String eventTime, long from, long to) {
    return new ReadFiles(
        schema,
        splits,
        hashed,
        new Settings(settings.masked, settings.rejectedAt, eventTime, from, to, settings.live));
  }

  /**
   * Tells the SHA-256 of files, each by one worker, as a fact that calls it by the name given here:
   * beside the splits, which pass over parts of a file and see none whole.
   *
   * @param names of files
   */
  public ReadFiles withHashes(Map<String, String> names) {
    return new ReadFiles(schema, splits, new TreeMap<>(names), settings);
  }

  /** Shows no progress: what is read is not the input of the run. */
  public ReadFiles aside() {
    return new ReadFiles(
        schema,
        splits,
        hashed,
        new Settings(
            settings.masked,
            settings.rejectedAt,
            settings.eventTime,
            settings.from,
            settings.to,
            false));
  }

  @Override
  public PCollection<RecordBatch> expand(PBegin begin) {
    List<Planned> largestFirst = new ArrayList<>();
    splits.stream()
        .sorted(Comparator.comparingLong(FileSplit::bytes).reversed())
        .forEach(split -> largestFirst.add(new Planned(split, null)));
    hashed.forEach((file, name) -> largestFirst.add(new Planned(null, new Hashed(file, name))));
    return begin
        .apply("Splits", Create.of(largestFirst).withCoder(SerializableCoder.of(Planned.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Read", ParDo.of(new ReadFn(settings)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("splits", splits.size()))
        .add(DisplayData.item("columns", String.join(", ", schema().names())));
  }

  /** Rejects of some batches, until they are worth a batch of their own. */
  private static final class Collected implements Malformed {
    private static final int ENOUGH = 1000;
    private static final long ENOUGH_BYTES = 8L << 20;

    private final Rejects.Builder rejects;
    private final Set<String> masked;
    private long bytes;

    Collected(Rejects.Builder rejects, Set<String> masked) {
      this.rejects = rejects;
      this.masked = masked;
    }

    @Override
    public void add(String source, long position, byte[] raw, String reason) {
      rejects.addMalformed(source, position, raw, reason, Malformed.withoutValues(reason, masked));
      bytes += raw.length;
    }

    int size() {
      return rejects.size();
    }

    boolean isFull() {
      return rejects.size() >= ENOUGH || bytes >= ENOUGH_BYTES;
    }

    RecordBatch build() {
      bytes = 0;
      return rejects.build();
    }
  }

  private static final class ReadFn extends DoFn<Planned, RecordBatch> {
    private static final long serialVersionUID = 1L;

    private final Settings settings;
    private final Counter read = Metrics.counter(ReadFiles.class, RECORDS_READ);
    private transient long records;
    private transient long rejected;
    private transient long nanos;
    private transient long firstRecord;
    private transient TreeSet<String> reasons;

    ReadFn(Settings settings) {
      this.settings = settings;
    }

    @StartBundle
    public void startBundle() {
      records = 0;
      rejected = 0;
      nanos = 0;
      firstRecord = 0;
      reasons = new TreeSet<>();
    }

    @ProcessElement
    public void process(@Element Planned planned, OutputReceiver<RecordBatch> out)
        throws IOException {
      Hashed hashed = planned.hashed();
      if (hashed != null) {
        String fact = FileHashes.sha256(hashed.file()) + " " + hashed.name();
        out.output(
            new Facts.Builder().add(STEP, SHA256, fact.getBytes(StandardCharsets.UTF_8)).build());
        return;
      }
      try {
        read(planned.split(), out);
      } catch (IOException e) { // a reader's: what is behind this step throws none
        throw Unreadable.of(planned.split().file(), e);
      }
    }

    private void read(FileSplit split, OutputReceiver<RecordBatch> out) throws IOException {
      Collected rejects =
          new Collected(
              new Rejects.Builder(STEP, settings.masked, settings.rejectedAt), settings.masked);
      try (BatchReader reader = split.open(rejects)) {
        while (true) {
          long start = System.nanoTime();
          RecordBatch batch = reader.next();
          RecordBatch wanted = batch == null ? null : inRange(batch);
          nanos += System.nanoTime() - start;
          if (rejects.isFull() || (batch == null && rejects.size() > 0)) {
            out.output(counted(rejects.build()));
          }
          if (wanted == null) {
            return;
          }
          if (wanted.size() > 0) {
            noteFirst();
            records += wanted.size();
            read.inc(wanted.size());
            if (settings.live) {
              LiveCounts.read(wanted.size());
            }
            out.output(wanted);
          }
        }
      } catch (InvalidValueException e) {
        throw settings.masked.contains(e.column()) ? e.withoutValue() : e;
      }
    }

    private void noteFirst() {
      if (firstRecord == 0) {
        firstRecord = System.currentTimeMillis() * 1000;
      }
    }

    private RecordBatch counted(RecordBatch rejects) {
      noteFirst();
      rejected += rejects.size();
      if (settings.live) {
        LiveCounts.read(rejects.size());
        LiveCounts.rejected(rejects.size());
      }
      for (int row = 0; row < rejects.size(); row++) {
        reasons.add(rejects.bytes("reason").string(row));
        if (reasons.size() > MAX_REASONS) {
          reasons.pollLast();
        }
      }
      return rejects;
    }

    private RecordBatch inRange(RecordBatch batch) {
      if (settings.eventTime == null) {
        return batch;
      }
      LongColumn time = batch.longs(settings.eventTime);
      return batch.select(
          Bitmap.of(
              batch.size(),
              row ->
                  time.isNull(row)
                      || (time.get(row) >= settings.from && time.get(row) < settings.to)));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      Facts.Builder facts =
          new Facts.Builder()
              .add(STEP, Facts.RECORDS_IN, records + rejected)
              .add(STEP, Facts.RECORDS_OUT, records)
              .add(STEP, Facts.REJECTED, rejected)
              .add(STEP, Facts.NANOS, nanos)
              .add(STEP, FIRST_RECORD, firstRecord);
      reasons.forEach(
          reason -> facts.add(STEP, MALFORMED_REASON, reason.getBytes(StandardCharsets.UTF_8)));
      context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
