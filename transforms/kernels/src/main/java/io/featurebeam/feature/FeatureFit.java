package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One pass of a fit: the summaries of all features that can be learned by now, filled together from
 * the records of the training range and no others. {@link FeatureSet#fit} makes it. Not
 * thread-safe; parts of the data may be summarised apart and {@link #merge merged} in any order.
 */
public final class FeatureFit {

  private final TrainingRange range;
  private final FeatureMapper earlier;
  private final List<Learner> learners;
  private long rows;

  FeatureFit(RecordSchema schema, Plan plan, TrainingRange range) {
    range.check(schema);
    this.range = range;
    this.earlier = mapperOf(schema, plan);
    this.learners =
        plan.learnable().stream()
            .map(step -> new Learner(step, earlier.outputSchema(), range.declared()))
            .toList();
  }

  /** Only the mappings that some feature to be learned reads from. */
  private static FeatureMapper mapperOf(RecordSchema schema, Plan plan) {
    Set<String> wanted = new HashSet<>();
    plan.learnable().forEach(step -> wanted.addAll(step.feature().inputs()));
    List<Plan.Step> needed = new ArrayList<>();
    for (int i = plan.steps().size() - 1; i >= 0; i--) {
      Plan.Step step = plan.steps().get(i);
      if (step.fields().stream().anyMatch(field -> wanted.contains(field.name()))) {
        wanted.addAll(step.feature().inputs());
        needed.add(0, step);
      }
    }
    RecordSchema columns = schema;
    List<Plan.Step> steps = new ArrayList<>();
    for (Plan.Step step : needed) {
      steps.add(
          new Plan.Step(
              step.name(), step.feature(), step.id(), columns, step.fields(), step.state()));
      columns = columns.with(step.fields().toArray(Field[]::new));
    }
    return new FeatureMapper(schema, steps, columns);
  }

  /** Learns from the records of the batch that are in the training range. */
  public void accumulate(RecordBatch batch) {
    RecordBatch training = range.select(batch);
    if (training.size() == 0) {
      return;
    }
    rows += training.size();
    RecordBatch mapped = earlier.map(training);
    for (Learner learner : learners) {
      learner.guard(() -> learner.summary.accumulate(mapped));
    }
  }

  /** Adds the {@link #result()} of another part of the same training data. */
  public void merge(FittedFeatures part) {
    long partRows = 0;
    for (Learner learner : learners) {
      FittedFeature state = part.features().get(learner.step.name());
      if (state == null) {
        throw new IllegalArgumentException(
            "Feature '" + learner.step.name() + "': missing in the part to merge");
      }
      learner.load(part);
      partRows = state.trainedRows();
    }
    rows += partRows;
  }

  /**
   * Adds what was learned on earlier days, for each feature of this pass that {@code earlierFit}
   * holds. A declared training range that overlaps an earlier one throws. A feature that reads a
   * fitted one adds to what it learned when that one's state was the earlier one.
   */
  public void continueFrom(FittedFeatures earlierFit) {
    for (Learner learner : learners) {
      FittedFeature state = earlierFit.features().get(learner.step.name());
      if (state != null) {
        learner.guard(
            () -> learner.ranges = FittedFeature.union(state.trainedRanges(), learner.ranges));
        learner.load(earlierFit);
        learner.earlierRows += state.trainedRows();
      }
    }
  }

  /** What was learned so far, of the features of this pass. */
  public FittedFeatures result() {
    Map<String, FittedFeature> fitted = new LinkedHashMap<>();
    for (Learner learner : learners) {
      fitted.put(
          learner.step.name(),
          new FittedFeature(
              learner.step.id(),
              rows + learner.earlierRows,
              learner.ranges,
              learner.summary.state()));
    }
    return new FittedFeatures(fitted);
  }

  /** A feature and what it learned. */
  private static final class Learner {
    private final Plan.Step step;
    private final Feature.Summary summary;
    private List<FittedFeature.Range> ranges;
    private long earlierRows;

    Learner(Plan.Step step, RecordSchema schema, List<FittedFeature.Range> ranges) {
      this.step = step;
      this.summary = step.feature().summary(schema);
      this.ranges = ranges;
    }

    void load(FittedFeatures fitted) {
      guard(
          () -> {
            JsonNode state = fitted.state(step.name(), step.id());
            if (state != null) {
              summary.load(state);
            }
          });
    }

    /** Puts the feature's name before an error. */
    void guard(Runnable action) {
      try {
        action.run();
      } catch (IllegalArgumentException e) {
        throw Plan.named(step.name(), e);
      }
    }
  }
}
