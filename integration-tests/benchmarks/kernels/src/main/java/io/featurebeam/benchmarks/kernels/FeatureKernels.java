package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.feature.DateParts;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureMapper;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.Features;
import io.featurebeam.feature.TrainingRange;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A feature over a batch, fitted on that batch where it learns. */
@State(Scope.Thread)
@NullUnmarked
public class FeatureKernels {
  @Param({"log1p", "standardize", "bucketize", "one_hot", "vocabulary", "hash", "date_parts"})
  String feature;

  private RecordBatch batch;
  private FeatureMapper mapper;

  @Setup
  public void fit() {
    batch = CardBatches.batch(1);
    FeatureSet features = FeatureSet.builder().add("f", named(feature)).build();
    mapper =
        features.bind(
            CardBatches.SCHEMA,
            features.fitted(CardBatches.SCHEMA, TrainingRange.everything(), List.of(batch)));
  }

  private static Feature named(String name) {
    return switch (name) {
      case "log1p" -> Features.log1p("amount");
      case "standardize" -> Features.standardize("amount");
      case "bucketize" -> Features.bucketize("amount", 10, 50, 100, 500);
      case "one_hot" -> Features.oneHot("channel");
      case "vocabulary" -> Features.vocabulary("merchant");
      case "hash" -> Features.hash("merchant", 1_000);
      case "date_parts" -> Features.dateParts("time", DateParts.Part.HOUR);
      default -> throw new IllegalArgumentException("Unknown feature: " + name);
    };
  }

  @Benchmark
  @OperationsPerInvocation(CardBatches.SIZE)
  public RecordBatch map() {
    return mapper.map(batch);
  }
}
