package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * A feature per record: the column name it is declared under, and its provider with settings.
 *
 * @param name the column, or the prefix of the columns, that it makes
 */
public record FeatureSpec(String name, Use use) {

  public FeatureSpec {
    Names.check("feature name", name);
    Objects.requireNonNull(use, "use is null");
  }
}
