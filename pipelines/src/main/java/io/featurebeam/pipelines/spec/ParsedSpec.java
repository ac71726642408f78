package io.featurebeam.pipelines.spec;

import java.util.Objects;
import java.util.function.Supplier;

/** A spec and where each of its parts stands. */
public record ParsedSpec(PipelineSpec spec, SpecLocations locations) {

  public ParsedSpec {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(locations, "locations is null");
  }

  /**
   * What a look at the world gives, such as at the files that a part names. What is refused with an
   * {@link IllegalArgumentException} is told at the part's place in the spec.
   *
   * @param path the part's key path
   */
  public <T> T at(String path, Supplier<T> look) {
    try {
      return look.get();
    } catch (SpecException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      Problems problems = new Problems();
      problems.redactWith(spec.secrets());
      problems.add(locations.of(path), path, String.valueOf(e.getMessage()));
      throw problems.exception(e);
    }
  }
}
