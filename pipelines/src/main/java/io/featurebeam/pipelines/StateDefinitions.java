package io.featurebeam.pipelines;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.pipelines.spec.AggregateColumn;
import io.featurebeam.pipelines.spec.AggregateSpec;
import io.featurebeam.pipelines.spec.FeatureSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the state of a stream was accumulated by, by the names of the spec: its aggregates, and the
 * features that they read. Nothing else in a spec makes saved state unfit.
 */
final class StateDefinitions {

  private StateDefinitions() {}

  static Map<String, String> of(PipelineGraph graph) {
    Map<String, String> definitions = new TreeMap<>();
    for (AggregateSpec group : graph.spec.aggregate()) {
      for (AggregateColumn column : group.columns()) {
        definitions.put(
            "aggregate.features." + column.name(),
            column.use() + " where " + column.where() + " per " + column.per());
      }
    }
    Set<String> read = aggregated(graph);
    Map<String, List<String>> made = graph.made();
    List<FeatureSpec> features = new ArrayList<>(graph.spec.features());
    for (int i = features.size() - 1; i >= 0; i--) { // a feature reads only those before it
      FeatureSpec feature = features.get(i);
      if (made.get(feature.name()).stream().anyMatch(read::contains)) {
        definitions.put("features." + feature.name(), feature.use().toString());
        read.addAll(graph.features.features().get(feature.name()).inputs());
      }
    }
    return definitions;
  }

  private static Set<String> aggregated(PipelineGraph graph) {
    Set<String> columns = new LinkedHashSet<>();
    for (WindowedAggregates.Group group : graph.aggregates.groups()) {
      for (WindowedAggregates.Feature feature : group.features()) {
        columns.addAll(BoundAggregates.columns(feature.aggregate(), graph.engineered));
        String where = feature.where();
        if (where != null) {
          graph.engineered.names().stream().filter(where::contains).forEach(columns::add);
        }
      }
    }
    return columns;
  }
}
