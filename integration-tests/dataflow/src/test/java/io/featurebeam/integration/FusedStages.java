package io.featurebeam.integration;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.util.construction.graph.ExecutableStage;
import org.apache.beam.sdk.util.construction.graph.GreedyPipelineFuser;
import org.apache.beam.sdk.util.construction.graph.PipelineNode;

/**
 * How Beam's own fuser cuts a pipeline: what is in one stage hands elements on in memory. The
 * service fuses by the same rules, and may cut further.
 */
final class FusedStages {

  private FusedStages() {}

  /** A line per stage: its outermost steps. Sorted, as the fuser's order has no meaning. */
  static List<String> of(RunnerApi.Pipeline pipeline) {
    Map<String, RunnerApi.PTransform> transforms = pipeline.getComponents().getTransformsMap();
    return GreedyPipelineFuser.fuse(pipeline).getFusedStages().stream()
        .map(stage -> steps(stage, pipeline.getRootTransformIdsList(), transforms))
        .sorted()
        .toList();
  }

  /** In the order of the pipeline, which a stage does not keep. */
  private static String steps(
      ExecutableStage stage, List<String> roots, Map<String, RunnerApi.PTransform> transforms) {
    Set<String> inStage = new LinkedHashSet<>();
    for (PipelineNode.PTransformNode node : stage.getTransforms()) {
      inStage.add(node.getTransform().getUniqueName().replaceFirst("/.*", ""));
    }
    return roots.stream()
        .map(root -> transforms.get(root).getUniqueName())
        .filter(inStage::contains)
        .collect(Collectors.joining(" + "));
  }
}
