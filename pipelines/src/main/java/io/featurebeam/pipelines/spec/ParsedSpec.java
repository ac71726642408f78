package io.featurebeam.pipelines.spec;

import java.util.Objects;

/** A spec and where each of its parts stands. */
public record ParsedSpec(PipelineSpec spec, SpecLocations locations) {

  public ParsedSpec {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(locations, "locations is null");
  }

  /** The features of a group of its training set. */
  public ParsedSpec group(String name) {
    TrainingSetSpec trainingSet = Objects.requireNonNull(spec.trainingSet(), "no training set");
    return new ParsedSpec(
        trainingSet.groups().get(name).features(), locations.within("trainingSet.groups." + name));
  }
}
