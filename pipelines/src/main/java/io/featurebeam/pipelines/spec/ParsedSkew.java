package io.featurebeam.pipelines.spec;

import java.util.Map;
import java.util.Objects;

/** The spec of a skew check and where each of its parts stands. */
public record ParsedSkew(SkewSpec spec, SpecLocations locations) {

  public ParsedSkew {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(locations, "locations is null");
  }

  /** Made in Java: every part stands in the spec of that name. */
  public static ParsedSkew of(SkewSpec spec) {
    return new ParsedSkew(spec, new SpecLocations(spec.secrets().redact(spec.name()), Map.of()));
  }
}
