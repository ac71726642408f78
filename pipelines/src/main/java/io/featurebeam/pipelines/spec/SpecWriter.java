package io.featurebeam.pipelines.spec;

/** Under construction: a spec as YAML. */
public final class SpecWriter {
  private SpecWriter() {}

  public static String toYaml(PipelineSpec spec) {
    return "name: " + spec.name() + "\n";
  }
}
