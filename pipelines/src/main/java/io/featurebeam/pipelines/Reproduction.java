package io.featurebeam.pipelines;

import io.featurebeam.io.file.FileHashes;
import io.featurebeam.io.file.publish.Content;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.publish.Origin.Input;
import io.featurebeam.io.file.publish.Origin.Kind;
import io.featurebeam.io.file.publish.OutputFolder;
import io.featurebeam.io.file.write.WriteBatches;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.FitSpec;
import io.featurebeam.pipelines.spec.ManifestSpec;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.PipelineSpecBuilder;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SpecParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.jspecify.annotations.Nullable;

/**
 * A data set that is built again from what its manifest says, into a folder of its own, and
 * compared with it: partition by partition, by rows and content.
 *
 * <p>Refused, with all that differs, if the manifest does not say how it was made, if the spec is
 * another than then, or if inputs are not what they were. Other code is told and built with.
 */
final class Reproduction {

  /** What says where things go, and nothing of what they are. */
  private static final Set<String> PLACES = Set.of("rejects", "report", "runner", "tests");

  private final String place;
  private final Manifest manifest;
  private final Origin origin;
  private final ParsedSpec then;
  private final ParsedSpec given;

  private Reproduction(
      String place, Manifest manifest, Origin origin, ParsedSpec then, ParsedSpec given) {
    this.place = place;
    this.manifest = manifest;
    this.origin = origin;
    this.then = then;
    this.given = given;
  }

  /**
   * Reads a manifest and the spec in it, or a given one, which must be the same.
   *
   * @param specFile null to take the spec of the manifest
   * @param overrides of the spec; another path of the sink keeps what is built there
   */
  static Reproduction read(
      String place, @Nullable String specFile, List<String> overrides, Providers providers)
      throws IOException {
    Manifest manifest = Manifests.read(place);
    Origin origin = manifest.origin();
    if (origin == null || origin.specText().isEmpty()) {
      throw refused(
          place,
          "its manifest says neither the spec nor the inputs, as an older release wrote it",
          List.of(),
          "run the spec again: the new manifest says them");
    }
    if (manifest.content() == null || manifest.content().hash() == null) {
      throw refused(
          place,
          "its manifest does not tell what rows there are, as files of an older release are in it",
          List.of(),
          "run the spec again over all of the input");
    }
    SpecParser parser = SpecParser.withDefaults().withProviders(providers);
    String text = String.join("\n", origin.specText()) + "\n";
    String name = "the spec in " + place;
    ParsedSpec then = parser.read(text, name);
    SpecParser overriding = parser.withOverrides(overrides);
    ParsedSpec given =
        specFile == null ? overriding.read(text, name) : overriding.readFile(specFile);
    Reproduction reproduction = new Reproduction(place, manifest, origin, then, given);
    reproduction.checkSpec();
    reproduction.checkWhole();
    return reproduction;
  }

  private static UsageException refused(
      String place, String why, List<String> lines, String wayOut) {
    StringBuilder text = new StringBuilder("Cannot reproduce " + place + ": " + why);
    lines.forEach(line -> text.append("\n  ").append(line));
    return new UsageException(text + (lines.isEmpty() ? " (" : "\n(") + wayOut + ")");
  }

  Secrets secrets() {
    return given.spec().secrets();
  }

  private void checkSpec() {
    if (given.spec().files() == null) {
      throw refused(
          place, "the spec writes no files", List.of(), "give the spec that the manifest is of");
    }
    List<String> changes = LineDiff.of(withoutPlaces(then.spec()), withoutPlaces(given.spec()));
    if (!changes.isEmpty()) {
      throw refused(
          place,
          "the spec has changed",
          changes,
          "leave out --spec and --set to build by the spec in the manifest; --set=sink."
              + then.spec().files().kind()
              + ".path=FOLDER alone keeps what is built");
    }
  }

  /** Its lines, but for those that say where things go and on which runner. */
  private static List<String> withoutPlaces(PipelineSpec spec) {
    PipelineSpecBuilder same =
        spec.toBuilder().sink(spec.files().at("OUTPUT").manifest(ManifestSpec.DEFAULT));
    FitSpec fit = spec.fit();
    if (fit != null) {
      same.fit(new FitSpec("FITTED", fit.fromMicros(), fit.toMicros()));
    }
    List<String> lines = new ArrayList<>();
    boolean kept = true;
    for (String line : same.build().toString().lines().toList()) {
      if (!line.startsWith(" ") && !line.startsWith("-")) {
        kept = !PLACES.contains(line.split(":", 2)[0]);
      }
      if (kept) {
        lines.add(line);
      }
    }
    return lines;
  }

  private void checkWhole() {
    List<String> repaired =
        origin.inputs().stream().filter(i -> i.is(Kind.REPAIRED)).map(Input::name).toList();
    if (!repaired.isEmpty()) {
      throw refused(
          place,
          "records in it were repaired with --replay",
          repaired,
          "repair them in the input and run the spec again over all of it");
    }
    if (origin.covers() != null && origin.covers().size() > 1) {
      throw refused(
          place,
          "it holds several ranges of event time and not what is between them",
          origin.covers().stream().map(r -> r.from() + " to " + r.to()).toList(),
          "run the spec over one range, or over all");
    }
  }

  /** The rows that it holds; null for all. */
  Origin.@Nullable Range range() {
    return origin.covers() == null ? null : origin.covers().get(0);
  }

  /** What it was made by, for the beginning of the output. */
  String header(Origin.Code now) {
    return "Reproducing "
        + place
        + ": version "
        + manifest.runId()
        + ", made at "
        + manifest.created()
        + " by "
        + origin.code()
        + " on "
        + origin.runner()
        + "\n"
        + (now.equals(origin.code()) ? "" : "  code    differs: now " + now + "\n");
  }

  /**
   * The source over what was read then; refused if that is not what it was.
   *
   * @param others the sources of the groups of a training set
   */
  SourcePlan checked(SourcePlan source, List<SourcePlan> others) {
    Map<String, String> names = new HashMap<>();
    for (Input input : PipelineGraph.inputs(source, others, given.spec())) {
      names.put(shown(input.name()), input.name());
    }
    SourcePlan earlier;
    try {
      earlier =
          source.over(
              origin.inputs().stream()
                  .map(i -> i.named(names.getOrDefault(i.name(), i.name())))
                  .toList());
    } catch (IllegalArgumentException e) {
      throw refused(
          place,
          "inputs have changed",
          List.of(String.valueOf(e.getMessage())),
          "there is no way back to them; run the spec again for a new version");
    }
    List<String> changes = ManifestDiff.inputs(origin.inputs(), now(earlier, others));
    if (!changes.isEmpty()) {
      throw refused(
          place,
          "inputs have changed",
          changes,
          "put back what they were, or run the spec again for a new version");
    }
    return earlier;
  }

  private String shown(String name) {
    return secrets().redact(Inputs.shown(name));
  }

  /** What is there now, hashed where it was hashed then. */
  private List<Input> now(SourcePlan source, List<SourcePlan> others) {
    Map<String, Input> before = new TreeMap<>();
    origin.inputs().stream().filter(i -> i.sha256() != null).forEach(i -> before.put(i.name(), i));
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<Input>> pending = new ArrayList<>();
      for (Input input : PipelineGraph.inputs(source, others, given.spec())) {
        Input earlier = before.get(shown(input.name()));
        boolean hash = earlier != null && earlier.bytes().equals(input.bytes());
        pending.add(
            threads.submit(
                () -> {
                  Input named = input.named(shown(input.name()));
                  return hash ? named.withSha256(FileHashes.sha256(input.name())) : named;
                }));
      }
      List<Input> now = new ArrayList<>();
      for (Future<Input> input : pending) {
        now.add(input.get());
      }
      return now;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while inputs were read", e);
    } catch (ExecutionException e) {
      throw refused(
          place,
          "an input cannot be read",
          List.of(String.valueOf(e.getCause().getMessage())),
          "make it readable");
    } finally {
      threads.shutdownNow();
    }
  }

  /** How many inputs there are and how they were compared. */
  String inputsLine() {
    Map<String, Long> ways = new TreeMap<>();
    origin.inputs().forEach(input -> ways.merge(comparedBy(input), 1L, Long::sum));
    StringBuilder line = new StringBuilder("  inputs  " + origin.inputs().size() + " as then");
    ways.forEach(
        (way, count) -> line.append(ways.size() == 1 ? ", " : ", " + count + " ").append(way));
    return line.append('\n').toString();
  }

  private static String comparedBy(Input input) {
    if (input.is(Kind.OTHER)) {
      return "of which nothing is known";
    }
    if (input.from() != null) {
      return "by offsets";
    }
    return input.sha256() != null
        ? "by SHA-256"
        : input.content() != null ? "by the content of a data set" : "by size alone";
  }

  /** Where it is built: where the arguments say, or beside it under a name that nobody reads. */
  final class Target implements AutoCloseable {
    final boolean kept = !given.spec().files().path().equals(then.spec().files().path());
    private final String hidden = hidden();

    /** The spec of a run that writes the output there, and nothing else anywhere. */
    ParsedSpec spec() {
      SinkSpec files = given.spec().files();
      ManifestSpec sizes = new ManifestSpec(ManifestSpec.Inputs.SIZES, 0);
      PipelineSpecBuilder built =
          given.spec().toBuilder()
              .sink(kept ? files : files.at(hidden).manifest(sizes))
              .rejects(null)
              .report(null);
      FitSpec fit = given.spec().fit();
      if (fit != null) {
        built.fit(new FitSpec(hidden + ".fitted.json", fit.fromMicros(), fit.toMicros()));
      }
      return new ParsedSpec(built.build(), given.locations());
    }

    private String hidden() {
      String path = given.spec().files().path().replaceFirst("/+$", "");
      int slash = path.lastIndexOf('/') + 1;
      return path.substring(0, slash)
          + "."
          + path.substring(slash)
          + "-reproduced-"
          + WriteBatches.newRunId();
    }

    String path() {
      return kept ? given.spec().files().path() : hidden;
    }

    @Override
    public void close() throws IOException {
      if (!kept) {
        OutputFolder.of(hidden).deleteAll();
      }
      if (given.spec().fit() != null) {
        FileSystems.delete(
            List.of(FileSystems.matchNewResource(hidden + ".fitted.json", false)),
            StandardMoveOptions.IGNORE_MISSING_FILES);
      }
    }
  }

  Target target() {
    return new Target();
  }

  /** Whether what was built is what the manifest says. */
  RunResult verdict(Target target) throws IOException {
    Manifest built =
        Manifest.read(target.path())
            .orElseThrow(() -> new IOException("Nothing was built in " + target.path()));
    ManifestDiff diff = ManifestDiff.of(manifest, built);
    String kept = target.kept ? "  built   " + target.path() + "\n" : "";
    Content content = built.content();
    if (diff.isSameData()) {
      return RunResult.of(
          kept
              + "Identical: "
              + ManifestDiff.rows(content.rows())
              + partitions(content.partitions().size())
              + ", content "
              + content.hash()
              + "\n");
    }
    StringBuilder text = new StringBuilder(kept).append("Different: ");
    if (manifest.content().partitions().isEmpty() || diff.partitions().isEmpty()) {
      text.append(ManifestDiff.rows(manifest.content().rows()))
          .append(" then, ")
          .append(ManifestDiff.rows(content.rows()))
          .append(" now, content ")
          .append(manifest.content().hash())
          .append(" then, ")
          .append(content.hash())
          .append(" now");
    } else {
      text.append(diff.partitions().size())
          .append(" of ")
          .append(manifest.content().partitions().size())
          .append(" partitions");
    }
    text.append('\n');
    diff.schema().forEach(line -> text.append("  ").append(line).append('\n'));
    diff.partitions().forEach(line -> text.append("  ").append(line).append('\n'));
    return new RunResult(ExitCode.DIFFERENT, text.toString(), "");
  }

  private static String partitions(int count) {
    return count == 0
        ? ""
        : String.format(Locale.ROOT, " in %,d partition%s", count, count == 1 ? "" : "s");
  }
}
