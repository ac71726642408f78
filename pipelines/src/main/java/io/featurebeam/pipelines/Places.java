package io.featurebeam.pipelines;

import io.featurebeam.pipelines.spec.FileSchemes;
import io.featurebeam.pipelines.spec.KafkaSource;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.UnionSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which paths are on this machine, where workers elsewhere do not see them. */
final class Places {

  private Places() {}

  static boolean isLocal(String path) {
    return FileSchemes.isLocal(path);
  }

  /** Refuses a path of a file system that is not on the class path, and says what brings it. */
  static void check(ParsedSpec parsed) {
    PipelineSpec spec = parsed.spec();
    if (spec.source() instanceof UnionSource union) {
      union
          .inputs()
          .forEach((name, input) -> check(parsed, "source.union." + name + ".", input.source()));
    } else if (spec.source() instanceof SourceSpec.Hybrid hybrid) {
      check(parsed, "source.batch.", hybrid.batch());
      check(parsed, "source.stream.", hybrid.stream());
    } else {
      check(parsed, "source.", spec.source());
    }
    SinkSpec files = spec.files();
    if (files != null) {
      check(parsed, spec.place(files) + ".path", files.path());
    }
    check(parsed, "rejects.path", spec.rejects() == null ? null : spec.rejects().path());
    check(parsed, "report.path", spec.report());
    check(parsed, "fit.path", spec.fit() == null ? null : spec.fit().path());
    check(parsed, "fitted.path", spec.fitted());
    if (spec.trainingSet() != null) {
      spec.trainingSet().groups().keySet().forEach(name -> check(parsed.group(name)));
    }
  }

  private static void check(ParsedSpec parsed, String place, SourceSpec source) {
    List<String> sources = sources(source);
    for (int i = 0; i < sources.size(); i++) {
      check(parsed, place + source.kind() + ".path[" + i + "]", sources.get(i));
    }
  }

  private static void check(ParsedSpec parsed, String place, @Nullable String path) {
    if (path != null) {
      SpecChecker.at(
          parsed,
          message -> place,
          () -> {
            FileSchemes.check(path);
            return path;
          });
    }
  }

  /** The local ones of all paths that workers read or write. */
  static List<String> local(PipelineSpec spec) {
    List<String> paths = new ArrayList<>(sources(spec.source()));
    if (spec.trainingSet() != null) {
      spec.trainingSet()
          .groups()
          .values()
          .forEach(group -> paths.addAll(sources(group.features().source())));
    }
    SinkSpec files = spec.files();
    if (files != null) {
      paths.add(files.path());
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

  /** What a source reads, as the spec says: files or topics. */
  static List<String> read(SourceSpec source) {
    return source instanceof KafkaSource kafka ? kafka.topics() : sources(source);
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
    } else if (source instanceof UnionSource union) {
      return union.inputs().values().stream()
          .flatMap(input -> sources(input.source()).stream())
          .toList();
    } else if (source instanceof SourceSpec.Hybrid hybrid) {
      List<String> paths = new ArrayList<>(sources(hybrid.batch()));
      paths.addAll(sources(hybrid.stream()));
      return paths;
    }
    return List.of(); // what a provider reads is its own affair
  }
}
