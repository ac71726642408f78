package io.featurebeam.pipelines;

import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import java.util.ArrayList;
import java.util.List;

/** Which paths are on this machine, where workers elsewhere do not see them. */
final class Places {

  private Places() {}

  static boolean isLocal(String path) {
    return path.startsWith("file:/") || !path.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }

  /** The local ones of all paths that workers read or write. */
  static List<String> local(PipelineSpec spec) {
    List<String> paths = new ArrayList<>(sources(spec.source()));
    if (spec.sink() != null) {
      paths.add(spec.sink().path());
    }
    if (spec.rejects() != null) {
      paths.add(spec.rejects().path());
    }
    if (spec.report() != null) {
      paths.add(spec.report());
    }
    if (spec.fit() != null && spec.fit().path() != null) {
      paths.add(spec.fit().path());
    }
    return paths.stream().filter(Places::isLocal).toList();
  }

  /** What files a source reads, as the spec says. */
  static List<String> sources(SourceSpec source) {
    if (source instanceof SourceSpec.Parquet parquet) {
      return parquet.paths();
    } else if (source instanceof SourceSpec.Csv csv) {
      return csv.paths();
    } else if (source instanceof SourceSpec.Json json) {
      return json.paths();
    } else if (source instanceof SourceSpec.Avro avro) {
      return avro.paths();
    }
    return List.of(); // what a provider reads is its own affair
  }
}
