package io.featurebeam.benchmarks.trainingset;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.write.WriteBatches;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.pipelines.FeaturePipeline;
import io.featurebeam.transforms.join.PointInTimeJoin;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads labels and events, joins them, writes the training set:
 *
 * <pre>{@code
 * TrainingSetJob --labels=DIRECTORY --events=DIRECTORY --output=DIRECTORY --features=few --runner=...
 * }</pre>
 */
public final class TrainingSetJob {
  private static final List<String> OWN =
      List.of("labels", "events", "output", "features", "shards");

  private TrainingSetJob() {}

  /** Runs the job to its end; gives 0. */
  public static int run(String... args) {
    Map<String, String> own = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = equals < 2 ? "" : arg.substring(2, equals);
      if (OWN.contains(name)) {
        own.put(name, arg.substring(equals + 1));
      } else {
        others.add(arg);
      }
    }
    boolean wide = own.getOrDefault("features", "few").equals("wide");
    Pipeline pipeline = Pipeline.create(FeaturePipeline.options(others.toArray(String[]::new)));
    ReadFiles labels = read(own.get("labels"), List.of("id", "user", "time", "label"));
    ReadFiles events =
        read(
            own.get("events"),
            wide
                ? List.of("user", "time", "amount", "channel", "country")
                : List.of("user", "time", "amount", "channel"));
    PCollection<RecordBatch> payments = pipeline.apply("Read events", events);
    PointInTimeJoin join =
        PointInTimeJoin.at("time", labels.schema())
            .join(
                WindowGroup.of("card", wide ? CardFeatures.thousand() : CardFeatures.twenty()),
                payments,
                events.schema());
    if (own.containsKey("shards")) {
      join = join.withShards(Integer.parseInt(own.get("shards")));
    }
    pipeline
        .apply("Read labels", labels)
        .apply("Join", join)
        .apply("Rows of the set", Filter.by(Flow::isRecords))
        .setCoder(BatchCoder.of())
        .apply("Write", WriteBatches.to(own.get("output"), join.outputSchema()));
    pipeline.run().waitUntilFinish();
    return 0;
  }

  private static ReadFiles read(String directory, List<String> columns) {
    ParquetSplits plan = ParquetSplits.plan(List.of(directory + "/*.parquet"), columns, List.of());
    return ReadFiles.of(ParquetSource.splits(plan, columns, List.of()));
  }
}
