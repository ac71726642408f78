package io.featurebeam.pipelines.spec;

import java.util.Objects;

/** A spec and where each of its parts stands. */
public record ParsedSpec(PipelineSpec spec, SpecLocations locations) {

  public ParsedSpec {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(locations, "locations is null");
  }
}
